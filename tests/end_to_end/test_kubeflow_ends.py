"""How runs of Kubeflow end: a failure, an attempt that succeeds, a refused blessing, a gate."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from headrace.metadata.states import reason_of, state_of
from headrace.spec.messages import Failed
from tests.end_to_end.kubeflow import Ran, compile_in, needs_sdk, run_in_processes, shared
from tests.end_to_end.project import TRACEBACK, Project

pytestmark = [needs_sdk, pytest.mark.slow]
IMPORTS = """\
from headrace import NodeOptions, Pipeline, RuntimeParameter
from tests.parts import Bless, Blessing, Copy, Counting, Judge, Misbehaving, Picky, Source, Train, named

source = Source(texts=["a", "b"])
"""
FAILING = """\
fails = Misbehaving(how="go on", memory="memory", options=named("Fails"))
after = Copy(rows=fails.made, options=named("After"))
report = Counting(ledger="reported", options=named("Report"))
pipeline = Pipeline("ends", [source, fails, after], on_exit=report)
"""
TRANSIENT = """\
recovers = Misbehaving(how="recover", memory="memory", options=named("Recovers", retries=1, backoff=0.0))
after = Copy(rows=recovers.made, options=named("After"))
pipeline = Pipeline("ends", [source, recovers, after])
"""
REFUSED = """\
model = Train(rows=source.rows)
bless = Bless(model=model.model, least=RuntimeParameter("least", float, 10.0))
blessed = bless.blessing[Blessing.blessed].equals(True)
push = Counting(ledger="pushed", options=named("Push", when=blessed))
choose = Picky(wanted=False, options=named("Choose", after=[bless]))
after = Copy(rows=push.made, options=named("After"))
pipeline = Pipeline("ends", [source, model, bless, push, choose, after])
"""
GATED = """\
judge = Judge(rows=source.rows, least=10)
after = Counting(ledger="trained", options=named("After", after=[judge]))
last = Copy(rows=source.rows, options=named("Last"))
pipeline = Pipeline("ends", [source, judge, after, last])
"""
SHOUT = """\
from headrace import Channel, Component, Function, output
from tests.parts import Rows


def shout(rows: Rows, loud: Rows) -> None:
    loud.write([line.upper() for line in rows.read()])


class Shout(Component):
    rows: Channel[Rows]
    loud: Channel[Rows] = output()

    executor = Function("pipelines.ends.shout:shout")
"""
SHOUTING = """\
from pipelines.ends.shout import Shout

pipeline = Pipeline("ends", [source, Shout(rows=source.rows)])
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A project whose store pods share."""
    (tmp_path / "pipelines" / "ends").mkdir(parents=True)
    with shared(Project(tmp_path)) as project:
        yield project


def declare(project: Project, declared: str) -> None:
    file = project.folder / "pipelines" / "ends" / "pipeline.py"
    file.write_text(f'"""A pipeline of a test."""\n\n{IMPORTS}{declared}', encoding="utf-8")


def run(project: Project, declared: str, **parameters: object) -> Ran:
    declare(project, declared)
    ran = run_in_processes(project, compile_in(project, "ends"), **parameters)
    assert TRACEBACK not in ran.text, ran.text
    return ran


def attempts(project: Project, node: str) -> list[str]:
    store = project.store()
    return [state_of(execution) for execution in store.in_run(store.runs()[0].id) if execution.node == node]


def test_after_a_failure_the_exit_handler_ran_and_the_run_says_why(project: Project) -> None:
    ran = run(project, FAILING)
    assert not ran.succeeded
    assert ran.tasks == {"source": "SUCCESS", "fails": "FAILURE", "close": "SUCCESS"}, ran.text
    assert project.states() == {"Source": "COMPLETE", "Fails": "FAILED", "After": "SKIPPED", "Report": "COMPLETE"}
    assert reason_of(project.last()["After"]) == "Fails failed"
    assert project.store().runs()[0].state == "FAILED"
    failed = project.last()["Fails"].status
    assert isinstance(failed, Failed)
    assert (failed.type, failed.message) == ("ValueError", "cannot go on")
    assert (project.folder / "reported").read_text(encoding="utf-8") == "called\n"


def test_a_node_that_fails_once_succeeds_at_kubeflows_second_attempt(project: Project) -> None:
    ran = run(project, TRANSIENT)
    assert ran.succeeded, ran.text
    assert attempts(project, "Recovers") == ["FAILED", "COMPLETE"]
    assert project.states() == {"Source": "COMPLETE", "Recovers": "COMPLETE", "After": "COMPLETE"}
    assert project.store().runs()[0].state == "COMPLETE"


def test_what_a_refused_blessing_stops_is_recorded_as_skipped_and_its_pods_end_well(project: Project) -> None:
    ran = run(project, REFUSED)
    assert ran.succeeded, ran.text
    assert set(ran.tasks.values()) == {"SUCCESS"}
    ended = project.last()
    assert {name: state_of(ended[name]) for name in ("Bless", "Push", "Choose", "After")} == {
        "Bless": "COMPLETE",
        "Push": "SKIPPED",
        "Choose": "SKIPPED",
        "After": "SKIPPED",
    }
    assert reason_of(ended["Push"]) == "its condition is false"
    assert reason_of(ended["Choose"]) == "nobody wants it"
    assert not (project.folder / "pushed").exists()
    assert project.store().runs()[0].state == "COMPLETE"


def test_a_parameter_of_the_run_decides_as_on_the_laptop(project: Project) -> None:
    ran = run(project, REFUSED, least=1.5)
    assert ran.succeeded, ran.text
    assert project.states()["Push"] == "COMPLETE"
    assert project.store().runs()[0].values["least"] == 1.5


def test_a_gate_blocks_what_depends_on_it_and_fails_the_run_at_the_end(project: Project) -> None:
    ran = run(project, GATED)
    assert not ran.succeeded
    assert ran.tasks == dict.fromkeys(("source", "judge", "after", "last", "close"), "SUCCESS") | {"outcome": "FAILURE"}
    assert project.states() == {"Source": "COMPLETE", "Judge": "COMPLETE", "After": "BLOCKED", "Last": "COMPLETE"}
    assert reason_of(project.last()["After"]) == "Judge blocks"
    assert not (project.folder / "trained").exists()
    assert project.store().runs()[0].state == "BLOCKED"


def test_pods_without_the_projects_code_run_the_bundle_that_was_put_below_the_root(
    project: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    declare(project, SHOUTING)
    (project.folder / "pipelines" / "ends" / "shout.py").write_text(SHOUT, encoding="utf-8")
    file = compile_in(project, "ends", "--code", "bundle")
    ran = run_in_processes(Project(tmp_path_factory.mktemp("elsewhere"), project.address), file)
    assert ran.succeeded, ran.text
    assert project.states() == {"Source": "COMPLETE", "Shout": "COMPLETE"}
    (loud,) = project.last()["Shout"].outputs["loud"]
    assert (Path(loud.path) / "rows.txt").read_text(encoding="utf-8") == "A\nB\n"
    said = project.headrace("run", "ends")
    assert said.code == 0, said.err
    assert project.states() == {"Source": "CACHED", "Shout": "CACHED"}
