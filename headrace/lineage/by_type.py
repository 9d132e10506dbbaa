"""References by type: `Model@blessed`, `Examples@span=7`."""

from collections.abc import Sequence

from headrace.lineage.candidates import not_among, only
from headrace.lineage.lists import makers_of
from headrace.lineage.marks import BLESSING, PUSHED, models_with
from headrace.lineage.shelf import Records
from headrace.metadata.records import Execution, StoredArtifact

SELECTORS = ("latest", "blessed", "pushed")


def of_type(type_id: str, selector: str, shelf: Records) -> StoredArtifact:
    """Find the newest artifact of a type that is latest, blessed, pushed, or has a property. Raises UnknownReference.

    An artifact that is still there goes before a newer one that is gone. A property that different outputs share, as a
    span that one node hands to the next, names no one artifact.
    """
    check_type(type_id, shelf)
    found = sorted(shelf.artifacts(type_id), key=lambda a: (a.state == "LIVE", a.id))
    name, equals, value = selector.partition("=")
    match selector:
        case "latest":
            chosen = found
        case "blessed":
            chosen = models_with(shelf, BLESSING, found)
        case "pushed":
            chosen = models_with(shelf, PUSHED, found)
        case _ if equals:
            having = [a for a in found if str(a.record.properties.get(name)) == value]
            chosen = _of_one_output(having, f"{type_id}@{selector}", shelf)
        case _:
            raise not_among(f"{type_id}@{selector}", selector, SELECTORS, "NAME=VALUE or one of these")
    if not chosen:
        raise _none(type_id, name, value, found)
    return chosen[-1]


def check_type(type_id: str, shelf: Records) -> None:
    """Raise UnknownReference with the closest types where no artifact has a type."""
    known = shelf.artifact_types()
    if type_id not in known:
        raise not_among(f"no artifact of type {type_id!r}", type_id, known, "a type in this store")


def _of_one_output(having: Sequence[StoredArtifact], text: str, shelf: Records) -> list[StoredArtifact]:
    """Return the newest artifact of the output that made them all; raise UnknownReference where several did."""
    makers = makers_of(shelf, having)
    newest: dict[tuple[str, str, str], StoredArtifact] = {}
    for artifact in having:
        maker = makers.get(artifact.id)
        made = (maker.pipeline, maker.node, _output(maker, artifact.id)) if maker else ("", "", "")
        newest[made] = artifact
    names = [_name(artifact, makers.get(artifact.id)) for artifact in newest.values()]
    found = only([*newest.values()], text, names, "outputs", "Name the one that you mean")
    return [found] if found else []


def _name(artifact: StoredArtifact, maker: Execution | None) -> str:
    """Write a reference to an artifact, as RUN/NODE.output where it has one."""
    if maker is None or maker.item is not None or not (maker.run and maker.node):
        return f"artifact:{artifact.id}"
    output = _output(maker, artifact.id)
    made = [record.id for record in maker.outputs[output]]
    return f"{maker.run}/{maker.node}.{output}{f'[{made.index(artifact.id)}]' if len(made) > 1 else ''}"


def _output(maker: Execution, artifact: int) -> str:
    return next(name for name, made in maker.outputs.items() if artifact in (record.id for record in made))


def _none(type_id: str, name: str, value: str, found: Sequence[StoredArtifact]) -> Exception:
    selector = f"{name}={value}" if value else name
    values = {str(a.record.properties[name]) for a in found if name in a.record.properties}
    known = [f"{type_id}@{name}={value}" for value in values] or [f"{type_id}@latest"]
    reference = f"{type_id}@{selector}"
    return not_among(f"no {reference}", reference, known, f"one of {len(found)} artifacts of that type")
