"""Contents of two sides beside each other: which artifacts belong together, what of them could be compared."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from headrace.compare.metrics import metrics_by_slice
from headrace.lineage.plain import Table
from headrace.lineage.previews import content
from headrace.lineage.snapshot import Snapshot

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Of:
    """Where a difference was found: the output of a node, or the artifacts themselves where both are empty.

    `before` and `after` are artifacts, 0 where there is none.
    """

    node: str
    output: str
    before: int
    after: int


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two artifacts that belong together, the types of both, and whether their contents are the same."""

    of: Of
    types: frozenset[str]
    is_same: bool


@dataclass(frozen=True, kw_only=True)
class Measured:
    """How much of a part of a comparison there was on both sides; `unread` has no preview that can be read."""

    part: str
    count: int
    unread: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True)
class Contents:
    """Pairs of artifacts, and what the previews of some types say, by artifact."""

    pairs: Sequence[Pair]
    held: Mapping[int, Table]

    def measured(self, part: str, type_id: str) -> Measured:
        """Count the pairs of a type that are the same or can be read, and name what cannot."""
        there = self._of(type_id)
        unread = [number for pair in there if not pair.is_same for number in self._unread(pair)]
        count = sum(pair.is_same or not self._unread(pair) for pair in there)
        return Measured(part=part, count=count, unread=unread)

    def differences(self, type_id: str, diff: Callable[[Table, Table], list[T]]) -> list[tuple[Of, Sequence[T]]]:
        """Compare the contents of the pairs of a type, where both sides have one."""
        there = [pair for pair in self._of(type_id) if not (pair.is_same or self._unread(pair))]
        found = [(pair.of, diff(self.held[pair.of.before], self.held[pair.of.after])) for pair in there]
        return [(of, changes) for of, changes in found if changes]

    def slices(self, type_id: str) -> Mapping[str, Sequence[str]]:
        """Map slices to the metrics that either side of the evaluations has for them."""
        found: dict[str, dict[str, None]] = {}
        for pair in self._of(type_id):
            for number in (pair.of.before, pair.of.after):
                for part, values in metrics_by_slice(self.held[number]).items():
                    found.setdefault(part, {}).update(dict.fromkeys(values))
        return {part: list(names) for part, names in found.items()}

    def _of(self, type_id: str) -> list[Pair]:
        return [pair for pair in self.pairs if pair.types == {type_id}]

    def _unread(self, pair: Pair) -> list[int]:
        return [number for number in (pair.of.before, pair.of.after) if not self.held[number]]


def contents_of(snapshot: Snapshot, pairs: Sequence[Pair], types: Collection[str]) -> Contents:
    """Read the previews of the pairs whose two artifacts are of one of the types."""
    there = [pair for pair in pairs if len(pair.types) == 1 and pair.types <= set(types)]
    numbers = dict.fromkeys(number for pair in there for number in (pair.of.before, pair.of.after))
    return Contents(pairs=there, held={number: content(snapshot, number) for number in numbers})
