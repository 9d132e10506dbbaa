"""Nodes that make a pipeline, and those that do not."""

import pytest

from headrace import NodeOptions, Pipeline
from headrace.dsl.component import Component
from headrace.errors import PipelineError
from tests.parts import Bless, Blessing, Copy, Join, Source, Train, named


def test_a_node_is_called_after_its_class_or_as_its_options_say() -> None:
    source, other = Source(), Source(options=named("other-one"))
    assert [*Pipeline("p", [source, other]).ids.values()] == ["Source", "other-one"]


def test_nodes_may_be_listed_in_any_order_and_belong_to_two_pipelines() -> None:
    source = Source()
    copy = Copy(rows=source.rows)
    assert Pipeline("p", [copy, source]).ids[copy] == Pipeline("q", [source, copy]).ids[copy] == "Copy"


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([Source(), Source()], r"two nodes are called 'Source': test_pipeline.py:\d+ and test_pipeline.py:\d+"),
        ([Join(first=Source().rows)], r"Join \(.*\) needs Source .* which is not in the pipeline 'p'.*Add it"),
        ([Join(others=[Source().rows])], "Join .* needs Source"),
        ([Join(options=NodeOptions(after=[Source()]))], "Join .* needs Source"),
        ([Source().rows], "among the nodes; expected components"),
    ],
    ids=["two of one id", "input", "several inputs", "after", "a channel"],
)
def test_what_makes_no_pipeline_is_refused(nodes: list[Component], message: str) -> None:
    with pytest.raises(PipelineError, match=message):
        Pipeline("p", nodes)


def test_a_condition_and_a_parameter_need_their_node_too() -> None:
    bless = Bless(model=Train(rows=Source().rows).model)
    wanted = bless.blessing[Blessing.blessed].equals(True)
    with pytest.raises(PipelineError, match=r"Join .* needs Bless"):
        Pipeline("p", [Join(options=NodeOptions(when=wanted))])
    with pytest.raises(PipelineError, match=r"Source .* needs Bless"):
        Pipeline("p", [Source(texts=[bless.blessing[Blessing.model]])])


def test_the_exit_handler_is_a_node_of_the_pipeline() -> None:
    source = Source()
    pipeline = Pipeline("p", [source], on_exit=Join(first=source.rows, options=named("last")))
    assert [*pipeline.ids.values()] == ["Source", "last"]
    with pytest.raises(PipelineError, match="two nodes are called 'Source'"):
        Pipeline("p", [source], on_exit=Source())


@pytest.mark.parametrize("name", ["", "a b", "a/b", "1a", ".."])
def test_a_name_that_is_no_folder_is_refused(name: str) -> None:
    with pytest.raises(PipelineError, match="Rename it"):
        Pipeline(name, [Source()])
