"""An interrupted run leaves CANCELED, never RUNNING, and no process."""

import threading
import time
from pathlib import Path

import pytest

from headrace import NodeOptions
from headrace.errors import ExitCode
from headrace.launcher.decide import CacheRules
from headrace.metadata.states import state_of
from headrace.orchestrators.events import Event
from headrace.orchestrators.request import Finished
from headrace.spec.messages import Canceled
from headrace.workers.claims import FileClaims
from tests.conftest import Lab, states
from tests.parts import Copy, Counting, Misbehaving, Source, named


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    """A lab whose run is interrupted as soon as a node that hangs is RUNNING."""
    lab = Lab(tmp_path)

    def interrupt(event: Event) -> None:
        if (event.node, event.to) == ("Hang", "RUNNING"):
            lab.interrupted.set()

    lab.listeners = (interrupt,)
    return lab


def hang(lab: Lab, **options: object) -> Misbehaving:
    return Misbehaving(how="hang", memory=str(lab.folder / "memory"), options=named("Hang", **options))


def check_nothing_runs(lab: Lab, finished: Finished) -> None:
    assert [e.name for e in lab.attempts(finished.run.id) if e.ended == 0] == []
    assert lab.store.run(finished.run.id).state == "CANCELED"
    assert finished.exit_code() == ExitCode.INTERRUPTED


def test_what_runs_and_what_waits_is_canceled(lab: Lab) -> None:
    node = hang(lab)
    began = time.monotonic()
    finished = lab.run(node, Copy(rows=node.made))
    assert states(finished) == {"Hang": "CANCELED", "Copy": "CANCELED"}
    assert [e.status for e in finished.executions.values()] == [Canceled("interrupted")] * 2
    assert time.monotonic() - began < 60
    check_nothing_runs(lab, finished)
    assert [*(lab.root / "Hang").iterdir()] == []


def test_what_had_finished_stays_and_is_reused_by_resuming(lab: Lab) -> None:
    source = Source()
    node = hang(lab, after=[source])
    finished = lab.run(source, node)
    assert states(finished) == {"Source": "COMPLETE", "Hang": "CANCELED"}
    lab.interrupted, lab.listeners = threading.Event(), ()
    instead = Misbehaving(how="recover", memory=str(lab.folder / "memory"), options=named("Hang", after=[source]))
    (lab.folder / "memory").touch()
    again = lab.run(source, instead, resume=lab.store.run(finished.run.id))
    assert states(again) == {"Source": "CACHED", "Hang": "COMPLETE"}
    assert (again.run.id, lab.store.run(again.run.id).state) == (finished.run.id, "COMPLETE")


def test_a_run_that_is_interrupted_before_it_starts_cancels_everything(lab: Lab) -> None:
    lab.interrupted.set()
    finished = lab.run(Source(), Counting(ledger=str(lab.folder / "ledger")))
    assert states(finished) == {"Source": "CANCELED", "Counting": "CANCELED"}
    assert not (lab.folder / "ledger").exists()
    check_nothing_runs(lab, finished)


def test_an_interrupted_node_is_not_tried_again(lab: Lab) -> None:
    finished = lab.run(hang(lab, retries=5, backoff=0.0))
    assert [e.attempt for e in lab.attempts(finished.run.id)] == [1]


def test_the_pause_before_a_retry_is_cut_short(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    lab.listeners = (lambda event: lab.interrupted.set() if event.to == "FAILED" else None,)
    began = time.monotonic()
    bad = Misbehaving(how="raise", memory=str(tmp_path / "m"), options=NodeOptions(retries=1, backoff=300.0))
    finished = lab.run(bad, Copy(rows=bad.made))
    assert time.monotonic() - began < 60
    assert finished.exit_code() == ExitCode.INTERRUPTED
    assert "RUNNING" not in states(finished).values()


def test_one_that_waits_for_another_runs_claim_is_canceled(tmp_path: Path) -> None:
    """Two nodes of one key in one run: one works, one waits; both end."""
    lab = Lab(tmp_path)
    nodes = [Misbehaving(how="hang", memory=str(tmp_path / "m"), options=named(name)) for name in ("Hang", "Other")]

    def interrupt(event: Event) -> None:
        if event.to == "RUNNING" and event.node:
            threading.Timer(0.3, lab.interrupted.set).start()

    lab.listeners = (interrupt,)
    finished = lab.run(*nodes)
    assert states(finished) == {"Hang": "CANCELED", "Other": "CANCELED"}
    check_nothing_runs(lab, finished)


@pytest.mark.parametrize(("error", "state"), [(KeyboardInterrupt, "CANCELED"), (RuntimeError, "FAILED")])
def test_an_error_of_the_orchestrator_ends_what_runs(tmp_path: Path, error: type[BaseException], state: str) -> None:
    """A second Ctrl-C arrives as an exception; so does a store that is locked for too long."""
    lab = Lab(tmp_path)

    def break_off(event: Event) -> None:
        if (event.node, event.to) == ("Source", "COMPLETE"):
            raise error

    lab.listeners = (break_off,)
    began = time.monotonic()
    with pytest.raises(error):
        lab.run(hang(lab), Source())
    (run,) = lab.store.runs()
    assert (run.state, time.monotonic() - began < 60) == (state, True)
    ended = {e.node: state_of(e) for e in lab.attempts(run.id)}
    assert ended == {"Hang": "CANCELED", "Source": "COMPLETE"}


def test_what_waits_for_another_run_says_that_it_was_canceled(lab: Lab) -> None:
    other = Source(texts=["b"], options=named("Other"))
    key = lab.run(other).executions["Other"].key
    assert key
    with FileClaims(lab.workspace.place.state.claims).claimed(key.digest):
        finished = lab.run(hang(lab), other, rules=CacheRules(refresh=True))
    assert states(finished) == {"Hang": "CANCELED", "Other": "CANCELED"}
    told = [(event.node, event.to) for event in lab.events(finished.run.id)]
    assert ("Other", "CANCELED") in told
