"""Claims in a store: of two that want the same key, one works, wherever they run."""

import threading
import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from headrace.metadata.claim_records import Claim, ClaimRecords
from headrace.metadata.store import Store
from headrace.workers.lease import Holder, this_process
from headrace.workers.store_claims import StoreClaims
from tests.metadata.executions import store_in

KEY = "a" * 64


class Clock:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.now = 5_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_in(tmp_path)


def record(store: Store, holder: Holder, number: int = 1) -> Claim:
    """Leave a claim of another process."""
    made = ClaimRecords(store.connection).make(Claim(key=KEY, number=number, holder=asdict(holder)))
    assert made is not None
    return made


ELSEWHERE = replace(this_process(), host="elsewhere", boot="another", namespace="another")


def test_one_of_two_has_the_claim(store: Store) -> None:
    with StoreClaims(store).claimed(KEY) as mine:
        assert (mine, StoreClaims(store).is_claimed(KEY)) == (True, True)
        with StoreClaims(store).claimed(KEY) as other, StoreClaims(store).claimed("b" * 64) as another_key:
            assert (other, another_key) == (False, True)
        assert StoreClaims(store).is_claimed(KEY)
    assert not StoreClaims(store).is_claimed(KEY)


def test_a_claim_is_given_back_when_the_work_fails(store: Store) -> None:
    with pytest.raises(ValueError, match="no"), StoreClaims(store).claimed(KEY):
        raise ValueError("no")
    assert not StoreClaims(store).is_claimed(KEY)


def test_the_next_claim_has_the_next_number_and_is_found_in_few_reads(store: Store) -> None:
    for number in range(1, 40):
        with StoreClaims(store).claimed(KEY) as mine:
            assert mine
        last = ClaimRecords(store.connection).last(KEY)
        assert last is not None
        assert (last.number, last.given_back) == (number, True)


def test_a_holder_here_is_dead_when_its_process_is(store: Store) -> None:
    record(store, replace(this_process(), born="1"))
    assert not StoreClaims(store).is_claimed(KEY)
    with StoreClaims(store).claimed(KEY) as mine:
        assert mine
        last = ClaimRecords(store.connection).last(KEY)
        assert last is not None
        assert last.number == 2


@pytest.mark.parametrize(
    "holder",
    [
        ELSEWHERE,
        replace(this_process(), boot="another"),
        replace(this_process(), namespace="pid:[1]", born="1"),
    ],
    ids=["another host", "another machine of this name", "another container of this name"],
)
def test_a_holder_elsewhere_is_dead_when_its_counter_stood_still(store: Store, holder: Holder) -> None:
    clock = Clock()
    claims = StoreClaims(store, beat=2.0, still=15.0, clock=clock)
    record(store, holder)
    for _ in range(14):
        assert claims.is_claimed(KEY)
        clock.now += 1.0
    with claims.claimed(KEY) as mine:
        assert not mine
    clock.now += 1.0
    assert not claims.is_claimed(KEY)
    with claims.claimed(KEY) as mine:
        assert mine


def test_a_holder_elsewhere_that_beats_is_alive(store: Store) -> None:
    clock = Clock()
    claims = StoreClaims(store, beat=2.0, still=15.0, clock=clock)
    claim = record(store, ELSEWHERE)
    for beats in range(30):
        clock.now += 2.0
        ClaimRecords(store.connection).beat(replace(claim, counter=beats // 6))
        assert claims.is_claimed(KEY)


def test_one_who_could_not_look_begins_to_watch_anew(store: Store) -> None:
    clock = Clock()
    claims = StoreClaims(store, beat=2.0, still=15.0, clock=clock)
    record(store, ELSEWHERE)
    for passed in (0.0, 5.0, 60.0, 5.0, 5.0, 4.0):
        clock.now += passed
        assert claims.is_claimed(KEY)
    clock.now += 1.0
    assert not claims.is_claimed(KEY)


def test_one_look_of_a_new_process_tells_a_dead_holder_elsewhere(store: Store) -> None:
    record(store, ELSEWHERE)
    began = time.monotonic()
    assert not StoreClaims(store, beat=0.02, still=0.2).is_held_after_watching(KEY)
    assert time.monotonic() - began >= 0.2


def test_one_look_of_a_new_process_tells_a_living_holder_elsewhere(store: Store) -> None:
    claim = record(store, ELSEWHERE)
    beat = threading.Timer(0.1, ClaimRecords(store.connection).beat, [replace(claim, counter=1)])
    beat.start()
    assert StoreClaims(store, beat=0.02, still=60.0).is_held_after_watching(KEY)
    beat.join()


def test_a_holder_here_is_told_without_watching(store: Store) -> None:
    claims = StoreClaims(store, beat=60.0)
    assert not claims.is_held_after_watching(KEY)
    with claims.claimed(KEY):
        assert claims.is_held_after_watching(KEY)
    assert not claims.is_held_after_watching(KEY)


def test_a_claim_beats_while_it_is_held(store: Store) -> None:
    with StoreClaims(store, beat=0.01).claimed(KEY):
        deadline = time.monotonic() + 10
        while (last := ClaimRecords(store.connection).last(KEY)) is None or last.counter < 2:
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_a_claim_that_was_made_before_its_answer_was_lost_is_ones_own(store: Store) -> None:
    made = record(store, ELSEWHERE)
    assert ClaimRecords(store.connection).make(replace(made, id=0)) == made
    assert ClaimRecords(store.connection).make(replace(made, id=0, holder=asdict(this_process()))) is None


def test_many_threads_that_want_one_key_get_one_claim_at_a_time(store: Store) -> None:
    claims = StoreClaims(store)
    inside, most, had = 0, 0, 0
    guard = threading.Lock()

    def work() -> None:
        nonlocal inside, most, had
        for _ in range(15):
            with claims.claimed(KEY) as mine:
                if mine:
                    with guard:
                        inside, had = inside + 1, had + 1
                        most = max(most, inside)
                    with guard:
                        inside -= 1

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    last = ClaimRecords(store.connection).last(KEY)
    assert last is not None
    assert last.number == had
