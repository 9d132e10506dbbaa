"""References by type: `Model@blessed`, `Examples@span=7`."""

from collections.abc import Sequence

from headrace.lineage.candidates import not_among
from headrace.lineage.marks import BLESSING, PUSHED, models_with
from headrace.lineage.shelf import Records
from headrace.metadata.records import StoredArtifact

SELECTORS = ("latest", "blessed", "pushed")


def of_type(type_id: str, selector: str, shelf: Records) -> StoredArtifact:
    """Find the newest artifact of a type that is latest, blessed, pushed, or has a property. Raises UnknownReference.

    An artifact that is still there goes before a newer one that is gone.
    """
    found = sorted(shelf.artifacts(type_id), key=lambda a: (a.state == "LIVE", a.id))
    if not found:
        known = shelf.artifact_types()
        raise not_among(f"no artifact of type {type_id!r}", type_id, known, "a type in this store")
    name, equals, value = selector.partition("=")
    match selector:
        case "latest":
            chosen = found
        case "blessed":
            chosen = models_with(shelf, BLESSING, found)
        case "pushed":
            chosen = models_with(shelf, PUSHED, found)
        case _ if equals:
            chosen = [a for a in found if str(a.record.properties.get(name)) == value]
        case _:
            raise not_among(f"{type_id}@{selector}", selector, SELECTORS, "NAME=VALUE or one of these")
    if not chosen:
        raise _none(type_id, name, value, found)
    return chosen[-1]


def _none(type_id: str, name: str, value: str, found: Sequence[StoredArtifact]) -> Exception:
    selector = f"{name}={value}" if value else name
    values = {str(a.record.properties[name]) for a in found if name in a.record.properties}
    known = [f"{type_id}@{name}={value}" for value in values] or [f"{type_id}@latest"]
    reference = f"{type_id}@{selector}"
    return not_among(f"no {reference}", reference, known, f"one of {len(found)} artifacts of that type")
