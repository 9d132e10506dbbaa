"""Patience: an outage of the store is ridden out, and the connection opened again.

A call may have been answered before its answer was lost, so what is repeated must find what it did the first time.
"""

import os
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from ml_metadata.errors import (
    DeadlineExceededError,
    FailedPreconditionError,
    InternalError,
    StatusError,
    UnavailableError,
    UnknownError,
)

from headrace.errors import ConfigError, UnfitEnvironment, first_line
from headrace.metadata.road import Road

OUTAGE = 60.0
"""Seconds that a store may be unreachable in the middle of a run."""
CONNECT = 10.0
"""Seconds that a store may take to answer for the first time."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
VARIABLE = "HEADRACE_STORE_PATIENCE"

LOST = (
    "Lost connection",  # MySQL, MariaDB
    "gone away",
    "Connection was killed",
    "shutdown in progress",
    "retry connection",
    "server closed the connection",  # PostgreSQL
    "terminating connection",
    "could not receive data",
    "could not send data",
    "no connection to the server",
    "the database system is",
    "connection pointer is NULL",
    "Transaction already open",  # ML Metadata, whose rollback was lost
    "RST_STREAM",  # gRPC
    "Stream removed",
)
SILENCE = "PostgreSQL metadata source error:"
"""What PostgreSQL's client says, and nothing more, once its connection is gone."""


class Unreachable(Exception):  # noqa: N818  a state, which patience waits out
    """The store did not answer this once."""


def outage_patience(environment: Mapping[str, str] = os.environ) -> float:
    """Read how many seconds an outage is ridden out."""
    text = environment.get(VARIABLE, "")
    try:
        seconds = float(text or OUTAGE)
    except ValueError:
        seconds = -1.0
    if not seconds >= 0:
        raise ConfigError(found=f"{VARIABLE} is {text!r}", expected="a number of seconds", do="Correct it")
    return seconds


class Patient:
    """A road that is opened again when it is lost, by whoever comes first.

    After it has lost its patience it tries only once, until the store answers again.
    """

    def __init__(self, open_road: Callable[[], Road], name: str, patience: float) -> None:
        self._open_road, self._name, self._patience = open_road, name, patience
        self._road: Road | None = None
        self._gave_up = False
        self._guard = threading.Lock()

    def __call__(self, method: str, request: Any, response: Any) -> None:
        self._tried(lambda: self.once(method, request, response), 0.0 if self._gave_up else self._patience)

    def open(self, patience: float) -> None:
        """Open the road for the first time."""
        self._tried(self._opened, patience)

    def once(self, method: str, request: Any, response: Any) -> None:
        """Make a call without patience; raises Unreachable."""
        road = self._opened()
        try:
            road(method, request, response)
        except StatusError as error:
            if not is_lost(error):
                raise
            with self._guard:
                self._road = None if self._road is road else self._road
            raise Unreachable(first_line(error)) from None

    def _opened(self) -> Road:
        with self._guard:
            if self._road is None:
                self._road = self._open_road()
            return self._road

    def _tried(self, act: Callable[[], object], patience: float) -> None:
        began, pause = time.monotonic(), FIRST_PAUSE
        while True:
            try:
                act()
            except Unreachable as lost:
                waited = time.monotonic() - began
                if waited + pause > patience:
                    self._gave_up = True
                    raise self._unfit(lost, waited) from None
            else:
                self._gave_up = False
                return
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _unfit(self, lost: Unreachable, waited: float) -> UnfitEnvironment:
        return UnfitEnvironment(
            found=f"the metadata store {self._name} does not answer, tried for {waited:.0f} s ({lost})",
            expected="a store that can be reached and takes this user",
            do=f"Check that it runs, and `store` in the configuration; {VARIABLE} says how long an outage may last",
        )


def is_lost(error: StatusError) -> bool:
    """Tell whether a call failed because the store was not reached, or not heard to the end."""
    if isinstance(error, UnavailableError | DeadlineExceededError):
        return True
    if not isinstance(error, InternalError | UnknownError | FailedPreconditionError):
        return False
    text = str(error)
    return any(said in text for said in LOST) or text.strip().endswith(SILENCE)
