"""A store and folders of their own, and runs in them."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from headrace.dsl.component import Component
from headrace.dsl.pipeline import Pipeline
from headrace.launcher.decide import CacheRules
from headrace.metadata.records import Execution, Run
from headrace.metadata.states import state_of
from headrace.metadata.store import Store
from headrace.orchestrators.events import Event, Listener, read_events
from headrace.orchestrators.local import run
from headrace.orchestrators.preview import Step, plan
from headrace.orchestrators.request import Finished, Request
from headrace.orchestrators.workspace import Workspace
from headrace.spec.codec import read, write
from headrace.spec.from_pipeline import spec_of
from headrace.spec.records import Json, PipelineSpec
from headrace.storage.root import Root
from headrace.testing import workspace_in
from headrace.workers.pool import Pool

ALONE = ("test_crash", "test_beam_orchestrator", "test_gate")
"""End-to-end files that last for minutes, and make the run they need themselves."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a file's tests in one process; and all that share the one cold run of penguins."""
    for item in items:
        shares = {"conformance", "end_to_end"} & set(item.path.parts) and item.path.stem not in ALONE
        item.add_marker(pytest.mark.xdist_group("penguins" if shares else str(item.path)))


@dataclass
class Lab:
    """Runs pipelines, each through its JSON, into one store; without a pool, each run has forkservers of its own."""

    folder: Path
    pool: Pool | None = None
    project: Path | None = None
    jobs: int = 2
    interrupted: threading.Event = field(default_factory=threading.Event)
    listeners: tuple[Listener, ...] = ()
    kept_at: Root | None = None

    @cached_property
    def workspace(self) -> Workspace:
        return workspace_in(self.folder, project=self.project, jobs=self.jobs, root=self.kept_at)

    @property
    def root(self) -> Path:
        """The folder of artifacts, in a lab that keeps them in one."""
        return Path(self.workspace.place.root.address)

    @property
    def store(self) -> Store:
        return self.workspace.store

    def spec(self, *nodes: Component, name: str = "test", on_exit: Component | None = None) -> PipelineSpec:
        return read(PipelineSpec, write(spec_of(Pipeline(name, nodes, on_exit))))

    def run(
        self,
        *nodes: Component,
        name: str = "test",
        on_exit: Component | None = None,
        values: Mapping[str, Json] | None = None,
        selected: frozenset[str] | None = None,
        resume: Run | None = None,
        keep_going: bool = False,
        debug: bool = False,
        rules: CacheRules | None = None,
    ) -> Finished:
        """Run the nodes as a pipeline, in processes of their own."""
        spec = self.spec(*nodes, name=name, on_exit=on_exit)
        options = {"selected": selected, "resume": resume, "keep_going": keep_going, "debug": debug}
        return self.run_spec(spec, values or {}, rules=rules or CacheRules(), **options)

    def run_spec(self, spec: PipelineSpec, values: Mapping[str, Json] | None = None, **options: Any) -> Finished:
        """Run a spec; `options` are those of a Request."""
        defaults = {name: declared.default for name, declared in spec.parameters.items()}
        resumed = options.get("resume")
        request = Request(spec=spec, values=resumed.values if resumed else {**defaults, **(values or {})}, **options)
        return run(request, self.workspace, listeners=self.listeners, interrupted=self.interrupted, pool=self.pool)

    def states(self, *nodes: Component, **options: object) -> dict[str, str]:
        """Run the nodes and tell how each ended."""
        return states(self.run(*nodes, **options))  # type: ignore[arg-type]  # what `run` takes

    def plan(
        self,
        *nodes: Component,
        name: str = "test",
        values: Mapping[str, Json] | None = None,
        selected: frozenset[str] | None = None,
    ) -> dict[str, Step]:
        """Foresee what `run` would do."""
        spec = self.spec(*nodes, name=name)
        defaults = {name: declared.default for name, declared in spec.parameters.items()}
        project = self.workspace.place.project
        steps = plan(spec, self.store, project, {**defaults, **(values or {})}, selected)
        return {step.node: step for step in steps}

    def attempts(self, run_id: str) -> list[Execution]:
        """Read the executions of a run from the store."""
        return list(self.store.in_run(run_id))

    def events(self, run_id: str) -> list[Event]:
        return list(read_events(self.workspace.place.state.run_folder(run_id) / "events.ndjson"))


def states(finished: Finished) -> dict[str, str]:
    """Tell how every node ended."""
    return {name: state_of(execution) for name, execution in finished.executions.items()}


@pytest.fixture(scope="session")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    """Forkservers that tests share; not for one that interrupts a run, which closes them."""
    with Pool(Path.cwd(), tmp_path_factory.mktemp("servers") / "servers.log") as shared:
        yield shared


@pytest.fixture
def lab(tmp_path: Path, pool: Pool) -> Lab:
    return Lab(tmp_path, pool)


@pytest.fixture
def own_lab(tmp_path: Path) -> Lab:
    """A lab whose runs start and end their own forkservers."""
    return Lab(tmp_path)
