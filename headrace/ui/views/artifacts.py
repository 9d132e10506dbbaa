"""The list of artifacts, newest first, with who made each."""

from collections import Counter
from collections.abc import Iterable, Sequence

from headrace.lineage.filter import Facts, Term, matches, parsed
from headrace.lineage.filter_check import STATES, check_terms
from headrace.lineage.label import Labels
from headrace.lineage.lists import MODEL, Row
from headrace.lineage.marks import Marks, mark_of, states_of
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.outline import ArtifactOutline
from headrace.metadata.records import StoredArtifact
from headrace.spec.records import Json
from headrace.ui.previews import Previews
from headrace.ui.views.vertices import marks_of

_OUTLINED = ("id", "artifact", "type", "state", "run", "node", "since", "until")
"""Fields that are known of every artifact without reading more of it."""

_READ = ("span", "size", "digest", "blessed", "pushed")


def artifacts_view(
    labels: Labels, previews: Previews, query: str = "", *, type_id: str = "", limit: int = 100, offset: int = 0
) -> Row:
    """List artifacts, with how many there are of each type."""
    snapshot, terms = labels.snapshot, parsed(query)
    if any(term.name and term.name not in _OUTLINED for term in terms):
        snapshot.artifacts_with(snapshot.by_artifact)
    elif any(term.name == "state" for term in terms):
        snapshot.artifacts(MODEL)
    check_terms(terms, _fields(snapshot, terms), {"state": STATES, "type": snapshot.artifact_types()})
    newest = list(snapshot.by_artifact.values())[::-1]
    fitting = [each for each in newest if not terms or matches(terms, _facts(each, labels, terms))]
    of_type = [each for each in fitting if type_id in ("", each.type)]
    shown = of_type[offset : offset + limit]
    rows = artifact_rows(snapshot.artifacts_with(each.id for each in shown), labels, previews)
    types = Counter(each.type for each in fitting)
    return {"total": len(of_type), "shown": len(rows), "artifacts": rows, "types": dict(types.most_common())}


def artifact_rows(artifacts: Iterable[StoredArtifact], labels: Labels, previews: Previews) -> list[Row]:
    return [artifact_row(artifact, labels, previews) for artifact in artifacts]


def artifact_row(artifact: StoredArtifact, labels: Labels, previews: Previews) -> Row:
    """Describe an artifact."""
    made = labels.snapshot.made_by(artifact.id)
    maker = labels.snapshot.by_execution[made.execution] if made else None
    place = f"[{made.index}]" if made and made.index else ""
    return {
        "id": artifact.id,
        "type": artifact.type,
        "title": f"{maker.node}.{made.name}{place}" if maker and made else artifact.name or artifact.type,
        "span": artifact.span,
        "size": artifact.record.size or None,
        "run": maker.run or None if maker else None,
        "node": maker.node or None if maker else None,
        "created": artifact.created or None,
        "state": artifact.shown_state,
        "marks": marks_of(mark_of(artifact, labels.marks)),
        "digest": artifact.record.digest,
        "summary": previews.summary(artifact.record),
    }


def _fields(snapshot: Snapshot, terms: Sequence[Term]) -> set[str]:
    named = any(term.name.startswith("prop.") for term in terms)
    properties = {name for each in (snapshot.artifacts() if named else ()) for name in each.record.properties}
    return {*_OUTLINED, *_READ, *(f"prop.{name}" for name in properties)}


def _facts(outline: ArtifactOutline, labels: Labels, terms: Sequence[Term]) -> Facts:
    made = labels.snapshot.made_by(outline.id)
    maker = labels.snapshot.by_execution[made.execution] if made else None
    fields: dict[str, Json] = {
        "id": outline.id,
        "artifact": outline.id,
        "type": outline.type,
        "state": states_of(outline.shown_state, _marks(outline, labels)),
        "run": maker.run if maker else "",
        "node": maker.node if maker else "",
    }
    if any(term.name and term.name not in _OUTLINED for term in terms):
        (artifact,) = labels.snapshot.artifacts_with([outline.id])
        mark = mark_of(artifact, labels.marks)
        fields |= {"span": artifact.span, "size": artifact.record.size, "digest": artifact.record.digest}
        fields |= {"blessed": str(mark.blessed).lower(), "pushed": list(mark.pushed)}
        fields |= {f"prop.{name}": value for name, value in artifact.record.properties.items()}
    produced = [f"{maker.node}.{made.name}", maker.run] if maker and made else []
    return Facts(fields, outline.created, [f"artifact:{outline.id}", outline.type, outline.uri, *produced])


def _marks(outline: ArtifactOutline, labels: Labels) -> Marks:
    """Read what was decided about a model; nothing is about anything else."""
    model = labels.snapshot.artifact(outline.id) if outline.type == MODEL else None
    return mark_of(model, labels.marks) if model else Marks()
