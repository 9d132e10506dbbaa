"""The price of a node: metadata, isolation in a process of its own, and the cache, without any work."""

import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from benchmarks.measure import Figure
from benchmarks.noop import Noop, NoopWithTensorFlow, chain
from headrace.launcher.decide import CacheRules
from headrace.orchestrators.local import run
from headrace.orchestrators.request import Request
from headrace.spec.codec import read, write
from headrace.spec.from_pipeline import spec_of
from headrace.spec.records import PipelineSpec
from headrace.testing import workspace_in
from headrace.workers.pool import Pool

LENGTH = 51
TIMES = 5


def figures() -> Iterator[Figure]:
    """Measure chains of 1 and of 51 nodes on one warm pool; a node costs a fiftieth of the difference."""
    with tempfile.TemporaryDirectory() as folder:
        lab = _Lab(Path(folder))
        with Pool(Path.cwd(), Path(folder) / "servers.log") as pool:
            yield Figure("a no-op node, in its own process, recorded", _ms(lab.price(Noop, pool)), "≤ 12 ms")
            yield Figure("a cached node, recorded", _ms(lab.price(Noop, pool, cached=True)), "≤ 5 ms")
            yield Figure("a no-op node with TensorFlow imported", _ms(lab.price(NoopWithTensorFlow, pool)), "≤ 60 ms")


class _Lab:
    def __init__(self, folder: Path) -> None:
        self.workspace = workspace_in(folder, jobs=1)
        self.starts = count(1)

    def price(self, kind: type[Noop] | type[NoopWithTensorFlow], pool: Pool, *, cached: bool = False) -> float:
        """Return the seconds that one node adds to a run; the best of several tries."""
        self._run(kind, 1, pool)  # has the server started
        if cached:
            start = next(self.starts)
            for length in (1, LENGTH):
                self._run(kind, length, pool, start)
            tries = [self._run(kind, LENGTH, pool, start) - self._run(kind, 1, pool, start) for _ in range(TIMES)]
        else:
            tries = [self._run(kind, LENGTH, pool) - self._run(kind, 1, pool) for _ in range(TIMES)]
        return sorted(tries)[TIMES // 2] / (LENGTH - 1)

    def _run(
        self, kind: type[Noop] | type[NoopWithTensorFlow], length: int, pool: Pool, start: int | None = None
    ) -> float:
        spec = read(PipelineSpec, write(spec_of(chain(kind, length, start or next(self.starts)))))
        began = time.perf_counter()
        finished = run(Request(spec=spec, rules=CacheRules()), self.workspace, pool=pool)
        took = time.perf_counter() - began
        if finished.exit_code():
            raise SystemExit(f"a chain of {length} ended as {finished.run.state}")
        return took


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
