"""What a declaration becomes."""

from pathlib import Path

import pytest

from headrace import NodeOptions, Pipeline, RuntimeParameter
from headrace.dsl.component import Component
from headrace.errors import PipelineError, SpecError
from headrace.spec import records as r
from headrace.spec.from_pipeline import spec_of
from headrace.spec.order import ordered
from headrace.testing import given
from tests.parts import Copy, Counting, Join, Judge, Misbehaving, Rows, Source, named
from tests.spec.pipelines import everything


def spec_with(*nodes: Component) -> r.PipelineSpec:
    return spec_of(Pipeline("p", nodes))


def test_runtime_parameters_are_collected_with_type_and_default() -> None:
    assert spec_of(everything()).parameters == {
        "word": r.RunParameter("str", "b"),
        "n": r.RunParameter("int", 3),
        "least": r.RunParameter("float", 1.0),
    }


def test_one_name_has_one_default() -> None:
    two = [RuntimeParameter("n", str, "a"), RuntimeParameter("n", str, "b")]
    with pytest.raises(PipelineError, match=r"one type and one default.*Declare it once"):
        spec_with(Source(texts=two))


def test_a_value_that_json_cannot_hold_names_component_parameter_and_place() -> None:
    with pytest.raises(SpecError, match=r"Source.texts \(test_from_pipeline.py:\d+\): .*PosixPath"):
        spec_with(Source(texts=[Path("a")]))  # type: ignore[list-item]  # the mistake under test


def test_a_default_that_json_cannot_hold_names_its_parameter() -> None:
    with pytest.raises(SpecError, match=r"the default of the runtime parameter 'n': 1j of type complex"):
        spec_with(Source(texts=[RuntimeParameter("n", complex, 1j)]))  # type: ignore[arg-type]  # the mistake under test


def test_gates_tie_by_data_by_order_and_only_to_their_own_type() -> None:
    source = Source()
    judge = Judge(rows=source.rows, least=1)
    free, tied = (
        Copy(rows=source.rows, options=named("free")),
        Copy(rows=source.rows, options=named("tied", after=[judge])),
    )
    gates = {node.id: node.gates for node in spec_with(source, judge, free, tied).nodes}
    assert gates == {"Source": {}, "Judge": {}, "free": {}, "tied": {"Judge": ("verdict",)}}


def test_locations_and_functions_are_apart_from_other_parameters() -> None:
    spec = everything()
    nodes = {node.id: node for node in spec_of(spec).nodes}
    assert nodes["Counting"].locations == ("ledger",)
    assert nodes["Apply"].functions == {"function": "tests.parts:named"}
    assert "function" not in nodes["Apply"].parameters
    assert nodes["Spanned"].freezer == "tests.parts:newest_span"


def test_an_artifact_of_no_pipeline_is_a_source() -> None:
    rows = Rows(Path("there"), {"span": 3})
    (copy,) = spec_with(Copy(rows=given(rows))).nodes
    assert copy.inputs["rows"].sources == (r.FromUri("Rows", 1, "there", {"span": 3}),)


def test_a_constant_stays_a_constant_and_what_holds_a_placeholder_does_not() -> None:
    word = RuntimeParameter("word", str, "b")
    (source, _) = spec_with(Source(texts=["a", word]), Misbehaving(how="raise", memory="m")).nodes
    assert source.parameters["texts"] == r.ListOf((r.Constant("a"), r.RunValue("word")))
    assert source.parameters["span"] == r.Constant(1)


def test_the_exit_handler_is_named() -> None:
    source = Source()
    spec = spec_of(Pipeline("p", [source], on_exit=Counting(ledger="l", options=NodeOptions(id="bye"))))
    assert (spec.on_exit, [node.id for node in spec.nodes]) == ("bye", ["Source", "bye"])


def test_several_inputs_keep_their_order() -> None:
    one, two = Source(options=named("one")), Source(options=named("two"))
    spec = spec_with(one, two, Join(others=[two.rows, one.rows]))
    assert spec.nodes[2].inputs["others"].sources == (r.FromNode("two", "rows"), r.FromNode("one", "rows"))


class Special(Rows):
    """A subtype of Rows."""


def test_a_subtype_may_be_given_where_its_parent_is_asked_for() -> None:
    (copy,) = ordered(spec_with(Copy(rows=given(Special(Path("there"))))))
    (source,) = copy.inputs["rows"].sources
    assert isinstance(source, r.FromUri)
    assert (copy.inputs["rows"].type, source.type) == ("Rows", "Special")
