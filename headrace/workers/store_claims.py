"""Claims in the metadata store, for runs and pods that share a store and no disk.

A claim beats while it is held. Its holder is dead when its process is, where the observer can see that process; else
when the observer saw the counter stand still for STILL seconds of its own monotonic clock. No two clocks are compared.
"""

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields, replace

from headrace.errors import UnfitEnvironment
from headrace.metadata.claim_records import Claim, ClaimRecords
from headrace.metadata.store import Store
from headrace.workers.lease import BEAT, STILL, Holder, is_gone, is_visible, this_process

RUNS = 50
"""How many of the newest runs are looked at for dead ones."""


@dataclass(frozen=True)
class Sighting:
    """A counter, since when an observer has seen it stand there, and when it looked last."""

    counter: int
    since: float
    looked: float


@dataclass
class StoreClaims:
    """The claims of one process in a store; `beat` and `still` are seconds."""

    store: Store
    beat: float = BEAT
    still: float = STILL
    clock: Callable[[], float] = time.monotonic
    _records: ClaimRecords = field(init=False)
    _seen: dict[str, Sighting] = field(default_factory=dict, init=False)
    _looked: dict[str, float] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._records = ClaimRecords(self.store.connection)

    @contextmanager
    def claimed(self, key: str) -> Iterator[bool]:
        """Try to claim a key while the block runs; False when a living process holds it."""
        claim = self._claim(key)
        if claim is None:
            yield False
            return
        with self._beating(claim):
            yield True

    def is_claimed(self, key: str) -> bool:
        """Tell whether a living process holds a key; between two looks at the store the last answer stands."""
        if self.clock() - self._looked.get(key, float("-inf")) < self.beat / 4:
            return True
        last = self._records.last(key)
        if last is None or not self._is_held(last):
            self._looked.pop(key, None)
            return False
        self._looked[key] = self.clock()
        return True

    def is_held_after_watching(self, key: str) -> bool:
        """Tell the same at the first question: a holder elsewhere is watched until it beats, for up to `still`."""
        first = last = self._records.last(key)
        while last and self._is_held(last):
            if last != first or is_visible(_holder(last)):
                return True
            time.sleep(self.beat / 2)
            last = self._records.last(key)
        return False

    def abandoned_runs(self) -> Sequence[str]:
        """Return the newest runs that go on by their record alone; those of other hosts are watched until they beat.

        Runs in Kubeflow are none of them: their processes come and go.
        """
        runs = self.store.last_recorded_runs(RUNS)
        open_runs = [run.id for run in runs if run.state == "RUNNING" and run.orchestrator != "kubeflow"]
        claims = [claim for run in open_runs if (claim := self._records.last(run))]
        dead = [claim.key for claim in claims if not self._is_held(claim)]
        watched = [claim for claim in claims if claim.key not in dead and not is_visible(_holder(claim))]
        while watched:
            time.sleep(self.beat / 2)
            still = [claim for claim in watched if self._records.last(claim.key) == claim]
            dead += [claim.key for claim in still if not self._is_held(claim)]
            watched = [claim for claim in still if claim.key not in dead]
        return dead

    def _claim(self, key: str) -> Claim | None:
        last = self._records.last(key)
        if last and self._is_held(last):
            return None
        holder = {**asdict(this_process()), "claim": uuid.uuid4().hex}
        return self._records.make(Claim(key=key, number=last.number + 1 if last else 1, holder=holder))

    def _is_held(self, claim: Claim) -> bool:
        if claim.given_back:
            return False
        holder = _holder(claim)
        return not is_gone(holder) if is_visible(holder) else not self._stands_still(claim)

    def _stands_still(self, claim: Claim) -> bool:
        """Tell whether a counter has stood still for long enough, while this process was looking.

        Where it did not look for a while, since it could not reach the store either, it begins anew.
        """
        now, before = self.clock(), self._seen.get(claim.name)
        if before is None or before.counter != claim.counter or now - before.looked > self.still / 2:
            self._seen[claim.name] = Sighting(claim.counter, now, now)
            return False
        self._seen[claim.name] = replace(before, looked=now)
        return now - before.since >= self.still

    @contextmanager
    def _beating(self, claim: Claim) -> Iterator[None]:
        """Beat a claim while the block runs, then give it back; one that cannot be given back is dead soon."""
        stop = threading.Event()

        def beat() -> None:
            counter = claim.counter
            while not stop.wait(self.beat):
                counter += 1
                self._records.beat(replace(claim, counter=counter))

        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            with suppress(UnfitEnvironment):
                self._records.give_back(claim)


def _holder(claim: Claim) -> Holder:
    known = {one.name for one in fields(Holder)}
    return Holder(**{name: value for name, value in claim.holder.items() if name in known})  # type: ignore[arg-type]  # what `this_process` wrote
