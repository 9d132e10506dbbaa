"""What was decided about a model after it was made: blessed or refused, and where it was pushed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from headrace.metadata.records import StoredArtifact

BLESSING, PUSHED = "ModelBlessing", "PushedModel"


@dataclass(frozen=True)
class Marks:
    """`blessed` is None where nothing judged the model; `pushed` are destinations with their versions."""

    blessed: bool | None = None
    pushed: tuple[str, ...] = ()


def states_of(state: str, marks: Marks) -> list[str]:
    """List all that `state:` of a filter finds an artifact by: its state, and what was decided about a model."""
    judged = {True: ["blessed"], False: ["not-blessed"], None: []}[marks.blessed]
    return [state, *judged, *(["pushed"] if marks.pushed else [])]


def marks_by_digest(blessings: Iterable[StoredArtifact], pushes: Iterable[StoredArtifact]) -> Mapping[str, Marks]:
    """Read the marks of every model that was judged or pushed, by content digest; the newest blessing counts."""
    marks: dict[str, Marks] = {}
    for blessing in blessings:
        model = _model(blessing)
        marks[model] = replace(marks.get(model, Marks()), blessed=bool(blessing.record.properties.get("blessed")))
    for push in pushes:
        model, properties = _model(push), push.record.properties
        where = f"{properties.get('destination', push.record.path)} version {properties.get('pushed_version', '?')}"
        known = marks.get(model, Marks())
        marks[model] = replace(known, pushed=tuple(dict.fromkeys((*known.pushed, where))))
    marks.pop("", None)
    return marks


def _model(judged: StoredArtifact) -> str:
    """Name the model, by content, that a blessing or a push is about."""
    return str(judged.record.properties.get("model") or "")
