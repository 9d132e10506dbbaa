"""What fails is recorded with the user's line, its log and its type; what can be tried again is."""

import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest

from headrace import Function, NodeOptions, RuntimeParameter, Secret
from headrace.dsl.component import Component
from headrace.errors import ExitCode
from headrace.metadata.records import Complete, Execution
from headrace.metadata.states import reason_of
from headrace.spec.messages import Failed, Invocation, Ready, Result, Skip, Succeeded
from tests.conftest import Lab
from tests.parts import Apply, Copy, FileSource, Join, Leaking, Misbehaving, Names, Rows, Source, Spanned, named


def bad(lab: Lab, how: str, **options: object) -> Misbehaving:
    node_options = NodeOptions(**options)  # type: ignore[arg-type]  # what NodeOptions takes
    return Misbehaving(how=how, memory=str(lab.folder / "memory"), options=node_options)


def failed(lab: Lab, *nodes: Component, name: str) -> tuple[Execution, Failed]:
    execution = lab.run(*nodes).executions[name]
    assert isinstance(execution.status, Failed), execution.status
    return execution, execution.status


def test_a_failure_has_type_message_frame_traceback_and_log(lab: Lab) -> None:
    execution, status = failed(lab, bad(lab, "raise"), name="Misbehaving")
    assert (status.type, status.message, status.permanent) == ("ValueError", "cannot raise", False)
    assert "tests/parts.py:" in status.frame
    assert status.frame.endswith("in misbehave")
    assert 'parts.py", line' in status.traceback
    assert status.log == execution.log
    assert (lab.workspace.place.project / execution.log).is_file()


def test_the_outcome_is_one_line(lab: Lab) -> None:
    execution, _ = failed(lab, bad(lab, "raise"), name="Misbehaving")
    assert reason_of(execution) == "ValueError: cannot raise"


def test_a_failure_leaves_nothing_half_written(lab: Lab) -> None:
    execution, _ = failed(lab, bad(lab, "half"), name="Misbehaving")
    assert execution.outputs == {}
    assert [*(lab.root / "Misbehaving").iterdir()] == []


def test_a_retry_is_an_execution_of_its_own(lab: Lab) -> None:
    node = bad(lab, "recover", retries=2, backoff=0.0)
    finished = lab.run(node, Join(first=node.made))
    attempts = [(e.attempt, type(e.status)) for e in lab.attempts(finished.run.id) if e.node == "Misbehaving"]
    assert attempts == [(1, Failed), (2, Complete)]
    ended = finished.executions
    assert ended["Join"].inputs["first"] == ended["Misbehaving"].outputs["made"]
    assert finished.exit_code() == ExitCode.OK


def test_retries_end_after_their_number(lab: Lab) -> None:
    finished = lab.run(bad(lab, "raise", retries=2, backoff=0.0))
    assert [e.attempt for e in lab.attempts(finished.run.id)] == [1, 2, 3]


def test_the_pause_before_a_retry_doubles(lab: Lab) -> None:
    began = time.monotonic()
    finished = lab.run(bad(lab, "raise", retries=2, backoff=0.1))
    assert time.monotonic() - began >= 0.3
    first, second, third = lab.attempts(finished.run.id)
    assert second.started - first.ended >= 0.1
    assert third.started - second.ended >= 0.2


def test_an_error_of_configuration_is_not_tried_again(lab: Lab) -> None:
    execution, status = failed(lab, bad(lab, "refuse", retries=3), name="Misbehaving")
    assert (status.type, status.permanent, execution.attempt) == ("UsageError", True, 1)
    assert reason_of(execution) == "a wrong option; expected a right one. Correct it."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("import nowhere_at_all\ndef go(line): return line\n", r"No module named 'nowhere_at_all'"),
        ("raise KeyError('at import')\ndef go(line): return line\n", "at import"),
        ("from tests.parts import nothing_such\ndef go(line): return line\n", "nothing_such"),
    ],
    ids=["missing module", "exception at import", "missing name"],
)
def test_a_users_module_that_does_not_import_is_not_tried_again(lab: Lab, text: str, message: str) -> None:
    module = lab.folder / "broken.py"
    module.write_text(text, encoding="utf-8")
    source = Source()
    options = NodeOptions(retries=3)
    apply = Apply(rows=source.rows, function=Function(f"{module}:go"), options=options)
    execution, status = failed(lab, source, apply, name="Apply")
    assert (status.type, status.permanent, execution.attempt) == ("UserCodeError", True, 1)
    assert message in status.message
    assert "broken.py:1" in status.message


def test_a_function_that_raises_shows_the_users_own_line(lab: Lab) -> None:
    module = lab.folder / "steps.py"
    module.write_text("def go(line):\n    return 1 / 0\n", encoding="utf-8")
    source = Source()
    _, status = failed(lab, source, Apply(rows=source.rows, function=Function(f"{module}:go")), name="Apply")
    assert (status.type, status.frame) == ("ZeroDivisionError", f"{module}:2 in go")


def test_a_dead_process_is_a_failure_with_how_it_died(lab: Lab) -> None:
    _, died = failed(lab, bad(lab, "die"), name="Misbehaving")
    assert (died.type, "exit code 9" in died.message, died.permanent) == ("ProcessDied", True, False)
    _, killed = failed(lab, bad(lab, "killed"), name="Misbehaving")
    assert (killed.type, "killed by SIGKILL, as the kernel does when memory" in killed.message) == ("ProcessDied", True)


def test_a_timeout_is_a_failure_that_may_be_tried_again(lab: Lab) -> None:
    began = time.monotonic()
    execution, status = failed(lab, bad(lab, "hang", timeout=0.3, retries=1, backoff=0.0), name="Misbehaving")
    assert (status.type, status.message, execution.attempt) == ("Timeout", "not done after 0.3 s", 2)
    assert time.monotonic() - began < 30


def test_what_a_driver_raises_is_a_failure_of_the_node(lab: Lab) -> None:
    execution, status = failed(lab, FileSource(file="nowhere.txt"), name="FileSource")
    assert (status.type, "nowhere.txt" in status.message, execution.attempt) == ("FileNotFoundError", True, 1)


def test_what_a_freezer_raises_is_a_failure_of_the_node(lab: Lab) -> None:
    node = Spanned(folder="in")
    finished = lab.run(node, Copy(rows=node.rows), Source(), values={"folder": str(lab.folder / "nowhere")})
    assert {n: type(e.status) for n, e in finished.executions.items()}["Spanned"] is Failed
    assert finished.exit_code() == ExitCode.NODE_FAILED
    assert lab.store.run(finished.run.id).state == "FAILED"


def test_two_artifacts_for_one_are_refused(lab: Lab) -> None:
    """It cannot be declared; a spec that was edited by hand may ask for it."""
    one, two = (Source(texts=[text], options=named(text)) for text in "ab")
    join = Join(others=[one.rows, two.rows])
    spec = lab.spec(one, two, join)
    node = spec.nodes[2]
    edited = replace(node, inputs={**node.inputs, "others": replace(node.inputs["others"], several=False)})
    finished = lab.run_spec(replace(spec, nodes=(*spec.nodes[:2], edited)))
    status = finished.executions["Join"].status
    assert isinstance(status, Failed)
    assert "2 artifacts for Join.others; expected one. Declare others: Sequence[Channel[...]]" in status.message


def test_a_secret_that_is_not_in_the_environment_is_told_by_name(lab: Lab) -> None:
    node = Leaking(password=Secret("HEADRACE_TEST_NOWHERE"), how="")
    _, status = failed(lab, node, name="Leaking")
    assert "the variable HEADRACE_TEST_NOWHERE is not in the environment" in status.message
    assert status.permanent


def publish_badly(invocation: object, result: Result) -> Result:
    raise RuntimeError(f"cannot publish {type(result).__name__} of {type(invocation).__name__}")


def publish_nothing(invocation: object, result: Result) -> None: ...


def drive_nothing(node_run: object, reader: object) -> Ready | Skip | None: ...


class BadPublisher(Source):
    """Its publisher raises."""

    publisher = Function.of(publish_badly)


def publish_less(invocation: Invocation, result: Result) -> Result:  # noqa: ARG001  a publisher's arguments
    return Succeeded({})


def publish_a_path(invocation: Invocation, result: Result) -> Result:
    assert isinstance(result, Succeeded)
    return Succeeded({**result.properties, "rows": {"span": Path(invocation.project)}})  # type: ignore[dict-item]  # the mistake under test


class LessResult(Source):
    """Its publisher forgets the outputs."""

    publisher = Function.of(publish_less)


class PathResult(Source):
    """Its publisher sets a property that JSON cannot hold."""

    publisher = Function.of(publish_a_path)


class NoResult(Source):
    """Its publisher returns nothing."""

    publisher = Function.of(publish_nothing)


class NoAnswer(Source):
    """Its driver returns nothing."""

    driver = Function.of(drive_nothing)


@pytest.mark.parametrize(
    "node",
    [BadPublisher(), NoResult(), LessResult(), PathResult(), NoAnswer()],
    ids=lambda node: type(node).__name__,
)
def test_a_role_that_does_not_keep_to_its_protocol_fails_its_node_only(lab: Lab, node: Component) -> None:
    name = type(node).__name__
    execution, status = failed(lab, node, name=name)
    assert status.type in ("RuntimeError", "LaunchError", "SpecError", "TypeError")
    assert [e.status for e in lab.attempts(execution.run)] == [status]
    folder = lab.root / name
    assert [*folder.iterdir()] == [] if folder.exists() else True


def test_a_parameter_of_the_wrong_kind_at_run_time_is_told(lab: Lab) -> None:
    finished = lab.run(Source(texts=[RuntimeParameter("word", str, "a")]), values={"word": 3})
    assert finished.exit_code() == ExitCode.NODE_FAILED


def test_a_work_folder_stays_between_attempts_and_goes_after_success(lab: Lab) -> None:
    node = bad(lab, "recover", retries=1, backoff=0.0)
    lab.run(node)
    work = lab.workspace.place.state.work / "Misbehaving"
    assert [*work.iterdir()] == []


def test_a_root_that_cannot_be_written_fails_the_node(lab: Lab) -> None:
    root = lab.root
    root.mkdir(exist_ok=True)
    (root / "Source").touch()
    _, status = failed(lab, Source(), name="Source")
    assert status.type in ("NotADirectoryError", "FileExistsError")


def test_a_root_that_another_store_used_is_refused_before_the_work(lab: Lab) -> None:
    made = lab.run(Source()).executions["Source"]
    root, other = lab.root, Lab(lab.folder / "other", lab.pool)
    shutil.copytree(root, other.root, dirs_exist_ok=True)
    _, status = failed(other, Source(), name="Source")
    assert (status.type, status.permanent) == ("ConflictError", True)
    assert "another store" in status.message
    assert (other.root / "Source" / str(made.id) / "rows").is_dir()


def test_a_parameter_that_json_cannot_hold_fails_its_node_only(lab: Lab) -> None:
    finished = lab.run(Source(texts=[RuntimeParameter("word", str, "a")]), values={"word": float("nan")})
    assert finished.exit_code() == ExitCode.NODE_FAILED
    assert reason_of(finished.executions["Source"]).startswith("nan of type float")


def test_nodes_that_claim_nothing_share_no_work_folder_with_other_runs(lab: Lab) -> None:
    node = bad(lab, "raise", cache="off")
    lab.run(node)
    lab.run(node)
    assert len([*(lab.workspace.place.state.work / "Misbehaving").iterdir()]) == 2


def test_an_executor_that_leaves_by_the_door_is_a_failure(lab: Lab) -> None:
    module = lab.folder / "leaving.py"
    module.write_text("import sys\ndef go(line): sys.exit(0)\n", encoding="utf-8")
    source = Source()
    _, status = failed(lab, source, Apply(rows=source.rows, function=Function(f"{module}:go")), name="Apply")
    assert (status.type, status.message) == ("SystemExit", "it called sys.exit(0)")
    assert status.frame == f"{module}:2 in go"
    assert [*(lab.root / "Apply").iterdir()] == []


def set_a_path(listed: Names, rows: Rows) -> None:
    rows.write([])
    listed.names = [rows.path]  # type: ignore[list-item]  # the mistake under test


class SetsPath(Source):
    """Its executor sets a property that JSON cannot hold."""

    executor = Function.of(set_a_path)


def test_a_property_that_json_cannot_hold_is_a_failure_with_its_value(lab: Lab) -> None:
    _, status = failed(lab, SetsPath(), name="SetsPath")
    assert (status.type, "PosixPath" in status.message) == ("SpecError", True)
