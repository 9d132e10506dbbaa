"""What stands in a node's way: gates, skipped upstream nodes, its condition."""

import pytest

from headrace import NodeOptions, RuntimeParameter, latest
from headrace.errors import ExitCode
from headrace.metadata.records import Cached, Complete
from headrace.spec.messages import Block, Failed, Skip
from tests.conftest import Lab, states
from tests.parts import Copy, Count, Counts, Join, Judge, Picky, Rows, Source, Verdict, named


@pytest.mark.parametrize(("rows", "runs"), [(2, True), (1, False), (5, False), (9, False)], ids=str)
def test_conditions_compare_and_combine(lab: Lab, rows: int, runs: bool) -> None:
    source = Source(texts=["a"] * rows)
    count = Count(rows=source.rows)
    number = count.counts[Counts.number]
    when = number.at_least(2) & ~(number.equals(5) | number.at_least(RuntimeParameter("most", int, 7)))
    ended = lab.run(source, count, Join(options=NodeOptions(when=when))).executions["Join"]
    assert ended.status == (Complete() if runs else Skip("its condition is false"))


def test_a_condition_reads_the_runs_value(lab: Lab) -> None:
    node = Source(options=NodeOptions(when=RuntimeParameter("wanted", bool, True).equals(True)))
    assert lab.states(node) == {"Source": "COMPLETE"}
    assert lab.states(node, values={"wanted": False}) == {"Source": "SKIPPED"}


def test_a_driver_skips_and_required_dependants_skip_with_it(lab: Lab) -> None:
    picky = Picky(wanted=False)
    below = Copy(rows=picky.made)
    after = Source(options=named("after", after=[picky]))
    further = Copy(rows=below.copied, options=named("further"))
    finished = lab.run(picky, below, after, further)
    assert {name: e.status for name, e in finished.executions.items()} == {
        "Picky": Skip("nobody wants it", refused=True),
        "Copy": Skip("Picky made nothing in this run"),
        "after": Skip("Picky made nothing in this run"),
        "further": Skip("Copy made nothing in this run"),
    }
    assert finished.run.state == "COMPLETE"


def test_a_run_that_only_skipped_exits_0_and_a_refusal_3_when_asked(lab: Lab) -> None:
    finished = lab.run(Picky(wanted=False))
    assert (finished.exit_code(), finished.exit_code(gate=True)) == (ExitCode.OK, ExitCode.GATE)
    skipped = lab.run(Source(options=NodeOptions(when=RuntimeParameter("wanted", bool, False).equals(True))))
    assert skipped.exit_code(gate=True) == ExitCode.OK


def test_an_optional_input_of_a_skipped_node_is_empty(lab: Lab) -> None:
    picky, source = Picky(wanted=False), Source()
    join = lab.run(picky, source, Join(first=picky.made, others=[source.rows])).executions["Join"]
    assert (join.status, join.inputs["first"], len(join.inputs["others"])) == (Complete(), (), 1)


def test_run_if_always_runs_below_a_skipped_node(lab: Lab) -> None:
    picky = Picky(wanted=False)
    assert lab.states(picky, Join(options=named("always", after=[picky], run_if="always")))["always"] == "COMPLETE"


def test_always_without_its_required_input_skips(lab: Lab) -> None:
    picky = Picky(wanted=False)
    ended = lab.run(picky, Copy(rows=picky.made, options=named("always", run_if="always"))).executions["always"]
    assert ended.status == Skip("there is nothing for its input 'rows'")


def test_a_gate_blocks_what_is_tied_to_it_also_when_it_was_cached(lab: Lab) -> None:
    source = Source()
    judge = Judge(rows=source.rows, least=5)
    tied = Join(first=source.rows, options=named("tied", after=[judge]))
    below = Copy(rows=tied.joined, options=named("below"))
    free = Join(first=source.rows, options=named("free"))
    for others in ("COMPLETE", "CACHED"):
        finished = lab.run(source, judge, tied, below, free)
        stopped = {"tied": "BLOCKED", "below": "BLOCKED"}
        assert states(finished) == {"Source": others, "Judge": others, "free": others, **stopped}
        assert finished.executions["below"].status == Block("Judge")
        assert (finished.exit_code(), finished.run.state) == (ExitCode.GATE, "BLOCKED")


def test_a_gate_that_passes_lets_go(lab: Lab) -> None:
    source = Source()
    judge = Judge(rows=source.rows, least=1)
    assert lab.states(source, judge, Source(options=named("tied", after=[judge])))["tied"] in ("COMPLETE", "CACHED")


def test_a_report_that_only_reads_a_verdict_says_always(lab: Lab) -> None:
    source = Source()
    judge = Judge(rows=source.rows, least=5)
    report = Join(first=source.rows, options=named("report", after=[judge], run_if="always"))
    finished = lab.run(source, judge, report)
    assert (states(finished)["report"], finished.exit_code()) == ("COMPLETE", ExitCode.OK)


def test_an_optional_edge_from_a_blocked_node_blocks_too(lab: Lab) -> None:
    source = Source()
    judge = Judge(rows=source.rows, least=5)
    tied = Join(first=source.rows, options=named("tied", after=[judge]))
    assert lab.states(source, judge, tied, Join(first=tied.joined, options=named("below")))["below"] == "BLOCKED"


def test_reads_stay_within_the_run(lab: Lab) -> None:
    wanted = RuntimeParameter("wanted", bool, True).equals(True)
    source = Source(options=NodeOptions(when=wanted))
    join = Join(first=source.rows)
    assert len(lab.run(source, join).executions["Join"].inputs["first"]) == 1
    assert lab.run(source, join, values={"wanted": False}).executions["Join"].inputs["first"] == ()


def test_a_required_resolver_that_finds_nothing_skips(lab: Lab) -> None:
    assert lab.run(Copy(rows=latest(Rows))).executions["Copy"].status == Skip("there is nothing for its input 'rows'")


def test_a_property_that_nobody_set_is_a_failure_with_what_to_do(lab: Lab) -> None:
    source = Source()
    copy = Copy(rows=source.rows)
    node = Source(span=copy.copied[Rows.span], options=named("reader"))
    failed = lab.run(source, copy, node).executions["reader"].status
    assert isinstance(failed, Failed)
    assert "reader needs the property 'span' of" in failed.message
    assert failed.permanent


def test_a_value_of_an_upstream_property_is_taken_in(lab: Lab) -> None:
    source = Source(texts=["a", "b"])
    count = Count(rows=source.rows)
    ended = lab.run(source, count, Source(span=count.counts[Counts.number], options=named("next"))).executions["next"]
    assert ended.parameters["span"] == 2
    assert ended.outputs["rows"][0].properties["span"] == 2


def test_a_cached_skip_is_decided_anew(lab: Lab) -> None:
    first = lab.run(Picky(wanted=True)).executions["Picky"]
    assert lab.states(Picky(wanted=False)) == {"Picky": "SKIPPED"}
    assert lab.run(Picky(wanted=True)).executions["Picky"].status == Cached(first.id)


def test_what_did_not_run_left_no_folder(lab: Lab) -> None:
    lab.run(Picky(wanted=False))
    assert not (lab.root / "Picky").exists()


def test_a_condition_on_what_a_skipped_node_would_have_made_skips_even_always(lab: Lab) -> None:
    source = Source()
    count = Count(rows=source.rows, options=NodeOptions(when=RuntimeParameter("counted", bool, False).equals(True)))
    when = count.counts[Counts.number].at_least(1)
    ended = lab.run(source, count, Join(options=NodeOptions(when=when, run_if="always"))).executions["Join"]
    assert ended.status == Skip("it reads a property of Count, which made nothing in this run")


def test_an_exit_handler_runs_past_a_gate_that_it_reads(lab: Lab) -> None:
    source = Source()
    judge = Judge(rows=source.rows, least=5)
    told = Source(texts=[judge.verdict[Verdict.verdict]], options=named("told"))
    finished = lab.run(source, judge, on_exit=told)
    assert (states(finished)["told"], finished.executions["told"].parameters["texts"]) == ("COMPLETE", ["block"])


def test_an_exit_handler_that_reads_what_was_not_made_skips(lab: Lab) -> None:
    none = Copy(rows=latest(Rows))
    count = Count(rows=none.copied)
    told = Source(span=count.counts[Counts.number], options=named("told"))
    assert lab.states(none, count, on_exit=told)["told"] == "SKIPPED"
