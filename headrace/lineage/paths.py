"""Ways between two things: how many there are, the shortest, all of them one by one; where two things came apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from headrace.lineage.query import Direction, Walk, ancestors, walk
from headrace.lineage.snapshot import Snapshot, Vertex, grouped

Way = tuple[Vertex, ...]


@dataclass(frozen=True)
class Ways:
    """All ways from one thing to another, along or against what was made; `count` is exact, however large."""

    source: Vertex
    target: Vertex
    direction: Direction
    count: int
    shortest: Way
    _onward: Mapping[Vertex, Sequence[Vertex]]

    def __iter__(self) -> Iterator[Way]:
        """Go through the ways, found as they are asked for."""
        way = [self.source]
        trail = [iter(self._next(self.source))] if self.count else []
        if self.count and self.source == self.target:
            yield tuple(way)
        while trail:
            step = next(trail[-1], None)
            if step is None:
                trail.pop()
                way.pop()
            elif step == self.target:
                yield (*way, step)
            elif step not in way:
                way.append(step)
                trail.append(iter(self._next(step)))

    def _next(self, vertex: Vertex) -> Sequence[Vertex]:
        return self._onward.get(vertex, ())


def ways_between(snapshot: Snapshot, source: Vertex, target: Vertex) -> Ways:
    """Find the ways down from one to the other, or up where there are none; none at all have the count 0."""
    for direction in ("down", "up"):
        found = _ways(walk(snapshot, [source], direction), source, target)
        if found.count:
            return found
    return Ways(source, target, "down", 0, (), {})


def _ways(found: Walk, source: Vertex, target: Vertex) -> Ways:
    if target not in found.distances:
        return Ways(source, target, found.direction, 0, (), {})
    steps = steps_of(found)
    back = grouped((after, before) for before, after in steps)
    leading = _reached(target, back)
    onward = grouped((before, after) for before, after in steps if after in leading)
    return Ways(
        source, target, found.direction, _count(source, target, onward), _shortest(source, target, onward), onward
    )


def steps_of(found: Walk) -> list[tuple[Vertex, Vertex]]:
    """List the pairs of vertices that a walk goes over, in its direction, each once."""
    steps: dict[tuple[Vertex, Vertex], None] = {}
    for edge in found.edges:
        execution, artifact = Vertex("execution", edge.execution), Vertex("artifact", edge.artifact)
        is_from_execution = (edge.side == "output") == (found.direction == "down")
        steps[(execution, artifact) if is_from_execution else (artifact, execution)] = None
    return list(steps)


def _reached(start: Vertex, onward: Mapping[Vertex, Sequence[Vertex]]) -> set[Vertex]:
    seen, waiting = {start}, [start]
    while waiting:
        for vertex in onward.get(waiting.pop(), ()):
            if vertex not in seen:
                seen.add(vertex)
                waiting.append(vertex)
    return seen


def _shortest(source: Vertex, target: Vertex, onward: Mapping[Vertex, Sequence[Vertex]]) -> Way:
    before: dict[Vertex, Vertex] = {source: source}
    border = [source]
    while border and target not in before:
        coming: list[Vertex] = []
        for vertex in border:
            for step in onward.get(vertex, ()):
                if step not in before:
                    before[step] = vertex
                    coming.append(step)
        border = coming
    way = [target]
    while way[-1] != source:
        way.append(before[way[-1]])
    return tuple(reversed(way))


def _count(source: Vertex, target: Vertex, onward: Mapping[Vertex, Sequence[Vertex]]) -> int:
    """Count the ways without walking them; a step back to where a way came from counts for none."""
    counts: dict[Vertex, int] = {target: 1}
    open_now: set[Vertex] = set()
    waiting = [source]
    while waiting:
        vertex = waiting[-1]
        if vertex in counts:
            waiting.pop()
            continue
        steps = onward.get(vertex, ())
        if vertex not in open_now:
            open_now.add(vertex)
            waiting += [step for step in steps if step not in counts and step not in open_now]
            continue
        counts[vertex] = sum(counts.get(step, 0) for step in steps)
        open_now.discard(vertex)
        waiting.pop()
    return counts[source]


@dataclass(frozen=True)
class Common:
    """Something that two others were made from, and how many executions away from each it is."""

    vertex: Vertex
    from_first: int
    from_second: int


def common_ancestors(snapshot: Snapshot, first: Vertex, second: Vertex) -> Sequence[Common]:
    """Find the nearest things that two were both made from: what nothing else that both share was made from."""
    one, other = ancestors(snapshot, [first]), ancestors(snapshot, [second])
    shared = one.distances.keys() & other.distances.keys()
    behind = {before for after, before in steps_of(one) if after in shared}
    nearest = [vertex for vertex in one.distances if vertex in shared and vertex not in behind]
    return [Common(vertex, one.distances[vertex], other.distances[vertex]) for vertex in nearest]
