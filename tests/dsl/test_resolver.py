"""Resolvers as inputs, and what is reserved."""

import pytest

from headrace import Channel, Component, Function, Pipeline, latest, latest_blessed, output, previous_span
from headrace.dsl.artifact import Artifact
from headrace.dsl.resolver import for_each, span_range
from headrace.dsl.source import Query
from headrace.errors import DeclarationError
from tests.parts import Bless, Newest, Rows, Trained, Warm


@pytest.mark.parametrize(
    ("channel", "name", "keyed"),
    [
        (latest(Rows), "latest", True),
        (latest(Rows, keyed=False), "latest", False),
        (previous_span(Rows, of="rows"), "previous_span", True),
        (latest_blessed(Trained, other_than="model"), "latest_blessed", True),
    ],
    ids=["latest", "accelerator", "previous_span", "latest_blessed"],
)
def test_a_resolver_asks_for_a_type(channel: Channel[Artifact], name: str, keyed: bool) -> None:
    assert isinstance(channel.source, Query)
    assert channel.source.resolver.parse().name == name
    assert channel.source.arguments["type"] == channel.kind.type_id
    assert channel.source.keyed is keyed


def test_a_resolver_is_an_inputs_default_and_can_be_replaced_or_left_out() -> None:
    assert isinstance(Newest().newest.source, Query)
    assert Warm(earlier=None).earlier is None
    assert [*Pipeline("p", [Newest()]).ids.values()] == ["Newest"]
    assert isinstance(Bless(model=latest(Trained)).model.source, Query)


def test_a_resolver_of_another_type_is_refused() -> None:
    with pytest.raises(DeclarationError, match="a channel of Rows"):
        Newest(newest=latest(Trained))  # type: ignore[arg-type]  # the mistake under test


def test_what_is_reserved_is_refused_with_what_to_do() -> None:
    with pytest.raises(DeclarationError, match=r"ranges of spans are reserved.*headrace run --span"):
        span_range(Rows, 3)
    with pytest.raises(DeclarationError, match=r"for_each is reserved.*Python loop"):
        for_each([1, 2], print)


def takes_rows(before: Rows | None, made: Rows) -> None: ...


def test_a_resolver_may_be_the_default_of_an_optional_input() -> None:
    class Fine(Component):
        before: Channel[Rows] | None = latest(Rows)
        made: Channel[Rows] = output()

        executor = Function.of(takes_rows)

    assert not Fine.declaration.inputs["before"].required
