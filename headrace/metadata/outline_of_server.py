"""Reads the outline of any store through ML Metadata's library; of what changed, newest first and page by page."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from ml_metadata.errors import NotFoundError
from ml_metadata.metadata_store.metadata_store import ListOptions, MetadataStore, OrderByField
from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.metadata.bar import tainted
from headrace.metadata.edges import READING, path_of
from headrace.metadata.outline import (
    GROUPS,
    NAMES,
    ArtifactOutline,
    EventOutline,
    ExecutionOutline,
    artifact_state,
    execution_state,
    place_of,
)

PAGE = 100
_OWN = (("run", "run"), ("pipeline", "pipeline"), ("node", "node"))


def executions_at(mlmd: MetadataStore, since: int) -> list[ExecutionOutline]:
    """Read the executions that changed at a time or later, in milliseconds, oldest first."""
    found = changed(mlmd.get_executions, since)
    foreign = [e.id for e in found if "run" not in e.properties]
    groups = _groups(mlmd, set(foreign)) if foreign else {}
    return [_outline(e, groups.get(e.id)) for e in sorted(found, key=lambda e: int(e.id))]


def artifacts_at(mlmd: MetadataStore, since: int) -> list[ArtifactOutline]:
    """Read the artifacts that changed at a time or later, in milliseconds, oldest first."""
    found = sorted(changed(mlmd.get_artifacts, since), key=lambda a: int(a.id))
    return [
        ArtifactOutline(
            a.id,
            a.type,
            a.uri,
            artifact_state(a.state),
            tainted(a),
            a.create_time_since_epoch / 1000,
            a.last_update_time_since_epoch / 1000,
        )
        for a in found
    ]


def events_at(mlmd: MetadataStore, executions: Sequence[int]) -> list[EventOutline]:
    """Read the events of executions."""
    found = mlmd.get_events_by_execution_ids(executions) if executions else []
    return [
        EventOutline(event.execution_id, event.artifact_id, event.type in READING, name, place)
        for event in found
        for name, place in path_of(event)
    ]


def changed(get: Callable[..., Sequence[Any]], since: int) -> list[Any]:
    """Return all, or page through the newest changes until one is older."""
    if not since:
        return list(get())
    found: list[Any] = []
    size = PAGE
    while True:
        options = ListOptions(limit=size, order_by=OrderByField.UPDATE_TIME, is_asc=False)
        found = list(get(list_options=options))
        if len(found) < size or found[-1].last_update_time_since_epoch < since:
            return [each for each in found if each.last_update_time_since_epoch >= since]
        size *= 4


def _outline(found: pb.Execution, groups: dict[str, str] | None) -> ExecutionOutline:
    held = found.properties
    if groups is None:
        groups = {group: held[name].string_value for group, name in _OWN if name in held}
    return ExecutionOutline(
        found.id,
        found.type,
        *place_of(found.name, _title(found) or found.type, groups),
        execution_state(found.last_known_state, held["ended"].string_value if "ended" in held else ""),
        held["cached_execution"].int_value if "cached_execution" in held else 0,
        held["resolvers"].string_value if "resolvers" in held else "",
        found.create_time_since_epoch / 1000,
        found.last_update_time_since_epoch / 1000,
    )


def _title(found: pb.Execution) -> str:
    """Return what a property calls an execution, a typed one before a custom one."""
    sides = (found.properties, found.custom_properties)
    titles = (held[name].string_value for name in NAMES for held in sides if name in held)
    return next((title for title in titles if title), "")


def _groups(mlmd: MetadataStore, executions: set[int]) -> dict[int, dict[str, str]]:
    """Map executions of another program to the run, the pipeline and the node that contexts name."""
    groups: dict[int, dict[str, str]] = {}
    for group, context in _contexts(mlmd):
        for execution in mlmd.get_executions_by_context(context.id):
            if execution.id in executions:
                groups.setdefault(execution.id, {})[group] = context.name
    return groups


def _contexts(mlmd: MetadataStore) -> Iterator[tuple[str, pb.Context]]:
    kinds: Iterable[pb.ContextType] = mlmd.get_context_types()
    for kind in kinds:
        if kind.name in GROUPS:
            try:
                yield from ((GROUPS[kind.name], context) for context in mlmd.get_contexts_by_type(kind.name))
            except NotFoundError:
                continue
