"""The grammar of filters."""

import pytest

from headrace.errors import ConfigError
from headrace.lineage.filter import Facts, Term, matches, parsed

NOW = 1_000_000_000.0
FACTS = Facts(
    {"state": "FAILED", "param.trials": 4, "param.name": "big one", "node": ["Trainer", "Pusher"], "seconds": None},
    NOW - 3600,
    ["20261124-1030", "flights", "a note: it broke"],
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "state:failed",
        "state:COMPLETE,FAILED",
        "state!=COMPLETE",
        "state:F*",
        "param.trials>3",
        "param.trials>=4 param.trials<=4.0",
        "param.trials=4",
        'param.name:"big one"',
        "node:Pusher",
        "since:2h",
        "since:1990-01-01 until:30m",
        "FLIGHTS 1030",
        "note:",
        '"it broke"',
    ],
)
def test_what_fits(text: str) -> None:
    assert matches(parsed(text), FACTS, lambda: NOW)


@pytest.mark.parametrize(
    "text",
    [
        "state:COMPLETE",
        "param.trials>4",
        "param.trials<four",
        "param.lr>0",
        "seconds>1",
        "node:Tuner",
        "since:30m",
        "until:2h",
        "flights cargo",
    ],
)
def test_what_does_not_fit(text: str) -> None:
    assert not matches(parsed(text), FACTS, lambda: NOW)


def test_terms_have_names_operators_and_values() -> None:
    assert parsed("a:b param.x>=0.5 plain") == [
        Term("a", ":", "b"),
        Term("param.x", ">=", "0.5"),
        Term("", ":", "plain"),
    ]


@pytest.mark.parametrize("text", ['"open', "since:soon", "until:2026-13-01"])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        matches(parsed(text), FACTS, lambda: NOW)
