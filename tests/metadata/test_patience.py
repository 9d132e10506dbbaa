"""Patience with a store that does not answer, with roads that fail as often as a test says."""

from typing import Any

import pytest
from ml_metadata.errors import (
    AlreadyExistsError,
    DeadlineExceededError,
    FailedPreconditionError,
    InternalError,
    NotFoundError,
    StatusError,
    UnavailableError,
)

from headrace.errors import ConfigError, UnfitEnvironment
from headrace.metadata.patience import Patient, is_lost, outage_patience
from headrace.metadata.road import Road


class Shaky:
    """A road that fails a number of times, and counts how often it was opened and called."""

    def __init__(self, failures: int) -> None:
        self.failures, self.opened, self.called = failures, 0, 0

    def open(self) -> Road:
        self.opened += 1
        return self

    def __call__(self, method: str, request: Any, response: Any) -> None:
        self.called += 1
        if self.failures:
            self.failures -= 1
            raise UnavailableError(f"{method} with {request} and {response} is lost")


def test_a_call_is_made_again_on_a_new_road() -> None:
    road = Shaky(2)
    Patient(road.open, "s", 30.0)("Get", None, None)
    assert (road.opened, road.called) == (3, 3)


def test_after_the_patience_is_lost_one_try_each_until_the_store_answers() -> None:
    road = Shaky(6)
    patient = Patient(road.open, "grpc://h:1", 0.4)
    with pytest.raises(UnfitEnvironment, match="grpc://h:1 does not answer"):
        patient("Get", None, None)
    called = road.called
    with pytest.raises(UnfitEnvironment):
        patient("Get", None, None)
    assert road.called == called + 1
    road.failures = 0
    patient("Get", None, None)
    road.failures = 1
    patient("Get", None, None)
    assert road.failures == 0


@pytest.mark.parametrize(
    ("error", "lost"),
    [
        (UnavailableError("failed to connect"), True),
        (DeadlineExceededError("Deadline Exceeded"), True),
        (InternalError("mysql_query failed: errno: Lost connection to MySQL server during query"), True),
        (InternalError("PostgreSQL metadata source error: FATAL:  terminating connection due to administrator"), True),
        (InternalError("PostgreSQL metadata source error: "), True),
        (FailedPreconditionError("Transaction already open."), True),
        (InternalError("PostgreSQL metadata source error: ERROR:  syntax error"), False),
        (AlreadyExistsError("Lost connection is the name of a node"), False),
        (NotFoundError("no type"), False),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_means_that_the_store_was_not_reached(error: StatusError, lost: bool) -> None:
    assert is_lost(error) == lost


def test_the_patience_is_a_setting() -> None:
    assert outage_patience({}) == 60.0
    assert outage_patience({"HEADRACE_STORE_PATIENCE": "7.5"}) == 7.5
    for text in ("long", "-1", "nan"):
        with pytest.raises(ConfigError, match="HEADRACE_STORE_PATIENCE is"):
            outage_patience({"HEADRACE_STORE_PATIENCE": text})
