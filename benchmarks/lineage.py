"""Opening, asking and drawing stores of a thousand to a hundred thousand executions."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Figure, headrace, median
from benchmarks.stores import make_store
from headrace.lineage.load import load, refresh
from headrace.lineage.query import Border, ancestors
from headrace.lineage.snapshot import Snapshot, Vertex
from headrace.lineage.summary import summary
from headrace.lineage.view import around
from headrace.metadata.catalogue import Catalogue
from headrace.metadata.connection import connect
from headrace.metadata.store import Store
from headrace.storage.folder_root import FolderRoot
from headrace.ui.views.search import search_view

SIZES = (1_000, 10_000, 100_000)
TIMES = 5
LIMITS = {"open": "< 1.5 s", "focus": "< 50 ms", "key": "< 50 ms"}


def figures() -> Iterator[Figure]:
    """Measure each size in a process of its own; the times are wall clock, the growth is of CPU time."""
    with tempfile.TemporaryDirectory() as name:
        found: list[dict[str, float]] = []
        for size in SIZES:
            file = Path(name) / str(size) / "metadata.db"
            file.parent.mkdir()
            make_store(file, size)
            found.append(_measured(file))
            yield from _told(size, found[-1], file)
    growth = found[2]["cpu"] / SIZES[2] / (found[1]["cpu"] / SIZES[1])
    yield Figure("CPU per execution to open, 100,000 over 10,000", f"{growth:.2f}", "≤ 1.5")


def _told(size: int, told: dict[str, float], file: Path) -> Iterator[Figure]:
    limits = LIMITS if size == SIZES[1] else dict.fromkeys(LIMITS, "")
    for what, found, wanted in (
        ("open and summary", f"{told['open']:.2f} s, {told['cpu']:.2f} CPU s", limits["open"]),
        ("focus ± 2, the slowest", f"{told['focus'] * 1000:.1f} ms", limits["focus"]),
        ("focus ± 2, with all that is known of it", f"{told['known'] * 1000:.0f} ms", ""),
        ("a key pressed in the search, the slowest", f"{told['key'] * 1000:.0f} CPU ms", limits["key"]),
        ("refresh where nothing changed", f"{told['refresh'] * 1000:.0f} ms", ""),
        (f"all {told['ancestors']:,.0f} ancestors of the newest blessing", f"{told['walk']:.2f} s", ""),
        ("memory", f"{told['memory']:.0f} MB, {told['memory'] - told['before']:.0f} MB of it the graph", ""),
    ):
        yield Figure(f"{size:,}: {what}", found, wanted)
    if size <= SIZES[1]:
        around = (f"artifact:{told['model']:.0f}", "--up", "2", "--down", "2", "-o", "svg")
        seconds = headrace("lineage", "--db", str(file), *around, folder=file.parent)
        yield Figure(f"{size:,}: `headrace lineage --up 2 --down 2 -o svg`", f"{seconds:.1f} s")


def _measured(file: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.lineage", str(file)]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(found.stdout)
    return told


def measure(file: Path) -> dict[str, float]:
    """Open a store and ask it, in this process."""
    before = _memory()
    began, used = time.perf_counter(), time.process_time()
    store = Store(connect(f"sqlite:{file}", read_only=True), FolderRoot(file.parent), "root")
    snapshot = load(Catalogue(store))
    summary(snapshot)
    opened, cpu = time.perf_counter() - began, time.process_time() - used
    models = [a.id for a in snapshot.by_artifact.values() if a.type == "Model"]
    blessing = max(a.id for a in snapshot.by_artifact.values() if a.type == "ModelBlessing")

    def focus(number: int, *, know: bool = False) -> float:
        start = time.perf_counter()
        middle = [Vertex("artifact", models[number])]
        view = around(snapshot, middle, middle, up=Border(depth=2), down=Border(depth=2))
        if know:
            snapshot.know(view.vertices)
        return time.perf_counter() - start

    places = iter(range(len(models) // 2, len(models)))
    told = {"before": before, "open": opened, "cpu": cpu, "model": float(models[len(models) // 2])}
    told["focus"] = max(focus(next(places)) for _ in range(TIMES))
    told["known"] = median(lambda: focus(next(places), know=True), TIMES)
    told["key"] = max(_search(snapshot, text, file.parent) for text in ("T", "Train", "nothing"))
    start = time.perf_counter()
    refresh(snapshot)
    told["refresh"] = time.perf_counter() - start
    start = time.perf_counter()
    told["ancestors"] = float(len(ancestors(snapshot, [Vertex("artifact", blessing)]).distances))
    told["walk"] = time.perf_counter() - start
    return {**told, "memory": _memory()}


def _search(snapshot: Snapshot, text: str, here: Path) -> float:
    """Search as the page does at every key; return seconds of CPU."""
    start = time.process_time()
    search_view(snapshot, text, 20, here)
    return time.process_time() - start


def _memory() -> float:
    """Return the peak of this process's memory, in MB."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
