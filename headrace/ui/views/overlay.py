"""Two runs drawn over each other, matched by node and output: same, changed, only in one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from headrace.errors import ConfigError
from headrace.lineage.lists import Row
from headrace.lineage.query import run_around
from headrace.lineage.reference import Found
from headrace.lineage.run_diff import NodeDiff, diff_runs
from headrace.lineage.snapshot import Edge, Snapshot, Vertex
from headrace.lineage.view import View
from headrace.metadata.records import Execution, Run
from headrace.spec.messages import ArtifactRecord
from headrace.spec.records import Json
from headrace.ui.views.asked import Answered
from headrace.ui.views.vertices import Notes

SAME, CHANGED, ONLY = "same", "changed", {"first": "only_a", "second": "only_b"}
_VERDICTS = {"same": SAME, "changed": CHANGED, "only_first": "only_a", "only_second": "only_b"}


def compared(one: Found, other: Found, snapshot: Snapshot) -> Answered:
    """Draw two runs over each other; what is in both is drawn once, as the second run has it."""
    first, second = run_of(one, snapshot), run_of(other, snapshot)
    found = diff_runs(snapshot, first, second)
    drawn = _Drawn(snapshot)
    for node in found.nodes:
        drawn.add(node)
    values: list[Json] = [
        {"name": change.part, "before": change.before, "after": change.after} for change in found.values
    ]
    view = View(
        focus=[],
        vertices=dict.fromkeys(drawn.diff, 0),
        edges=list(drawn.edges),
        beyond_up={},
        beyond_down={},
        folded={},
    )
    extra: Row = {"a": first.id, "b": second.id, "values": values}
    return Answered(view=view, notes=Notes(diff=drawn.diff, why=drawn.why), diff=drawn.edges, extra={"compared": extra})


def run_of(found: Found, snapshot: Snapshot) -> Run:
    """Take the run of an execution, or of the one that made an artifact. Raises ConfigError where there is none."""
    name = run_around(found, snapshot)
    if name not in snapshot.by_run:
        raise ConfigError(found="something that no run made", expected="two runs", do="Name runs, or what they made")
    return snapshot.by_run[name]


@dataclass
class _Drawn:
    """What was drawn so far; `twins` are the artifacts of the second run by those of the first that they stand for."""

    snapshot: Snapshot
    diff: dict[Vertex, str] = field(default_factory=dict)
    why: dict[Vertex, list[Json]] = field(default_factory=dict)
    edges: dict[Edge, str] = field(default_factory=dict)
    twins: dict[int, int] = field(default_factory=dict)

    def add(self, node: NodeDiff) -> None:
        """Draw a node with what it read and made in each run."""
        before = self.snapshot.execution(node.first) if node.first else None
        after = self.snapshot.execution(node.second) if node.second else None
        shown = after or before
        assert shown
        self.diff[Vertex("execution", shown.id)] = _VERDICTS[node.verdict]
        self.why[Vertex("execution", shown.id)] = [
            {"part": change.part, "before": change.before, "after": change.after} for change in node.changes
        ]
        for side in ("output", "input"):
            self._sides(shown, _slots(before, side), _slots(after, side), side)

    def _sides(
        self,
        shown: Execution,
        before: Mapping[tuple[str, int], ArtifactRecord],
        after: Mapping[tuple[str, int], ArtifactRecord],
        side: str,
    ) -> None:
        for slot in dict.fromkeys((*after, *before)):
            old, new = before.get(slot), after.get(slot)
            record = new or old
            assert record
            verdict = _verdict(old, new)
            number = record.id if new else self.twins.get(record.id, record.id)
            if old and new:
                self.twins[old.id] = new.id
            vertex = Vertex("artifact", number)
            self.diff.setdefault(vertex, verdict)
            name, index = slot
            resolver = shown.resolvers.get(name, "") if side == "input" else ""
            edge = Edge(shown.id, number, "input" if side == "input" else "output", name, index, resolver)
            self.edges.setdefault(edge, verdict)


def _verdict(old: ArtifactRecord | None, new: ArtifactRecord | None) -> str:
    if old is None or new is None:
        return ONLY["second"] if old is None else ONLY["first"]
    is_same = old.id == new.id or bool(old.digest and old.digest == new.digest)
    return SAME if is_same else CHANGED


def _slots(execution: Execution | None, side: str) -> dict[tuple[str, int], ArtifactRecord]:
    if execution is None:
        return {}
    return dict(_each(execution.outputs if side == "output" else execution.inputs))


def _each(held: Mapping[str, Iterable[ArtifactRecord]]) -> Iterator[tuple[tuple[str, int], ArtifactRecord]]:
    for name, found in held.items():
        for index, record in enumerate(found):
            yield (name, index), record
