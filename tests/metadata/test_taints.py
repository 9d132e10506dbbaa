"""The property `tainted`, written and read."""

import pytest

from headrace.metadata.taints import Taints, taints_in


def test_what_is_written_is_read() -> None:
    taints = Taints().with_mark("artifact:1", "a").with_mark("r-1", "b").with_mark("artifact:1", "c")
    assert taints_in(taints.text) == taints
    assert taints.told("artifact:1") == "a, c; b (from r-1)"


@pytest.mark.parametrize(
    "text", ["wrong labels", "{}", '{"a": 1}', '{"artifact:1": "x"}', "[1]", "7", '{"artifact:1": []}']
)
def test_anything_else_is_one_bare_reason(text: str) -> None:
    assert taints_in(text).told() == text


def test_a_bare_reason_stays_beside_a_mark_and_goes_with_one() -> None:
    both = taints_in("old").with_mark("artifact:1", "new")
    assert taints_in(both.text).told("artifact:1") == "old; new"
    assert both.without("artifact:2").told() == "new (from artifact:1)"


def test_nothing_is_written_where_nothing_taints() -> None:
    assert Taints().with_mark("artifact:1", "a").without("artifact:1").text == ""
    assert taints_in("") == Taints()
