"""Placeholders are handed on, never used as values."""

from collections.abc import Callable
from pathlib import Path

import pytest

from headrace import RuntimeParameter, Secret
from headrace.dsl.parameter import placeholders
from headrace.errors import DeclarationError
from tests.parts import Bless, Blessing, Counts, Names, Source, Train

TRIALS = RuntimeParameter("trials", int, 3)


@pytest.mark.parametrize("use", [str, bool, "{}".format, "{:>3}".format], ids=["str", "bool", "format", "format spec"])
def test_a_placeholder_is_not_a_value(use: Callable[[object], object]) -> None:
    blessing = Bless(model=Train(rows=Source().rows).model).blessing
    for unknown in (TRIALS, blessing[Blessing.blessed], Secret("PASSWORD")):
        with pytest.raises(DeclarationError, match="exists only in a run"):
            use(unknown)


def test_a_condition_is_not_a_value() -> None:
    with pytest.raises(DeclarationError, match="exists only in a run"):
        bool(TRIALS.equals(1) & ~TRIALS.at_least(2))
    with pytest.raises(DeclarationError, match="combine conditions with &"):
        assert not TRIALS.equals(1)


def test_placeholders_are_found_however_deep() -> None:
    condition = TRIALS.at_least(2) | TRIALS.equals(1)
    assert [*placeholders({"a": [1, TRIALS, (TRIALS,)], "b": condition, "c": "text"})] == [TRIALS] * 4


def test_a_channel_is_subscripted_with_a_property_of_its_type() -> None:
    source = Source()
    with pytest.raises(DeclarationError, match=r"a channel of Rows.*Write channel\[Rows"):
        source.rows[Names.names]  # type: ignore[index]  # the mistake under test
    with pytest.raises(DeclarationError, match="one of its properties"):
        source.rows["names"]  # type: ignore[index]  # the mistake under test
    assert [*placeholders(source.listed[Names.names])] != []


@pytest.mark.parametrize(("kind", "default"), [(int, "3"), (int, True), (str, 3), (bool, 1), (list[str], "a")], ids=str)
def test_a_runtime_parameter_has_a_default_of_its_type(kind: type[object], default: object) -> None:
    with pytest.raises(DeclarationError, match="a default of type"):
        RuntimeParameter("trials", kind, default)


def test_an_unset_property_says_what_to_do() -> None:
    counts = Counts(Path("nowhere"))
    with pytest.raises(DeclarationError, match=r"Counts.number is not set.*Counts.number.of\(artifact\)"):
        assert counts.number
    assert Counts.number.of(counts) is None
    counts.number = 3
    assert (Counts.number.of(counts), Counts.number(counts)) == (3, 3)
