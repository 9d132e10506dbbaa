"""`headrace run` and `headrace plan`: spans, exit codes, the last line; a spec in JSON is a pipeline too."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from headrace import RuntimeParameter
from headrace.cli.main import group
from headrace.cli.run import Interrupt, spans_of
from headrace.dsl.component import Component
from headrace.errors import ExitCode, UsageError
from headrace.spec.codec import write
from tests.conftest import Lab
from tests.parts import Copy, FileSource, Judge, Misbehaving, Picky, Source, named

Call = Callable[..., Result]


@pytest.fixture
def call(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Write nodes as a spec and call a verb with it, in a folder of its own."""
    monkeypatch.chdir(lab.folder)
    (lab.folder / "pipelines").mkdir()

    def call(verb: str, *nodes: Component, options: str = "") -> Result:
        Path("spec.json").write_text(write(lab.spec(*nodes)), encoding="utf-8")
        return CliRunner().invoke(group, [*verb.split(), "spec.json", *options.split()], standalone_mode=False)

    return call


@pytest.mark.parametrize(
    ("text", "spans"), [(None, []), ("7", [7]), ("1..3", [1, 2, 3]), ("5..5", [5])], ids=["none", "one", "three", "5"]
)
def test_spans_are_a_number_or_a_range(text: str | None, spans: list[int]) -> None:
    assert spans_of(text) == spans


@pytest.mark.parametrize("text", ["", "a", "3..1", "1..", "..2", "-1", "1...2"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="expected a number or a range"):
        spans_of(text)


def test_a_range_is_one_run_per_span_up_to_one_that_does_not_end_well(call: Call, lab: Lab) -> None:
    fails = Source(span=RuntimeParameter("span", int, 0), texts=[""])
    assert call("run", fails, options="--span 2..4").return_value == ExitCode.OK
    assert [run.values["span"] for run in reversed(lab.store.runs())] == [2, 3, 4]
    unreadable = FileSource(file="nowhere")
    assert call("run", unreadable, options="--span 5..6").return_value == ExitCode.NODE_FAILED
    assert [run.values["span"] for run in lab.store.runs()[:2]] == [5, 4]


def test_the_last_line_of_a_failure_is_the_command_that_resumes(call: Call, lab: Lab) -> None:
    said = call("run", Misbehaving(how="raise", memory="memory"))
    assert said.return_value == ExitCode.NODE_FAILED
    assert said.stderr.splitlines()[-1] == f"to go on: headrace run --resume {lab.store.runs()[0].id}"


def test_a_refusal_exits_with_0_and_with_3_where_it_is_asked_for(call: Call) -> None:
    assert call("run", Picky(wanted=False)).return_value == ExitCode.OK
    assert call("run", Picky(wanted=False), options="--gate").return_value == ExitCode.GATE


def test_a_gate_that_blocks_exits_with_3_and_is_named(call: Call) -> None:
    source = Source()
    judge = Judge(rows=source.rows, least=2)
    said = call("run", source, judge, Copy(rows=source.rows, options=named("tied", after=[judge])))
    assert said.return_value == ExitCode.GATE
    assert said.stderr.splitlines()[-1] == "stopped by a gate (tied: Judge blocks)"


def test_a_plan_says_with_its_exit_code_whether_there_is_work(call: Call, lab: Lab) -> None:
    source = Source()
    assert call("plan", source).return_value == ExitCode.OK
    assert call("plan", source, options="--exit-code").return_value == ExitCode.HAS_WORK
    lab.run(source)
    assert call("plan", source, options="--exit-code").return_value == ExitCode.OK


def test_a_plan_of_what_would_fail_exits_with_1(call: Call) -> None:
    said = call("plan", FileSource(file="nowhere"))
    assert said.return_value == ExitCode.NODE_FAILED
    assert said.output.startswith("FileSource  fails")


def test_config_show_tells_where_each_value_comes_from(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADRACE_JOBS", "3")
    node = Source(span=RuntimeParameter("month", int, 1))
    lines = [line.split() for line in call("config show", node, options="-p month=4").output.splitlines()]
    assert ["setting", "jobs", "3", "HEADRACE_JOBS"] in lines
    assert ["parameter", "month", "4", "-p"] in lines


def test_locations_are_relative_to_the_projects_folder(call: Call, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    (lab.folder / "rows.txt").write_text("a\n", encoding="utf-8")
    (lab.folder / "pipelines" / "deep").mkdir()
    monkeypatch.chdir(lab.folder / "pipelines" / "deep")
    assert call("run", FileSource(file="rows.txt")).return_value == ExitCode.OK


def test_a_second_signal_ends_the_command_at_once() -> None:
    stop = Interrupt()
    stop(signal.SIGTERM, None)
    assert (stop.event.is_set(), stop.code) == (True, ExitCode.TERMINATED)
    with pytest.raises(KeyboardInterrupt):
        stop(signal.SIGINT, None)


def test_what_a_resumed_run_would_not_heed_is_refused() -> None:
    with pytest.raises(UsageError, match=r"--resume with -p, --only;"):
        CliRunner().invoke(
            group,
            ["run", "--resume", "@latest", "-p", "a=1", "--only", "B"],
            standalone_mode=False,
            catch_exceptions=False,
        )


def test_a_run_goes_on_when_nobody_reads_its_lines(lab: Lab) -> None:
    (lab.folder / "pipelines").mkdir()
    first = Source()
    spec = lab.spec(first, Copy(rows=first.rows))
    (lab.folder / "spec.json").write_text(write(spec), encoding="utf-8")
    command = [sys.executable, "-m", "headrace.cli.main", "run", "spec.json"]
    path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), path])}
    with subprocess.Popen(command, cwd=lab.folder, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.close()
        assert process.wait(60) == ExitCode.OK
    (run,) = lab.store.runs()
    assert (run.state, len(lab.attempts(run.id))) == ("COMPLETE", 2)
