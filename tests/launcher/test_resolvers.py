"""What resolvers find among older runs of the same pipeline."""

import shutil
from pathlib import Path

from headrace.dsl.component import Component
from headrace.metadata.records import Cached, Complete, Execution
from headrace.orchestrators.request import new_run_id
from tests.conftest import Lab
from tests.parts import Bless, Drift, Newest, Rows, Source, Train


def judged(*texts: str, span: int = 1, least: float = 0.0) -> list[Component]:
    source = Source(texts=texts, span=span)
    train = Train(rows=source.rows)
    return [source, train, Bless(model=train.model, least=least)]


def bless(lab: Lab, *texts: str, span: int = 1, least: float = 0.0) -> Execution:
    return lab.run(*judged(*texts, span=span, least=least)).executions["Bless"]


def blessed(execution: Execution) -> object:
    return execution.outputs["blessing"][0].properties["blessed"]


def test_run_ids_sort_by_time_and_are_unique() -> None:
    made = [new_run_id() for _ in range(300)]
    assert len(set(made)) == 300
    assert [name[:22] for name in made] == sorted(name[:22] for name in made)


def test_latest_reads_the_newest_of_older_runs_of_its_pipeline(lab: Lab) -> None:
    for text in "ab":
        lab.run(Source(texts=[text]))
    lab.run(Source(texts=["c"]), name="other")
    newest = lab.run(Newest()).executions["Newest"]
    assert Rows(Path(newest.inputs["newest"][0].path)).read() == ["b"]
    assert newest.resolvers == {"newest": "latest"}


def test_a_resolver_does_not_see_its_own_run(lab: Lab) -> None:
    lab.run(Source(texts=["old"]))
    newest = lab.run(Source(texts=["new"]), Newest()).executions["Newest"]
    assert Rows(Path(newest.inputs["newest"][0].path)).read() == ["old"]


def test_a_resolver_does_not_see_a_run_that_began_later(lab: Lab) -> None:
    """The later one may have finished first: run ids sort by time."""
    lab.run(Source(texts=["old"]))
    early = lab.run(Source(texts=["early"]), Newest()).run
    lab.run(Source(texts=["late"]))
    again = lab.run(Source(texts=["early"]), Newest(), resume=early).executions["Newest"]
    assert Rows(Path(again.inputs["newest"][0].path)).read() == ["old"]


def test_the_span_before_is_the_highest_below(lab: Lab) -> None:
    for span, text in ((1, "one"), (3, "three"), (2, "two"), (2, "two again"), (5, "five")):
        lab.run(Source(texts=[text], span=span))

    def before(span: int) -> list[str]:
        source = Source(texts=["x"], span=span)
        found = lab.run(source, Drift(rows=source.rows)).executions["Drift"].inputs["before"]
        return [line for artifact in found for line in Rows(Path(artifact.path)).read()]

    assert [before(span) for span in (9, 3, 2, 1)] == [["five"], ["two again"], ["one"], []]


def test_the_first_model_has_no_baseline_and_an_unchanged_rerun_is_cached(lab: Lab) -> None:
    first, again = bless(lab, "a"), bless(lab, "a")
    assert (first.inputs["baseline"], blessed(first)) == ((), True)
    assert again.status == Cached(first.id)


def test_the_baseline_is_the_newest_blessed_model_other_than_the_candidate(lab: Lab) -> None:
    small = bless(lab, "a")
    big = bless(lab, "a", "b")
    assert [a.digest for a in big.inputs["baseline"]] == [a.digest for a in small.inputs["model"]]
    assert blessed(big)


def test_a_rival_blessed_in_between_makes_the_judge_work_again(lab: Lab) -> None:
    one = bless(lab, "a", "b")
    rival = bless(lab, "a", "c")
    again = bless(lab, "a", "b")
    assert again.status == Complete()
    assert [a.digest for a in again.inputs["baseline"]] == [a.digest for a in rival.inputs["model"]]
    assert one.inputs["baseline"] == ()
    assert isinstance(bless(lab, "a", "b").status, Cached)


def test_a_model_that_was_not_blessed_is_no_baseline(lab: Lab) -> None:
    refused = bless(lab, "a", least=9.0)
    assert not blessed(refused)
    assert bless(lab, "b", "c").inputs["baseline"] == ()


def test_a_model_of_a_later_span_is_no_baseline(lab: Lab) -> None:
    """So that a rerun of spans 1 and 2 stays cached: span 1 is not judged against span 2."""
    one, two = bless(lab, "a", span=1), bless(lab, "a", "b", span=2)
    assert [a.digest for a in two.inputs["baseline"]] == [a.digest for a in one.inputs["model"]]
    again = [bless(lab, "a", span=1), bless(lab, "a", "b", span=2)]
    assert [e.status for e in again] == [Cached(one.id), Cached(two.id)]


def test_a_model_whose_folder_is_recorded_as_gone_is_no_baseline(lab: Lab) -> None:
    small = bless(lab, "a")
    lab.store.mark_deleted(small.inputs["model"])
    assert bless(lab, "a", "b").inputs["baseline"] == ()


def test_another_pipelines_models_are_no_baseline(lab: Lab) -> None:
    lab.run(*judged("a"), name="other")
    assert bless(lab, "a", "b").inputs["baseline"] == ()


def test_what_is_gone_from_the_disk_is_not_found(lab: Lab) -> None:
    made = [lab.run(Source(texts=[text])).executions["Source"].outputs["rows"][0] for text in ("a", "b")]
    shutil.rmtree(made[1].path)
    assert lab.run(Newest()).executions["Newest"].inputs["newest"] == (made[0],)
    shutil.rmtree(made[0].path)
    later = Source(texts=["c"], span=2)
    assert lab.run(later, Drift(rows=later.rows)).executions["Drift"].inputs["before"] == ()
