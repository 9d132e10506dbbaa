"""The order of nodes, and specs edited by hand into what cannot be declared."""

from dataclasses import replace

import pytest

from headrace import Pipeline
from headrace.errors import SpecError
from headrace.spec import records as r
from headrace.spec.from_pipeline import spec_of
from headrace.spec.order import optional, ordered, required, run_values_in, waits_for
from headrace.spec.records import NodeSpec, PipelineSpec
from tests.parts import Copy, Join, Source
from tests.spec.pipelines import everything


def chain() -> PipelineSpec:
    source = Source()
    copy = Copy(rows=source.rows)
    return spec_of(Pipeline("p", [Join(first=copy.copied), copy, source]))


def edited(spec: PipelineSpec, name: str, **fields: object) -> PipelineSpec:
    nodes = [replace(n, **fields) if n.id == name else n for n in spec.nodes]  # type: ignore[arg-type]  # as NodeSpec has
    return replace(spec, nodes=tuple(nodes))


def node(spec: PipelineSpec, name: str) -> NodeSpec:
    (found,) = (n for n in spec.nodes if n.id == name)
    return found


def test_each_node_comes_after_what_it_waits_for() -> None:
    assert [n.id for n in ordered(chain())] == ["Source", "Copy", "Join"]
    spec = spec_of(everything())
    order = [n.id for n in ordered(spec)]
    assert all(order.index(above) < order.index(n.id) for n in spec.nodes for above in waits_for(n, spec))


def test_the_exit_handler_waits_for_all_others() -> None:
    spec = spec_of(everything())
    assert sorted(waits_for(node(spec, "Last"), spec)) == sorted(n.id for n in spec.nodes if n.id != "Last")
    assert ordered(spec)[-1].id == "Last"


def test_required_and_optional_upstream_are_told_apart() -> None:
    spec = spec_of(everything())
    assert (required(node(spec, "All")), optional(node(spec, "All"))) == ([], ["Renamed", "Source", "Counting"])
    assert required(node(spec, "Counting")) == ["Bless"]  # by its condition
    assert required(node(spec, "Renamed")) == ["Bless"]  # by a value
    assert required(node(spec, "Train")) == ["Apply", "Judge", "Drift"]  # by data and by order


def test_the_parameters_that_a_node_uses_are_found() -> None:
    nodes = {n.id: n for n in spec_of(everything()).nodes}
    assert [*run_values_in(nodes["Source"].parameters["texts"])] == ["word"]
    assert [*run_values_in(nodes["Counting"].options.when)] == ["least"]


def test_a_cycle_is_refused_and_named() -> None:
    spec = chain()
    looped = edited(spec, "Source", options=replace(node(spec, "Source").options, after=("Join",)))
    with pytest.raises(SpecError, match=r"nodes of 'p' wait for each other: .*Source.*an order in which each can run"):
        ordered(looped)


@pytest.mark.parametrize(
    ("name", "fields", "message"),
    [
        ("Copy", {"inputs": {"rows": r.InputSpec("Rows", (r.FromNode("Ghost", "x"),), True, False)}}, r"\['Ghost'\]"),
        ("Copy", {"inputs": {"rows": r.InputSpec("Rows", (r.FromNode("Source", "x"),), True, False)}}, "Source.x"),
        ("Copy", {"items": r.Constant([1])}, "for_each is reserved"),
        ("Copy", {"inputs": {"rows": r.InputSpec("Rows", (r.FromItems("Source", "rows"),), True, True)}}, "for_each"),
        ("Copy", {"id": "Source"}, "two nodes of 'p' are called 'Source'"),
    ],
    ids=["unknown node", "unknown output", "for_each", "collected", "two of one id"],
)
def test_what_cannot_be_declared_is_refused(name: str, fields: dict[str, object], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        ordered(edited(chain(), name, **fields))


def test_an_order_after_an_unknown_node_is_refused() -> None:
    spec = chain()
    with pytest.raises(SpecError, match=r"Copy waits for \['Ghost'\]"):
        ordered(edited(spec, "Copy", options=replace(node(spec, "Copy").options, after=("Ghost",))))
