"""Pairs what belongs together on two sides: first what is the same, then by one key after the other."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

T = TypeVar("T")


def paired(
    before: Sequence[T], after: Sequence[T], same: Callable[[T], Hashable], keys: Sequence[Callable[[T], Hashable]]
) -> list[tuple[T | None, T | None]]:
    """Pair by equal keys, in order; what has no partner stands alone, at the end."""
    pairs: list[tuple[T | None, T | None]] = []
    left, right = list(before), list(after)
    for key in (same, *keys):
        found, left, right = _matched(left, right, key)
        pairs += found
    return [*pairs, *((None, each) for each in right), *((each, None) for each in left)]


def _matched(
    before: Sequence[T], after: Sequence[T], key: Callable[[T], Hashable]
) -> tuple[list[tuple[T, T]], list[T], list[T]]:
    """Match by one key; return the pairs, and what is left of each side."""
    waiting: dict[Hashable, list[T]] = defaultdict(list)
    for each in before:
        waiting[key(each)].append(each)
    pairs: list[tuple[T, T]] = []
    right: list[T] = []
    for each in after:
        if there := waiting[key(each)]:
            pairs.append((there.pop(0), each))
        else:
            right.append(each)
    left = {id(each) for found in waiting.values() for each in found}
    return pairs, [each for each in before if id(each) in left], right
