"""The modules of the pages as one list, for a page that can load no files as modules."""

import posixpath
import re
from collections.abc import Sequence
from graphlib import TopologicalSorter
from pathlib import Path

IMPORTED = re.compile(r"""(?:(?<=from)|(?<=from )|(?<=import )|(?<=import\())["'](\.[^"']+)["']""")


def modules(folder: Path, first: str = "app.js") -> Sequence[Sequence[str]]:
    """List `first` and all that it imports, each after its own imports: its path, then text and imported paths in turn.

    Raises CycleError for modules that import each other.
    """
    found: dict[str, list[str]] = {}
    waiting = [first]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = _cut(folder, path)
            waiting += found[path][1::2]
    order = TopologicalSorter({path: parts[1::2] for path, parts in found.items()}).static_order()
    return [[path, *found[path]] for path in order]


def _cut(folder: Path, path: str) -> list[str]:
    parts = IMPORTED.split((folder / path).read_text(encoding="utf-8"))
    parts[1::2] = [posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) for name in parts[1::2]]
    return parts
