"""`headrace check`."""

from headrace import NodeOptions
from headrace.cli.check import doubts
from tests.conftest import Lab
from tests.parts import Copy, Judge, Source, named


def test_a_gate_that_nothing_depends_on_is_warned_of(lab: Lab) -> None:
    source = Source()
    judge = Judge(rows=source.rows, least=1)
    (doubt,) = doubts(lab.spec(source, judge, Copy(rows=source.rows)))
    assert doubt == ("Judge", "a gate that no node depends on stops nothing; give the nodes below it after=[…]")


def test_a_gate_that_stops_something_is_not(lab: Lab) -> None:
    source = Source()
    judge = Judge(rows=source.rows, least=1)
    assert [*doubts(lab.spec(source, judge, Copy(rows=source.rows, options=NodeOptions(after=[judge]))))] == []


def test_an_exit_handler_alone_is_not_what_a_gate_stops(lab: Lab) -> None:
    source = Source()
    judge = Judge(rows=source.rows, least=1)
    assert [node for node, _ in doubts(lab.spec(source, judge, on_exit=Source(options=named("last"))))] == ["Judge"]


def test_what_always_runs_is_not_what_a_gate_stops(lab: Lab) -> None:
    source = Source()
    judge = Judge(rows=source.rows, least=1)
    always = Copy(rows=source.rows, options=NodeOptions(after=[judge], run_if="always"))
    assert [node for node, _ in doubts(lab.spec(source, judge, always))] == ["Judge"]
