"""Executions, artifacts and runs as ML Metadata holds them: names in TFX's vocabulary, our facts as typed properties.

Layout version 1. Every name here is read by others (MLMD cannot fill it in later): change it with a new version.
"""

from collections.abc import Mapping
from dataclasses import asdict
from json import dumps, loads
from typing import Any

from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.metadata import foreign
from headrace.metadata.records import Cached, CacheKey, Complete, Execution, Run, Running, Status, Usage
from headrace.metadata.values import Scalar, from_custom, from_value, to_custom, to_typed
from headrace.spec.messages import ArtifactRecord, Block, Canceled, Failed, Skip
from headrace.spec.records import Json
from headrace.storage.root import Root

VERSION = 1
_INT, _DOUBLE, _STRING, _BOOLEAN = pb.INT, pb.DOUBLE, pb.STRING, pb.BOOLEAN

EXECUTION_PROPERTIES = {
    "headrace_version": _INT,
    "pipeline": _STRING,
    "run": _STRING,
    "node": _STRING,
    "item": _INT,
    "attempt": _INT,
    "cache_key": _STRING,
    "cache_key_parts": _STRING,
    "cache_key_sources": _STRING,
    "code_digest": _STRING,
    "offered": _BOOLEAN,
    "cached_execution": _INT,
    "ended": _STRING,
    "reason": _STRING,
    "refused": _BOOLEAN,
    "note": _STRING,
    "error_type": _STRING,
    "error_message": _STRING,
    "error_traceback": _STRING,
    "error_frame": _STRING,
    "error_permanent": _BOOLEAN,
    "log_path": _STRING,
    "resolvers": _STRING,
    "wall_seconds": _DOUBLE,
    "cpu_seconds": _DOUBLE,
    "peak_memory": _INT,
    "started": _DOUBLE,
    "finished": _DOUBLE,
    "host": _STRING,
    "git_commit": _STRING,
    "git_dirty": _BOOLEAN,
    "environment_digest": _STRING,
}
ARTIFACT_PROPERTIES = {
    "span": _INT,
    "version": _INT,
    "split_names": _STRING,
    "content_digest": _STRING,
    "byte_size": _INT,
    "root_id": _STRING,
    "relative_path": _STRING,
    "layout_version": _INT,
    "tainted": _STRING,
}
RUN_PROPERTIES = {"headrace_version": _INT, "state": _STRING, "run": _STRING}

STATES: Mapping[type, int] = {
    Running: pb.Execution.RUNNING,
    Complete: pb.Execution.COMPLETE,
    Cached: pb.Execution.CACHED,
    Failed: pb.Execution.FAILED,
    Skip: pb.Execution.CANCELED,
    Block: pb.Execution.CANCELED,
    Canceled: pb.Execution.CANCELED,
}


def execution_proto(execution: Execution, type_id: int, around: Mapping[str, Scalar]) -> pb.Execution:
    """Write an execution; `around` is what every execution of a process shares (host, commit, environment)."""
    key, usage = execution.key, execution.usage
    properties: dict[str, Scalar] = {
        "headrace_version": VERSION,
        "pipeline": execution.pipeline,
        "run": execution.run,
        "node": execution.node,
        "attempt": execution.attempt,
        "started": execution.started,
        **around,
        **_status_properties(execution.status),
        **_unless_default({"finished": execution.ended, **asdict(usage)}),
    }
    if not execution.offered:
        properties["offered"] = False
    if execution.item is not None:
        properties["item"] = execution.item
    if key:
        properties |= {"cache_key": key.digest, "code_digest": key.code_digest}
        properties |= {"cache_key_parts": dumps(key.parts), "cache_key_sources": dumps(key.sources)}
    if execution.resolvers:
        properties["resolvers"] = dumps(execution.resolvers)
    for name, text in (("log_path", execution.log), ("note", execution.note)):
        if text:
            properties[name] = text
    written = pb.Execution(type_id=type_id, name=execution.name, last_known_state=STATES[type(execution.status)])
    if execution.id:
        written.id = execution.id
    _fill(written, {name: to_typed(value) for name, value in properties.items()}, to_custom(execution.parameters))
    return written


def _unless_default(values: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Leave out what says nothing: MLMD takes a statement for every property."""
    return {name: value for name, value in values.items() if value}


def _status_properties(status: Status) -> dict[str, Scalar]:
    match status:
        case Cached(execution, reason):
            return {"cached_execution": execution, "ended": "cached", "reason": reason}
        case Skip(reason, refused):
            return {"ended": "skipped", "reason": reason, **({"refused": True} if refused else {})}
        case Block(gate):
            return {"ended": "blocked", "reason": gate}
        case Canceled(reason):
            return {"ended": "interrupted", "reason": reason}
        case Failed():
            return {
                "ended": "failed",
                "reason": status.message.partition("\n")[0],
                "error_type": status.type,
                "error_message": status.message,
                "error_traceback": status.traceback,
                "error_frame": status.frame,
                "error_permanent": status.permanent,
            }
        case Complete():
            return {"ended": "complete"}
        case Running():
            return {}


def _fill(written: Any, properties: Mapping[str, pb.Value], custom: Mapping[str, pb.Value]) -> None:
    for name, value in properties.items():
        written.properties[name].CopyFrom(value)
    for name, value in custom.items():
        written.custom_properties[name].CopyFrom(value)


def execution_of(
    found: pb.Execution,
    inputs: Mapping[str, tuple[ArtifactRecord, ...]],
    outputs: Mapping[str, tuple[ArtifactRecord, ...]],
) -> Execution:
    """Read an execution; one that another program wrote has the fields that MLMD itself knows."""
    known = {name: from_value(value) for name, value in found.properties.items()}

    def text(name: str) -> str:
        return str(known.get(name) or "")

    def number(name: str) -> float:
        value = known.get(name)
        return float(value) if isinstance(value, int | float) else 0.0

    key = (
        CacheKey(loads(text("cache_key_parts")), loads(text("cache_key_sources"))) if text("cache_key_parts") else None
    )
    return Execution(
        id=found.id,
        pipeline=text("pipeline"),
        run=text("run"),
        node=text("node"),
        component=found.type,
        item=int(number("item")) if "item" in known else None,
        attempt=int(number("attempt")) or 1,
        status=_status_of(found, text, number),
        key=key,
        inputs=inputs,
        outputs=outputs,
        parameters=from_custom(found.custom_properties) if _is_ours(found) else foreign.parameters_of(found),
        resolvers=loads(text("resolvers") or "{}"),
        usage=Usage(
            wall_seconds=number("wall_seconds"),
            cpu_seconds=number("cpu_seconds"),
            peak_memory=int(number("peak_memory")),
        ),
        log=text("log_path"),
        offered=bool(known.get("offered", True)),
        note=text("note"),
        started=number("started") if "started" in known else found.create_time_since_epoch / 1000,
        ended=number("finished") if "started" in known else _last_change(found),
    )


def _is_ours(found: pb.Execution) -> bool:
    return "headrace_version" in found.properties


def _last_change(found: pb.Execution) -> float:
    """Take the last change of an execution that is over for its end."""
    is_over = found.last_known_state != pb.Execution.RUNNING
    return float(found.last_update_time_since_epoch / 1000) if is_over else 0.0


def _status_of(found: pb.Execution, text: Any, number: Any) -> Status:
    match found.last_known_state:
        case pb.Execution.COMPLETE:
            return Complete()
        case pb.Execution.CACHED:
            return Cached(int(number("cached_execution")), text("reason"))
        case pb.Execution.FAILED:
            return Failed(
                type=text("error_type") or "Failed",
                message=text("error_message") if _is_ours(found) else foreign.message_of(found),
                traceback=text("error_traceback"),
                frame=text("error_frame"),
                log=text("log_path"),
                permanent=bool(found.properties["error_permanent"].bool_value) if found.properties else False,
            )
        case pb.Execution.CANCELED:
            return _stopped(text("ended"), text("reason"), refused=found.properties["refused"].bool_value)
        case _:
            return Running()


def _stopped(ended: str, reason: str, *, refused: bool) -> Status:
    """Tell apart what MLMD has one state for."""
    match ended:
        case "skipped":
            return Skip(reason, refused)
        case "blocked":
            return Block(reason)
        case _:
            return Canceled(reason)


def artifact_proto(made: ArtifactRecord, type_id: int, name: str, root: Root, root_id: str) -> pb.Artifact:
    """Write an artifact: an absolute uri for other readers, root and relative path for headrace."""
    properties: dict[str, Scalar] = {
        "content_digest": made.digest,
        "byte_size": made.size,
        "layout_version": made.layout,
    }
    if relative := root.relative(made.path):
        properties |= {"root_id": root_id, "relative_path": relative}
    for shared in ("span", "version"):
        value = made.properties.get(shared)
        if isinstance(value, int):
            properties[shared] = value
    if "split_names" in made.properties:
        properties["split_names"] = dumps(made.properties["split_names"])
    written = pb.Artifact(type_id=type_id, name=name, uri=made.path, state=pb.Artifact.LIVE)
    _fill(written, {key: to_typed(value) for key, value in properties.items()}, to_custom(made.properties))
    return written


def artifact_of(found: pb.Artifact, root: Root, root_id: str) -> ArtifactRecord:
    """Read an artifact; its path is found below the root where the project stands today."""
    known = {name: from_value(value) for name, value in found.properties.items()}
    relative = str(known.get("relative_path") or "")
    here = relative and known.get("root_id") == root_id
    layout, size = known.get("layout_version"), known.get("byte_size")
    properties = from_custom(found.custom_properties)
    if not known.get("content_digest"):  # another program's: its typed properties are all there is
        properties = {**known, **properties}
    return ArtifactRecord(
        id=found.id,
        type=found.type,
        layout=layout if isinstance(layout, int) else 0,
        path=root.location(relative) if here else found.uri,
        digest=str(known.get("content_digest") or ""),
        size=size if isinstance(size, int) else 0,
        properties=properties,
    )


def run_proto(run: Run, type_id: int) -> pb.Context:
    """Write a run as the context that TFX calls `pipeline_run`."""
    written = pb.Context(type_id=type_id, name=run.id)
    custom: dict[str, Json] = {
        "pipeline": run.pipeline,
        "values": dict(run.values),
        "origins": dict(run.origins),
        "frozen": {name: dict(value) for name, value in run.frozen.items()},
        "selected": list(run.selected),
        "started": _instant(run.started),
        "ended": _instant(run.ended),
        "spec_digest": run.spec_digest,
        "git_commit": run.git_commit,
        "git_dirty": run.git_dirty,
        "environment": run.environment,
        "host": run.host,
        "orchestrator": run.orchestrator,
    }
    _fill(written, {"headrace_version": pb.Value(int_value=VERSION), "state": to_typed(run.state)}, to_custom(custom))
    return written


def run_of(found: pb.Context) -> Run:
    """Read a run."""
    known: dict[str, Any] = from_custom(found.custom_properties)
    names = {name for name in Run.__dataclass_fields__ if name in known}
    state: Any = found.properties["state"].string_value if "state" in found.properties else "COMPLETE"
    return Run(id=found.name, state=state, **{"pipeline": "", **{name: known[name] for name in names}})


def _instant(seconds: float) -> float:
    """Round a time to what MLMD keeps of a number, so that it stays one: 15 digits, a hundredth of a millisecond."""
    return round(seconds, 5)
