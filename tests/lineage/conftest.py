"""One store for all tests of lineage: four runs of one pipeline, and one of a pipeline that fails."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from headrace.dsl.component import Component
from headrace.lineage.load import load
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.catalogue import Catalogue
from headrace.metadata.records import Execution, Run
from headrace.workers.pool import Pool
from tests.conftest import Lab
from tests.parts import Bless, Judge, Misbehaving, Source, Train, named


def training(texts: Sequence[str], least: int = 1) -> list[Component]:
    """Source -> Judge, Train -> Bless."""
    source = Source(texts=texts)
    judge = Judge(rows=source.rows, least=least)
    train = Train(rows=source.rows, options=named("Train", after=[judge]))
    return [source, judge, train, Bless(model=train.model)]


@dataclass(frozen=True)
class History:
    """`first` trains, `again` is cached, `spaced` writes equal rows by other parameters, `longer` trains anew."""

    lab: Lab
    broken: Run
    first: Run
    again: Run
    spaced: Run
    longer: Run

    @property
    def catalogue(self) -> Catalogue:
        return Catalogue(self.lab.store)

    def snapshot(self) -> Snapshot:
        return load(self.catalogue)

    def execution(self, run: Run, node: str) -> Execution:
        return next(e for e in self.lab.store.in_run(run.id) if e.node == node)

    def artifact(self, run: Run, node: str, output: str) -> int:
        return self.execution(run, node).outputs[output][0].id


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory, pool: Pool) -> History:
    folder = tmp_path_factory.mktemp("history")
    lab = Lab(folder, pool, project=folder)
    broken = Misbehaving(how="half", memory=str(folder / "memory"))
    return History(
        lab=lab,
        broken=lab.run(broken, name="broken").run,
        first=lab.run(*training(["a", "b"])).run,
        again=lab.run(*training(["a", "b"])).run,
        spaced=lab.run(*training([" a", "b"])).run,
        longer=lab.run(*training(["a", "b", "c"])).run,
    )
