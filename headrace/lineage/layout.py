"""Places boxes and lines in layers from left to right, in linear time: longest path, barycenters, straightened lines.

Source: Sugiyama, Tagawa, Toda, Methods for Visual Understanding of Hierarchical System Structures, IEEE Transactions on
Systems, Man, and Cybernetics 11 (1981). Its steps are kept, each in a form that passes over nodes and lines a fixed
number of times, so that ten thousand boxes take as long per box as ten.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]

GAP, LAYER_GAP = 18.0, 56.0
"""Space between boxes of a layer, and between layers."""
SWEEPS = 4
LONGEST = 40
"""Layers that a line may pass and still be led around boxes; a longer one is straight."""


@dataclass(frozen=True)
class Layout:
    """Where the corner of each box is, and the points of each line, in the order in which they were given."""

    width: float
    height: float
    corners: Mapping[str, Point]
    routes: Sequence[Sequence[Point]]


def layout(sizes: Mapping[str, tuple[float, float]], links: Sequence[tuple[str, str]]) -> Layout:
    """Place boxes of the given widths and heights."""
    layers = _layers(list(sizes), links)
    chains = [_chain(number, link, layers) for number, link in enumerate(links)]
    heights = {name: height for name, (_, height) in sizes.items()}
    depth = dict(layers)
    for chain in chains:
        for step in chain[1:-1]:
            heights[step] = 0.0
            depth[step] = int(step.rpartition("\0")[2])
    before, after = _neighbours(chains)
    columns = _ordered(depth, before, after)
    middles = _straightened(columns, heights, before, after)
    return _drawn(sizes, links, layers, chains, middles)


def _layers(names: Sequence[str], links: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Give each box the length of the longest way to it; what only leads somewhere stands right before that."""
    after: dict[str, list[str]] = {name: [] for name in names}
    for source, target in links:
        after[source].append(target)
    order = _topological(names, after)
    place = {name: number for number, name in enumerate(order)}
    layers = dict.fromkeys(names, 0)
    entered: set[str] = set()
    for name in order:
        for target in after[name]:
            if place[target] > place[name]:
                layers[target] = max(layers[target], layers[name] + 1)
                entered.add(target)
    for name in names:
        ahead = [layers[target] for target in after[name] if layers[target] > layers[name]]
        if name not in entered and ahead:
            layers[name] = min(ahead) - 1
    return layers


def _topological(names: Sequence[str], after: Mapping[str, Sequence[str]]) -> list[str]:
    """Sort boxes so that lines lead forward; in a cycle the box that is given first comes first."""
    waiting = Counter(target for name in names for target in after[name])
    order = [name for name in names if not waiting[name]]
    seen, rest = set(order), iter(names)
    for turn in range(len(names)):
        if turn == len(order):
            order.append(next(name for name in rest if name not in seen))
            seen.add(order[-1])
        for target in after[order[turn]]:
            waiting[target] -= 1
            if waiting[target] <= 0 and target not in seen:
                seen.add(target)
                order.append(target)
    return order


def _chain(number: int, link: tuple[str, str], layers: Mapping[str, int]) -> list[str]:
    """Lead a line through the layers between its ends, a point in each."""
    source, target = link
    first, last = layers[source], layers[target]
    if not first < last <= first + LONGEST:
        return [source, target]
    return [source, *(f"\0{number}\0{layer}" for layer in range(first + 1, last)), target]


def _neighbours(chains: Sequence[Sequence[str]]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for chain in chains:
        for source, target in pairwise(chain):
            after.setdefault(source, []).append(target)
            before.setdefault(target, []).append(source)
    return before, after


def _ordered(
    depth: Mapping[str, int], before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]]
) -> list[list[str]]:
    """Sort each layer by the mean place of neighbours in the layer beside it, forth and back."""
    columns: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for name, layer in depth.items():
        columns[layer].append(name)
    place = {name: float(number) for column in columns for number, name in enumerate(column)}
    for sweep in range(SWEEPS):
        forth = sweep % 2 == 0
        beside = before if forth else after
        for column in columns if forth else reversed(columns):
            means = {name: _mean(beside.get(name, ()), place, place[name]) for name in column}
            column.sort(key=means.__getitem__)
            place.update((name, float(number)) for number, name in enumerate(column))
    return columns


def _mean(names: Sequence[str], place: Mapping[str, float], otherwise: float) -> float:
    return sum(place[name] for name in names) / len(names) if names else otherwise


def _straightened(
    columns: Sequence[Sequence[str]],
    heights: Mapping[str, float],
    before: Mapping[str, Sequence[str]],
    after: Mapping[str, Sequence[str]],
) -> dict[str, float]:
    """Give each box the height of its neighbours, as far as order and space allow."""
    middles: dict[str, float] = {}
    for column in columns:
        _stack(column, heights, dict.fromkeys(column, 0.0), middles)
    for sweep in range(SWEEPS):
        forth = sweep % 2 == 0
        beside = before if forth else after
        for column in columns if forth else reversed(columns):
            wanted = {name: _mean(beside.get(name, ()), middles, middles[name]) for name in column}
            _stack(column, heights, wanted, middles)
    return middles


def _stack(
    column: Sequence[str], heights: Mapping[str, float], wanted: Mapping[str, float], middles: dict[str, float]
) -> None:
    """Put a layer's boxes where they are wanted, without overlap: those that collide share the mean of their wishes."""
    groups: list[tuple[float, float, int]] = []  # the sum of the wishes for the first one's top, its height, how many
    for name in column:
        height = heights[name] + GAP
        total, tall, count = wanted[name] - height / 2, height, 1
        while groups and groups[-1][0] / groups[-1][2] + groups[-1][1] > total / count:
            earlier, above, many = groups.pop()
            total, tall, count = earlier + total - count * above, above + tall, many + count
        groups.append((total, tall, count))
    number = 0
    for total, _, count in groups:
        top = total / count
        for name in column[number : number + count]:
            middles[name] = top + (heights[name] + GAP) / 2
            top += heights[name] + GAP
        number += count


def _drawn(
    sizes: Mapping[str, tuple[float, float]],
    links: Sequence[tuple[str, str]],
    layers: Mapping[str, int],
    chains: Sequence[Sequence[str]],
    middles: Mapping[str, float],
) -> Layout:
    widths = [0.0] * (max(layers.values(), default=-1) + 1)
    for name, layer in layers.items():
        widths[layer] = max(widths[layer], sizes[name][0])
    lefts = [sum(widths[:0])]
    for width in widths:
        lefts.append(lefts[-1] + width + LAYER_GAP)
    top = min((middles[name] - sizes[name][1] / 2 for name in sizes), default=0.0)
    corners = {name: (lefts[layers[name]], middles[name] - height / 2 - top) for name, (_, height) in sizes.items()}
    routes = [
        _route(sizes, link, chain, (corners, lefts, widths, middles, top))
        for link, chain in zip(links, chains, strict=True)
    ]
    bottom = max((corners[name][1] + sizes[name][1] for name in sizes), default=0.0)
    return Layout(max(lefts[-1] - LAYER_GAP, 0.0), bottom, corners, routes)


_Drawing = tuple[Mapping[str, Point], Sequence[float], Sequence[float], Mapping[str, float], float]


def _route(
    sizes: Mapping[str, tuple[float, float]], link: tuple[str, str], chain: Sequence[str], drawing: _Drawing
) -> list[Point]:
    corners, lefts, widths, middles, top = drawing
    source, target = link
    (x, y), (width, height) = corners[source], sizes[source]
    points = [(x + width, y + height / 2)]
    for step in chain[1:-1]:
        layer = int(step.rpartition("\0")[2])
        points += [(lefts[layer], middles[step] - top), (lefts[layer] + widths[layer], middles[step] - top)]
    end, below = corners[target], sizes[target][1]
    return [*points, (end[0], end[1] + below / 2)]
