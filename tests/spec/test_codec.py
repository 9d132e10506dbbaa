"""The JSON of a spec: exact both ways, versioned, the same bytes as the golden file."""

import json as plain_json
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings

from headrace.errors import SpecError
from headrace.spec import records as r
from headrace.spec.codec import VERSION, decode, read, to_json, write
from headrace.spec.from_pipeline import spec_of
from headrace.spec.messages import (
    Answer,
    ArtifactRecord,
    Canceled,
    Failed,
    Invocation,
    Item,
    NodeRun,
    Ready,
    Succeeded,
)
from tests.spec.pipelines import everything
from tests.spec.strategies import pipelines

GOLDEN = Path(__file__).parents[1] / "golden" / "everything.json"


@settings(max_examples=60, deadline=None)
@given(pipelines)
def test_the_round_trip_is_exact(spec: r.PipelineSpec) -> None:
    again = read(r.PipelineSpec, write(spec))
    assert again == spec
    assert write(again) == write(spec)  # the order of mappings too, which == does not see


def test_the_spec_of_a_pipeline_is_the_golden_one() -> None:
    """A change of the form raises VERSION; then write the file again: write(spec_of(everything()))."""
    assert VERSION == 2
    assert write(spec_of(everything())) == GOLDEN.read_text(encoding="utf-8")


def test_the_golden_spec_is_read_as_it_was_declared() -> None:
    assert read(r.PipelineSpec, GOLDEN.read_text(encoding="utf-8")) == spec_of(everything())


MADE = ArtifactRecord(type="Rows", layout=2, path="a/b", digest="d", properties={"n": [1, {"a": None}]}, size=3, id=4)


@pytest.mark.parametrize(
    "message",
    [
        MADE,
        Ready(inputs={"rows": (MADE, MADE), "none": ()}, parameters={"p": 1.5}, facts={"f": "1"}, no_reuse="why"),
        Invocation(
            executor="a:b",
            inputs={"rows": (MADE,)},
            parameters={"p": {"a": [True]}},
            functions={"f": "c:d"},
            outputs={"o": "there"},
            beam_args=("--x",),
            project="p",
            work="w",
        ),
        Answer(Succeeded({"made": {"n": 1}})),
        Answer(Failed(type="ValueError", message="m\nn", traceback="t", frame="f", log="l", permanent=True)),
        Answer(Canceled("interrupted")),
    ],
    ids=lambda message: type(message).__name__,
)
def test_messages_between_processes_are_exact(message: object) -> None:
    assert read(type(message), write(message)) == message


def test_a_node_run_is_plain_data_too() -> None:
    node = spec_of(everything()).nodes[0]
    node_run = NodeRun(pipeline="p", run="r", node=node, values={"n": 1}, frozen={"span": 2}, item=Item(0, "a"))
    assert read(NodeRun, write(node_run)) == node_run


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "a PipelineSpec that is not JSON"),
        ("[]", "of version None"),
        ("null", "of version None"),
        ('{"version": 1, "record": {}}', f"a PipelineSpec of version 1; expected version {VERSION}"),
        ('{"version": 2, "record": {"kind": "PipelineSpec"}}', r"an object with \['kind'\]"),
        ('{"version": 2, "record": {"kind": "NodeSpec"}}', r"expected one of \['PipelineSpec'\]"),
    ],
    ids=["no JSON", "a list", "null", "another version", "missing fields", "another kind"],
)
def test_another_form_is_refused(text: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        read(r.PipelineSpec, text)


def test_an_unknown_field_is_refused() -> None:
    text = GOLDEN.read_text(encoding="utf-8")
    with pytest.raises(SpecError, match="Write it with the same headrace"):
        read(r.PipelineSpec, text.replace('"retries"', '"retires"', 1))


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), object(), {1: "a"}, {"a": {1, 2}}, Path("a"), b"x"],
    ids=["nan", "inf", "object", "number as a key", "set", "path", "bytes"],
)
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(SpecError, match="a big value belongs in an artifact"):
        to_json(value)


def test_mappings_keep_their_order() -> None:
    assert [*plain_json.loads(write({"b": 1, "a": 2}))["record"]] == ["b", "a"]


@dataclass(frozen=True)
class Inner:
    """A part of a typed configuration."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Config:
    """A typed configuration, as a component declares it."""

    inner: Inner | None
    several: tuple[Inner, ...]
    limit: float = 1.0


@pytest.mark.parametrize(
    "config", [Config(None, ()), Config(Inner(("a",)), (Inner(()), Inner(("b", "c"))), 0.5)], ids=repr
)
def test_a_typed_configuration_arrives_as_it_was_given(config: Config) -> None:
    assert decode(Config, plain_json.loads(plain_json.dumps(to_json(config)))) == config
