"""What a node read and made, one row for each artifact."""

from collections.abc import Mapping

from headrace.lineage.lists import Row
from headrace.metadata.records import Execution
from headrace.spec.messages import ArtifactRecord
from headrace.ui.previews import Previews

Held = Mapping[str, tuple[ArtifactRecord, ...]]


def inputs_of(execution: Execution) -> list[Row]:
    return [
        {**_slot(name, index, record), "resolver": execution.resolvers.get(name)}
        for name, index, record in _each(execution.inputs)
    ]


def outputs_of(execution: Execution, previews: Previews) -> list[Row]:
    return [
        {**_slot(name, index, record), "summary": previews.summary(record)}
        for name, index, record in _each(execution.outputs)
    ]


def label_of(record: ArtifactRecord) -> str:
    """Name an artifact as people do: its type, and its span where it has one."""
    span = record.properties.get("span")
    return record.type if span is None or isinstance(span, bool) else f"{record.type} span {span}"


def _each(held: Held) -> list[tuple[str, int, ArtifactRecord]]:
    return [(name, index, record) for name, found in held.items() for index, record in enumerate(found)]


def _slot(name: str, index: int, record: ArtifactRecord) -> Row:
    return {"name": name, "index": index, "artifact": record.id, "type": record.type, "label": label_of(record)}
