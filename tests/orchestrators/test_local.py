"""A run on this machine: failures, exit handlers, selection, resuming, events."""

import json
import os
import shutil
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from headrace import Channel, Component, Function, NodeOptions, RuntimeParameter, output
from headrace.errors import ConflictError, ExitCode, LaunchError
from headrace.metadata.records import Cached, Complete
from headrace.orchestrators.events import EventLog, read_events
from headrace.orchestrators.request import Finished
from headrace.spec.codec import read
from headrace.spec.messages import NodeRun, Skip
from headrace.spec.records import Json, PipelineSpec
from headrace.workers.lease import this_process, write_holder
from headrace.workers.pool import Pool
from tests.conftest import Lab, states
from tests.parts import Apply, Copy, Counting, Join, Misbehaving, Rows, Source, Spanned, named


def bad(lab: Lab, how: str = "raise", name: str = "Bad", **options: object) -> Misbehaving:
    return Misbehaving(how=how, memory=str(lab.folder / f"memory-{name}"), options=named(name, **options))


def test_after_a_failure_only_what_is_always_runs(lab: Lab) -> None:
    node = bad(lab)
    below, always = Copy(rows=node.made), Source(options=named("always", after=[node], run_if="always"))
    unrelated = Source(texts=["late"], options=named("late", after=[always]))
    finished = lab.run(node, below, always, unrelated)
    assert states(finished) == {"Bad": "FAILED", "Copy": "SKIPPED", "always": "COMPLETE", "late": "SKIPPED"}
    assert finished.executions["Copy"].status == Skip("Bad failed")
    assert (finished.exit_code(), lab.store.run(finished.run.id).state) == (ExitCode.NODE_FAILED, "FAILED")


def test_after_a_failure_a_node_that_waited_its_turn_does_not_start(lab: Lab) -> None:
    one_by_one = Lab(lab.folder, lab.pool, jobs=1)
    others = [Source(options=named(name), texts=[name]) for name in ("b", "c")]
    assert one_by_one.states(bad(lab), *others) == {"Bad": "FAILED", "b": "SKIPPED", "c": "SKIPPED"}


def test_keep_going_runs_what_is_independent(lab: Lab) -> None:
    node, other = bad(lab), Source()
    free = Copy(rows=other.rows, options=named("free"))
    below = Join(first=node.made, options=named("below"))
    finished = lab.run(node, other, free, below, keep_going=True)
    assert states(finished) == {"Bad": "FAILED", "Source": "COMPLETE", "free": "COMPLETE", "below": "SKIPPED"}
    assert finished.exit_code() == ExitCode.NODE_FAILED


def test_the_exit_handler_runs_when_others_were_given_up(lab: Lab) -> None:
    node = bad(lab)
    handler = Counting(ledger=str(lab.folder / "ledger"), options=named("bye"))
    ended = lab.states(node, Copy(rows=node.made), on_exit=handler)
    assert ended == {"Bad": "FAILED", "Copy": "SKIPPED", "bye": "COMPLETE"}


@pytest.mark.parametrize("how", ["raise", "speak"])
def test_the_exit_handler_runs_however_the_run_ended(lab: Lab, how: str) -> None:
    ledger = lab.folder / "ledger"
    finished = lab.run(bad(lab, how), on_exit=Counting(ledger=str(ledger), options=named("bye", cache="off")))
    assert states(finished)["bye"] == "COMPLETE"
    assert ledger.read_text(encoding="utf-8") == "called\n"


def test_an_exit_handler_whose_input_failed_is_skipped(lab: Lab) -> None:
    node = bad(lab)
    assert states(lab.run(node, on_exit=Copy(rows=node.made))) == {"Bad": "FAILED", "Copy": "SKIPPED"}


def test_nodes_that_are_ready_run_side_by_side(tmp_path: Path) -> None:
    lab = Lab(tmp_path, jobs=3)
    nodes = [Counting(ledger=str(tmp_path / "l"), seconds=0.4, text=t, options=named(t)) for t in "abc"]
    executions = lab.run(*nodes).executions.values()
    assert max(e.started for e in executions) < min(e.ended for e in executions)


def test_one_job_runs_one_node_at_a_time(tmp_path: Path) -> None:
    lab = Lab(tmp_path, jobs=1)
    nodes = [Counting(ledger=str(tmp_path / "l"), seconds=0.05, text=t, options=named(t)) for t in "abc"]
    spans = sorted((e.started, e.ended) for e in lab.run(*nodes).executions.values())
    assert all(one[1] <= two[0] for one, two in pairwise(spans))


# Debugging


def test_debug_calls_the_executor_in_this_process(lab: Lab) -> None:
    finished = lab.run(Counting(ledger=str(lab.folder / "l"), text=str(os.getpid())), debug=True)
    assert states(finished) == {"Counting": "COMPLETE"}
    assert lab.states(Counting(ledger=str(lab.folder / "l"), text=str(os.getpid()))) == {"Counting": "CACHED"}


# Selection


def chain() -> tuple[Source, Copy, Copy]:
    source = Source()
    one = Copy(rows=source.rows, options=named("one"))
    return source, one, Copy(rows=one.copied, options=named("two"))


def test_what_was_not_selected_lets_its_last_result_stand(lab: Lab) -> None:
    first = lab.run(*chain())
    second = lab.run(*chain(), selected=frozenset(["two"]))
    assert states(second) == {"Source": "SKIPPED", "one": "CACHED", "two": "CACHED"}
    one = second.executions["one"].status
    assert isinstance(one, Cached)
    assert one.reason == f"not selected: as {first.executions['one'].name}"
    assert second.executions["two"].inputs == first.executions["two"].inputs
    assert second.exit_code() == ExitCode.OK


def test_selecting_below_what_never_ran_is_refused_and_nothing_stays_running(own_lab: Lab) -> None:
    with pytest.raises(
        LaunchError, match=r"one is not selected, and no result of it is left.*without --from and --only"
    ):
        own_lab.run(*chain(), selected=frozenset(["two"]))
    (run,) = own_lab.store.runs()
    assert run.state == "FAILED"


def test_running_up_to_a_node_leaves_the_rest(lab: Lab) -> None:
    finished = lab.run(*chain(), selected=frozenset(["Source", "one"]))
    assert states(finished) == {"two": "SKIPPED", "Source": "COMPLETE", "one": "COMPLETE"}
    assert finished.executions["two"].status == Skip("not selected")


# Resuming


def test_resuming_reruns_what_failed_and_takes_the_rest_from_the_cache(lab: Lab) -> None:
    source = Source()
    node = bad(lab, "recover", after=[source])
    below = Copy(rows=node.made)
    first = lab.run(source, node, below)
    assert states(first) == {"Source": "COMPLETE", "Bad": "FAILED", "Copy": "SKIPPED"}
    again = lab.run(source, node, below, resume=lab.store.run(first.run.id))
    assert states(again) == {"Source": "CACHED", "Bad": "COMPLETE", "Copy": "COMPLETE"}
    assert (again.run.id, again.run.state) == (first.run.id, "COMPLETE")
    assert lab.store.run(first.run.id).state == "COMPLETE"
    names = [e.name.removeprefix(f"{first.run.id}/") for e in lab.attempts(first.run.id)]
    assert sorted(names) == ["Bad/1", "Bad/2", "Copy/1", "Copy/2", "Source/1", "Source/2"]


def test_resuming_keeps_the_values_and_the_spans_that_the_run_began_with(lab: Lab) -> None:
    folder = lab.folder / "spans"
    folder.mkdir()
    (folder / "1.txt").touch()
    given = RuntimeParameter("folder", str, "")
    node = Spanned(folder=given)
    first = lab.run(node, bad(lab, "recover"), values={"folder": str(folder)})
    (folder / "2.txt").touch()
    again = lab.run(node, bad(lab, "recover"), resume=lab.store.run(first.run.id))
    assert states(again) == {"Spanned": "CACHED", "Bad": "COMPLETE"}
    assert again.run.frozen == {"Spanned": {"span": 1}}
    later = lab.run(node, values={"folder": str(folder)})
    assert (later.run.frozen, states(later)) == ({"Spanned": {"span": 2}}, {"Spanned": "COMPLETE"})


def test_resuming_a_run_that_finished_is_cached_throughout(lab: Lab) -> None:
    first = lab.run(*chain())
    again = lab.run(*chain(), resume=lab.store.run(first.run.id))
    assert set(states(again).values()) == {"CACHED"}
    assert again.run.id == first.run.id


def test_resuming_after_a_fix_reruns_exactly_what_it_changed(lab: Lab) -> None:
    """Finished nodes are keyed again, with the current code."""
    one, two = lab.folder / "one.py", lab.folder / "two.py"
    one.write_text("def go(line): return line\n", encoding="utf-8")
    two.write_text("def go(line): return line / 2\n", encoding="utf-8")
    source = Source()
    first = Apply(rows=source.rows, function=Function(f"{one}:go"), options=named("first"))
    second = Apply(rows=first.made, function=Function(f"{two}:go"), options=named("second"))
    failed = lab.run(source, first, second)
    assert states(failed) == {"Source": "COMPLETE", "first": "COMPLETE", "second": "FAILED"}
    two.write_text("def go(line): return line * 2\n", encoding="utf-8")
    fixed = lab.run(source, first, second, resume=lab.store.run(failed.run.id))
    assert states(fixed) == {"Source": "CACHED", "first": "CACHED", "second": "COMPLETE"}
    one.write_text("def go(line): return line + line\n", encoding="utf-8")
    changed = lab.run(source, first, second, resume=lab.store.run(failed.run.id))
    assert states(changed) == {"Source": "CACHED", "first": "COMPLETE", "second": "COMPLETE"}


def test_resuming_asks_again_for_spans_that_it_did_not_get(lab: Lab) -> None:
    """The run failed since there was nothing to read; the data came, and it goes on."""
    folder = lab.folder / "spans"
    node = Spanned(folder=RuntimeParameter("folder", str, ""))
    first = lab.run(node, values={"folder": str(folder)})
    assert states(first) == {"Spanned": "FAILED"}
    folder.mkdir()
    (folder / "4.txt").touch()
    again = lab.run(node, resume=lab.store.run(first.run.id))
    assert (states(again), again.run.frozen) == ({"Spanned": "COMPLETE"}, {"Spanned": {"span": 4}})
    assert lab.store.run(first.run.id).frozen == {"Spanned": {"span": 4}}


def test_resuming_gives_a_parameter_that_the_run_did_not_know_its_default(lab: Lab) -> None:
    first = lab.run(Source())
    node = Source(texts=[RuntimeParameter("word", str, "b")])
    again = lab.run(node, resume=lab.store.run(first.run.id))
    assert (states(again), again.run.values) == ({"Source": "COMPLETE"}, {"word": "b"})


def test_resuming_takes_in_a_node_that_was_added_since(lab: Lab) -> None:
    first = lab.run(*chain())
    source = Source(options=named("added"))
    again = lab.run(*chain(), source, resume=lab.store.run(first.run.id))
    assert states(again)["added"] in ("COMPLETE", "CACHED")
    assert first.run.selected == []


def test_a_run_that_goes_on_elsewhere_cannot_be_resumed(lab: Lab) -> None:
    first = lab.run(Source())
    lease = lab.workspace.place.state.run_folder(first.run.id) / "lease.json"
    write_holder(lease, this_process())
    with pytest.raises(ConflictError, match=f"{first.run.id} is running"):
        lab.run(Source(), resume=lab.store.run(first.run.id))
    assert lease.exists()


# What a run leaves


def test_a_run_is_recorded_with_its_values_and_spec(lab: Lab) -> None:
    node = Source(texts=[RuntimeParameter("word", str, "a")])
    finished = lab.run(node, values={"word": "b"})
    run = lab.store.run(finished.run.id)
    assert (run.values, run.selected, run.state, run.orchestrator) == ({"word": "b"}, [], "COMPLETE", "local")
    assert run.ended >= run.started > 0
    file = lab.workspace.place.state.run_folder(run.id) / "spec.json"
    assert read(PipelineSpec, file.read_text(encoding="utf-8")) == lab.spec(node)
    assert not file.with_name("lease.json").exists()


def test_events_tell_every_state_in_order(lab: Lab) -> None:
    finished = lab.run(Source(), bad(lab, "report"))
    events = lab.events(finished.run.id)
    assert [e.seq for e in events] == [*range(1, len(events) + 1)]
    run = [(e.was, e.to) for e in events if e.event == "run_state"]
    assert run == [("", "RUNNING"), ("RUNNING", "COMPLETE")]
    source = [(e.was, e.to) for e in events if e.node == "Source" and e.event == "node_state"]
    assert source == [("WAITING", "RUNNING"), ("RUNNING", "COMPLETE")]
    (progress,) = (e for e in events if e.event == "progress")
    assert (progress.node, progress.run, progress.data["text"]) == ("Bad", finished.run.id, "half way")


def test_events_are_versioned_lines_of_json(lab: Lab) -> None:
    finished = lab.run(Source())
    file = lab.workspace.place.state.run_folder(finished.run.id) / "events.ndjson"
    for line in file.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        assert told["v"] == 1
        assert {"seq", "time", "run", "node", "item", "attempt", "event", "from", "to", "reason", "data"} < told.keys()


def test_torn_lines_and_other_versions_are_passed_over_and_unknown_events_are_read(lab: Lab) -> None:
    finished = lab.run(Source())
    file = lab.workspace.place.state.run_folder(finished.run.id) / "events.ndjson"
    before = [*read_events(file)]
    with file.open("a", encoding="utf-8") as out:
        out.write(
            '{"v": 1, "event": "comet", "run": "r", "brightness": 3}\n{"v": 9, "event": "x", "run": "r"}\n{"v": 1, "eve'
        )
    assert [e.event for e in read_events(file)] == [*(e.event for e in before), "comet"]


def test_a_log_that_goes_on_after_a_torn_line_loses_nothing(lab: Lab) -> None:
    """A run that was killed while it wrote is resumed: its new events must not join the torn line."""
    finished = lab.run(Source())
    file = lab.workspace.place.state.run_folder(finished.run.id) / "events.ndjson"
    with file.open("a", encoding="utf-8") as out:
        out.write('{"v": 1, "eve')
    before = len([*read_events(file)])
    log = EventLog(file)
    log.node_changed(finished.executions["Source"])
    log.close()
    assert len([*read_events(file)]) == before + 1


def test_a_listener_hears_what_the_file_holds(tmp_path: Path) -> None:
    heard: list[str] = []
    lab = Lab(tmp_path, listeners=(lambda event: heard.append(event.event),))
    finished = lab.run(Source())
    assert heard == [e.event for e in lab.events(finished.run.id)]


def test_a_cached_run_starts_no_server(own_lab: Lab) -> None:
    own_lab.run(*chain())
    again = own_lab.run(*chain())
    folder = own_lab.workspace.place.state.run_folder(again.run.id)
    assert set(states(again).values()) == {"CACHED"}
    assert not (folder / "servers.log").exists()
    assert not (folder / "messages").exists()


def exit_codes(finished: Finished) -> tuple[int, int]:
    return finished.exit_code(), finished.exit_code(gate=True)


def test_a_run_of_nothing_ends_well(lab: Lab) -> None:
    finished = lab.run()
    assert (exit_codes(finished), finished.run.state) == ((0, 0), "COMPLETE")


def test_many_nodes_in_a_row_read_what_the_one_before_made(lab: Lab) -> None:
    source = Source(texts=["a", "b"])
    nodes: list[Source | Copy] = [source]
    rows = source.rows
    for number in range(8):
        copy = Copy(rows=rows, options=NodeOptions(id=f"copy{number}"))
        rows = copy.copied
        nodes.append(copy)
    finished = lab.run(*nodes)
    last = finished.executions["copy7"].outputs["copied"][0]
    assert Rows(Path(last.path)).read() == ["a", "b"]
    assert [type(e.status) for e in finished.executions.values()] == [Complete] * 3 + [Cached] * 6  # one content


def test_only_what_is_selected_has_its_imports_done_beforehand(own_lab: Lab) -> None:
    class Heavy(Component):
        """A node whose environment takes seconds to import."""

        rows: Channel[Rows]
        copied: Channel[Rows] = output()

        environment = "beam"
        executor = Copy.executor

    source = Source()
    assert own_lab.pool is None
    with Pool(Path.cwd(), own_lab.folder / "servers.log") as pool:
        own_lab.pool = pool
        own_lab.run(source, Heavy(rows=source.rows), selected=frozenset({"Source"}))
        assert list(pool._servers) == ["bare"]


def span_in_a_while(node_run: NodeRun) -> Mapping[str, Json]:
    time.sleep(0.3)
    return {"span": len(node_run.node.id)}


class SpannedInAWhile(Spanned):
    """Its span takes a while to be known."""

    freezer = Function.of(span_in_a_while)


def test_of_two_that_resume_a_run_at_once_one_is_refused(lab: Lab) -> None:
    run = lab.store.run(lab.run(bad(lab)).run.id)

    def resume(_: int) -> str:
        try:
            return lab.states(Source(), SpannedInAWhile(folder=str(lab.folder)), resume=run)["Source"]
        except ConflictError as error:
            return error.found

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(resume, range(2))) == sorted([f"{run.id} is running", "COMPLETE"])


def test_a_result_that_is_gone_from_disk_does_not_stand_for_what_was_not_selected(own_lab: Lab) -> None:
    source = Source()
    copy = Copy(rows=source.rows)
    made = own_lab.run(source, copy).executions["Source"].outputs["rows"][0]
    shutil.rmtree(made.path)
    with pytest.raises(LaunchError, match="no result of it is left"):
        own_lab.run(source, copy, selected=frozenset(["Copy"]))


def test_many_runs_of_another_node_do_not_hide_a_result(own_lab: Lab) -> None:
    source, free = Source(), Source(options=named("free"))
    own_lab.run(source, free)
    for _ in range(30):
        own_lab.run(source, free, selected=frozenset(["free"]))
    copy = Copy(rows=source.rows)
    assert states(own_lab.run(source, free, copy, selected=frozenset(["Copy"])))["Copy"] == "COMPLETE"


def test_an_edit_of_the_same_length_within_a_second_counts(own_lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    file = own_lab.folder / "edited.py"
    source = Source(texts=["a"])
    for letter in "bcd":
        file.write_text(f"def go(line): return {letter!r}\n", encoding="utf-8")
        os.utime(file, (1_700_000_000, 1_700_000_000))
        node = Apply(rows=source.rows, function=Function(f"{file}:go"))
        made = own_lab.run(source, node).executions["Apply"].outputs["made"][0]
        assert Rows(Path(made.path)).read() == [letter]
