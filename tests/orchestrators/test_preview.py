"""`headrace plan`: what a run would do and why; it writes nothing and a run then does just that."""

import shutil
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headrace import NodeOptions, RuntimeParameter
from headrace.dsl.component import Component
from headrace.metadata.reader import Nothing
from headrace.metadata.states import state_of
from headrace.orchestrators.preview import Step, plan
from tests.conftest import Lab
from tests.parts import Bless, Copy, Count, Counts, Drift, Join, Judge, Picky, Source, Spanned, Train, Warm, named


def answers(steps: dict[str, Step]) -> dict[str, str]:
    return {name: step.answer for name, step in steps.items()}


def counted(*texts: str) -> tuple[Source, Count, Join]:
    source = Source(texts=texts)
    count = Count(rows=source.rows)
    never = count.counts[Counts.number].equals(0)
    return source, count, Join(first=source.rows, options=NodeOptions(when=never))


def test_a_first_run_is_foreseen(lab: Lab) -> None:
    steps = lab.plan(*counted("a"))
    assert answers(steps) == {"Source": "runs", "Count": "waits", "Join": "waits"}
    assert steps["Source"].reasons == ["it has not run before"]
    assert steps["Count"].reasons == ["Source"]


def test_an_empty_place_is_foreseen_without_a_store(lab: Lab) -> None:
    steps = plan(lab.spec(*counted("a")), Nothing(lab.store.root), Path.cwd(), {})
    assert [step.answer for step in steps] == ["runs", "waits", "waits"]


def test_what_is_cached_and_what_stops_is_foreseen_with_its_reason(lab: Lab) -> None:
    first = lab.run(*counted("a"))
    steps = lab.plan(*counted("a"))
    assert answers(steps) == {"Source": "cached", "Count": "cached", "Join": "stops"}
    assert steps["Source"].reasons == [first.executions["Source"].name]
    assert steps["Join"].reasons == ["its condition is false"]


def test_the_part_that_changed_is_named_old_and_new(lab: Lab) -> None:
    lab.run(*counted("a"))
    assert lab.plan(*counted("b"))["Source"].reasons == ['parameter texts: ["a"] -> ["b"]']


def test_a_gate_a_skip_and_a_failing_driver_are_foreseen(lab: Lab) -> None:
    source = Source()
    judge = Judge(rows=source.rows, least=9)
    nodes = [source, judge, Copy(rows=source.rows, options=named("tied", after=[judge])), Picky(wanted=False)]
    lab.run(*nodes)
    steps = lab.plan(*nodes)
    assert answers(steps) == {"Source": "cached", "Judge": "cached", "tied": "stops", "Picky": "stops"}
    assert (steps["tied"].reasons, steps["Picky"].reasons) == (["Judge blocks"], ["nobody wants it"])


def test_what_is_gone_is_foreseen(lab: Lab) -> None:
    made = lab.run(Source()).executions["Source"].outputs["rows"][0]
    shutil.rmtree(made.path)
    step = lab.plan(Source())["Source"]
    assert step.answer == "runs"
    assert step.reasons[0] == f"{made.path} is gone"


def test_cache_off_is_foreseen_with_its_reason(lab: Lab) -> None:
    node = Source(options=named("Source", cache="off"))
    lab.run(node)
    assert (lab.plan(node)["Source"].answer, lab.plan(node)["Source"].reasons[0]) == (
        "runs",
        "the cache is not looked up",
    )


def test_what_is_not_selected_is_foreseen(lab: Lab) -> None:
    source = Source()
    copy = Copy(rows=source.rows)
    lab.run(source, copy)
    steps = lab.plan(source, copy, selected=frozenset(["Copy"]))
    assert answers(steps) == {"Source": "cached", "Copy": "cached"}
    assert steps["Source"].reasons[0].startswith("not selected: as ")


def test_spans_are_asked_for_once_more(lab: Lab) -> None:
    folder = lab.folder / "spans"
    folder.mkdir()
    (folder / "1.txt").touch()
    node = Spanned(folder=RuntimeParameter("folder", str, ""))
    lab.run(node, values={"folder": str(folder)})
    assert answers(lab.plan(node, values={"folder": str(folder)})) == {"Spanned": "cached"}
    (folder / "2.txt").touch()
    step = lab.plan(node, values={"folder": str(folder)})["Spanned"]
    assert (step.answer, step.reasons) == ("runs", ["fact span: 1 -> 2"])


def test_foreseeing_writes_nothing(lab: Lab) -> None:
    lab.run(*counted("a"))
    before = {file: file.stat().st_mtime_ns for file in lab.folder.rglob("*")}
    rows = (len(lab.store.runs()), len(lab.store.connection.mlmd.get_executions()))
    lab.plan(*counted("b"))
    lab.plan(*counted("a"))
    assert {file: file.stat().st_mtime_ns for file in lab.folder.rglob("*")} == before
    assert (len(lab.store.runs()), len(lab.store.connection.mlmd.get_executions())) == rows


def everything(texts: tuple[str, ...], span: int, least: int, blessed: float) -> list[Component]:
    """Gates, conditions, resolvers keyed and not, optional and required inputs."""
    source = Source(texts=texts, span=span)
    judge = Judge(rows=source.rows, least=least)
    count = Count(rows=source.rows)
    many = count.counts[Counts.number].at_least(2)
    copy = Copy(rows=source.rows, options=NodeOptions(after=[judge]))
    extra = Source(texts=["x"], options=named("extra", when=many))
    join = Join(first=extra.rows, others=[source.rows])
    train = Train(rows=source.rows, options=NodeOptions(when=many, after=[copy]))
    bless = Bless(model=train.model, least=blessed)
    drift, warm = Drift(rows=source.rows), Warm(first=source.rows)
    report = Join(first=join.joined, options=named("report", after=[judge, bless], run_if="always"))
    return [source, judge, count, copy, extra, join, train, bless, drift, warm, report]


edits = st.tuples(
    st.lists(st.sampled_from(["a", "b", "a "]), min_size=1, max_size=3).map(tuple),
    st.integers(1, 2),
    st.sampled_from([1, 2]),
    st.sampled_from([0.0, 2.0]),
)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(edits, min_size=1, max_size=3))
def test_a_run_does_what_was_foreseen(lab: Lab, several: list[tuple[tuple[str, ...], int, int, float]]) -> None:
    """`waits` is what foresight cannot know: it may do anything; all else is a promise."""
    for texts, span, least, blessed in several:
        foreseen = lab.plan(*everything(texts, span, least, blessed))
        finished = lab.run(*everything(texts, span, least, blessed))
        promised = {"runs": {"COMPLETE"}, "cached": {"CACHED"}, "stops": {"SKIPPED", "BLOCKED"}}
        for name, step in foreseen.items():
            if step.answer != "waits":
                assert state_of(finished.executions[name]) in promised[step.answer], (name, step)
            else:
                assert {foreseen[above].answer for above in step.reasons} <= {"runs", "waits"}
