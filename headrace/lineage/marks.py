"""What was decided about a model after it was made: blessed or refused, and where it was pushed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from headrace.lineage.shelf import Records
from headrace.metadata.records import Execution, StoredArtifact
from headrace.spec.messages import ArtifactRecord

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


def mark_of(artifact: StoredArtifact, marks: Mapping[str, Marks]) -> Marks:
    """Return what was decided about an artifact."""
    return marks.get(_name(artifact.record), Marks())


def marks_in(shelf: Records) -> Mapping[str, Marks]:
    """Read the marks of every model that was judged or pushed; the newest blessing counts."""
    marks: dict[str, Marks] = {}
    for model, blessing in judgements(shelf, BLESSING):
        marks[model] = replace(marks.get(model, Marks()), blessed=bool(blessing.record.properties.get("blessed")))
    for model, push in judgements(shelf, PUSHED):
        known = marks.get(model, Marks())
        marks[model] = replace(known, pushed=tuple(dict.fromkeys((*known.pushed, pushed_to(push)))))
    return marks


def models_with(shelf: Records, kind: str, among: Sequence[StoredArtifact]) -> list[StoredArtifact]:
    """Sort the models among artifacts that were blessed, or pushed, by when they last were, the newest last."""
    by_name = {_name(artifact.record): artifact for artifact in among}
    judged = [
        model for model, one in judgements(shelf, kind) if kind != BLESSING or one.record.properties.get("blessed")
    ]
    return [by_name[model] for model in judged if model in by_name]


def judgements(shelf: Records, kind: str) -> Iterator[tuple[str, StoredArtifact]]:
    """Go through the blessings, or the pushes, of a store, each with the model that it is about, oldest first.

    TFX's Pusher writes one also of what it did not push.
    """
    found = [each for each in shelf.artifacts(kind) if was_pushed(each)]
    wordless = [each.id for each in found if not _told(each)]
    read = (
        {number: e for e in reversed(shelf.around(wordless)) for number in (a.id for a in e.given)} if wordless else {}
    )
    for each in found:
        if model := _told(each) or _model_read(read.get(each.id)):
            yield model, each


def _name(record: ArtifactRecord) -> str:
    """Name a model by its content; another program's, which has no digest, by where it is."""
    return record.digest or record.path


def _told(judged: StoredArtifact) -> str:
    """Name the model that a blessing or a push is about: by its content, by where it is (TFX's blessings), or not."""
    properties = judged.record.properties
    return str(properties.get("model") or properties.get("current_model") or "")


def _model_read(maker: Execution | None) -> str:
    model = maker.inputs.get("model", ()) if maker else ()
    return _name(model[0]) if model else ""


def was_pushed(judged: StoredArtifact) -> bool:
    """Tell whether a push is one; TFX's Pusher says so of each that it writes."""
    return bool(judged.record.properties.get("pushed", True))


def pushed_to(push: StoredArtifact) -> str:
    """Say where a push put its model, with the version."""
    properties = push.record.properties
    if told := properties.get("pushed_destination"):  # TFX's, which ends with the version
        return str(told)
    return f"{properties.get('destination', push.record.path)} version {properties.get('pushed_version', '?')}"
