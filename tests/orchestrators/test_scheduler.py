"""What may start next, over any graph and any way that nodes end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from headrace import Pipeline
from headrace.orchestrators.scheduler import Schedule, Standing
from headrace.spec.from_pipeline import spec_of
from headrace.spec.order import ordered, waits_for
from headrace.spec.records import FromNode, InputSpec, NodeSpec, PipelineSpec
from tests.parts import Join

(PLAIN,) = spec_of(Pipeline("p", [Join()])).nodes


def node(name: str, needs: Sequence[str], may_use: Sequence[str], always: bool) -> NodeSpec:
    inputs = {
        **{f"n{other}": InputSpec("Rows", (FromNode(other, "joined"),), True, False) for other in needs},
        **{f"o{other}": InputSpec("Rows", (FromNode(other, "joined"),), False, False) for other in may_use},
    }
    options = replace(PLAIN.options, run_if="always" if always else "upstream_succeeded")
    return replace(PLAIN, id=name, inputs=inputs, options=options)


@dataclass(frozen=True)
class Case:
    """A pipeline, how each of its nodes would end, and how many run at once."""

    spec: PipelineSpec
    ends: dict[str, Standing]
    keep_going: bool
    jobs: int


@st.composite
def cases(draw: st.DrawFn) -> Case:
    names = [f"n{number}" for number in range(draw(st.integers(1, 7)))]
    nodes = []
    for index, name in enumerate(names):
        above = draw(st.lists(st.sampled_from(names[:index]), unique=True, max_size=3)) if index else []
        needed = draw(st.integers(0, len(above)))
        nodes.append(node(name, above[:needed], above[needed:], draw(st.booleans())))
    endings: list[Standing] = ["succeeded", "succeeded", "failed", "stopped"]
    ends = {name: draw(st.sampled_from(endings)) for name in names}
    on_exit = draw(st.none() | st.just("bye"))
    if on_exit:
        nodes.append(node("bye", [], [], False))
        ends["bye"] = "succeeded"
    spec = PipelineSpec("p", {}, tuple(draw(st.permutations(nodes))), on_exit)
    return Case(spec, ends, draw(st.booleans()), draw(st.integers(1, 3)))


@dataclass
class Told:
    """What a run over the scheduler did."""

    started: list[str]
    given_up: list[str]
    standing: dict[str, Standing]
    failed_before: dict[str, frozenset[str]]


def play(case: Case) -> Told:
    """Run a case: start what may start, end the oldest, until nothing goes on."""
    told = Told([], [], {n.id: "waiting" for n in case.spec.nodes}, {})
    going: list[str] = []
    while True:
        coming = Schedule.of(case.spec).next(told.standing, keep_going=case.keep_going)
        for name in coming.give_up:
            told.given_up.append(name)
            told.standing[name] = "stopped"
        for name in coming.start:
            assert all(told.standing[a] not in ("waiting", "running") for a in waits_for(by_id(case, name), case.spec))
            told.failed_before[name] = frozenset(n for n, how in told.standing.items() if how == "failed")
            told.started.append(name)
            told.standing[name] = "running"
            going.append(name)
        if not going:
            return told
        ended = going.pop(0)
        told.standing[ended] = case.ends[ended]


def by_id(case: Case, name: str) -> NodeSpec:
    return next(n for n in case.spec.nodes if n.id == name)


def above(case: Case, name: str) -> frozenset[str]:
    direct = waits_for(by_id(case, name), case.spec)
    return frozenset(direct).union(*(above(case, other) for other in direct))


@settings(max_examples=120, deadline=None)
@given(cases())
def test_every_node_ends_once(case: Case) -> None:
    told = play(case)
    assert sorted([*told.started, *told.given_up]) == sorted(n.id for n in case.spec.nodes)
    assert set(told.standing.values()) <= {"succeeded", "failed", "stopped"}


@settings(max_examples=120, deadline=None)
@given(cases())
def test_nothing_starts_after_a_failure_but_what_may(case: Case) -> None:
    for name, failed in play(case).failed_before.items():
        always = by_id(case, name).options.run_if == "always" or name == case.spec.on_exit
        assert not failed or always or (case.keep_going and not failed & above(case, name))


@settings(max_examples=120, deadline=None)
@given(cases())
def test_without_a_failure_everything_starts(case: Case) -> None:
    fine = replace(case, ends={name: "succeeded" if how == "failed" else how for name, how in case.ends.items()})
    assert sorted(play(fine).started) == sorted(n.id for n in case.spec.nodes)


@settings(max_examples=120, deadline=None)
@given(cases())
def test_keeping_going_starts_all_that_no_failure_is_above(case: Case) -> None:
    told = play(replace(case, keep_going=True))
    failed = {name for name, how in told.standing.items() if how == "failed"}
    independent = {n.id for n in case.spec.nodes if not failed & above(case, n.id)}
    assert independent <= set(told.started)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_the_exit_handler_starts_last_however_the_others_ended(case: Case) -> None:
    told = play(case)
    if case.spec.on_exit:
        assert told.started[-1] == case.spec.on_exit
    order = [n.id for n in ordered(case.spec)]
    assert sorted(order) == sorted(told.standing)
