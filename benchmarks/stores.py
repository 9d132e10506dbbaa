"""Makes stores of any size: two runs are recorded as a run records them, then copied in SQL, each with the one before.

The first run of a block executes ten nodes, the second one reuses five of them; its Trainer starts from the model of
the block before, so that the lineage of the newest model goes through the whole store.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from headrace.metadata.connection import connect
from headrace.metadata.records import Cached, CacheKey, Complete, Execution, Run, Running
from headrace.metadata.store import Store
from headrace.spec.messages import ArtifactRecord
from headrace.spec.records import Json, OutputSpec
from headrace.storage.folder_root import FolderRoot

BLOCK = 20
"""Executions of a block."""
NODES = {
    "ExampleGen": ((), ("Examples",)),
    "StatisticsGen": (("Examples",), ("ExampleStatistics",)),
    "SchemaGen": (("ExampleStatistics",), ("Schema",)),
    "Validator": (("ExampleStatistics", "Schema"), ("ExampleAnomalies",)),
    "Transform": (("Examples", "Schema"), ("TransformGraph",)),
    "Tuner": (("Examples", "TransformGraph"), ("HyperParameters", "TunerResults")),
    "Trainer": (("Examples", "TransformGraph", "HyperParameters"), ("Model", "ModelRun")),
    "Evaluator": (("Model", "Examples", "Schema"), ("ModelEvaluation", "ModelBlessing")),
    "Pusher": (("Model", "ModelBlessing"), ("PushedModel",)),
    "Report": (("ModelEvaluation", "ExampleAnomalies"), ("Report",)),
}
"""Each node with the types that it reads and makes."""
REUSED = ("ExampleGen", "StatisticsGen", "SchemaGen", "Validator", "Transform")
SPAN = 60_000
"""Milliseconds between two blocks."""


def make_store(file: Path, executions: int) -> None:
    """Make a store with so many executions."""
    root = FolderRoot(file.parent / "artifacts")
    around = {"host": "bench", "git_commit": "c" * 40, "environment_digest": "e" * 64}
    store = Store(connect(f"sqlite:{file}"), root, "root", around)
    first = _record(store, "20260101-000000-000000-0000", {})
    _record(store, "20260101-000100-000000-0001", first)
    del store
    _copy(file, executions // BLOCK)


def _record(store: Store, name: str, earlier: dict[str, Execution]) -> dict[str, Execution]:
    """Record a run that executes every node, or reuses some of an earlier run's."""
    run = Run(id=name, pipeline="bench", values={"epochs": 10}, origins={"epochs": "params.yaml:1"}, started=1.7e9)
    store.open_run(run)
    made: dict[str, ArtifactRecord] = {}
    done: dict[str, Execution] = {}
    for node, (read, gives) in NODES.items():
        begun = _begun(name, node, {kind.lower(): (made[kind],) for kind in read})
        if node in REUSED and earlier:
            cached = replace(begun, status=Cached(earlier[node].id), outputs=earlier[node].outputs)
            done[node] = store.begin(cached)
        else:
            started = store.begin(begun)
            outputs = {kind.lower(): (_artifact(store, started, kind),) for kind in gives}
            ended = replace(started, status=Complete(), outputs=outputs, ended=1.7e9 + 9)
            done[node] = store.commit(ended, {kind.lower(): _spec(kind) for kind in gives})
        made |= {found[0].type: found[0] for found in done[node].outputs.values()}
    store.close_run(replace(run, state="COMPLETE", ended=1.7e9 + 60))
    return done


def _begun(run: str, node: str, inputs: dict[str, tuple[ArtifactRecord, ...]]) -> Execution:
    parts = {f"parameter number {n}": f"{n}" * 20 for n in range(10)}
    parts |= {f"input {name}[0]": found[0].digest for name, found in inputs.items()}
    sources = {f"components.{node.lower()}.module{n}": f"{n}" * 64 for n in range(8)}
    return Execution(
        pipeline="bench",
        run=run,
        node=node,
        component=f"headrace.{node}",
        status=Running(),
        key=CacheKey({"component": f"{node} 1", **parts}, sources),
        inputs=inputs,
        parameters={"epochs": 10, "splits": {"train": 4, "eval": 1}, "source": "data/*.csv"},
        started=1.7e9,
        log=f".headrace/runs/{run}/logs/{node}.1.log",
    )


def _spec(kind: str) -> OutputSpec:
    return OutputSpec(type=kind, layout=1, gate=False, volatile=False, system_type="")


def _artifact(store: Store, execution: Execution, kind: str) -> ArtifactRecord:
    path = store.root.location(f"{execution.node}/{execution.id}/{kind.lower()}")
    digest = f"{execution.id:04d}{kind:_<60}"[:64]
    properties: dict[str, Json] = {"span": 1}
    if kind == "ModelBlessing":
        properties |= {"model": digest, "blessed": True}
    return ArtifactRecord(type=kind, layout=1, path=path, digest=digest, size=1000, properties=properties)


def _copy(file: Path, blocks: int) -> None:
    database = sqlite3.connect(file)
    database.execute("pragma synchronous=off")
    counts = {table: _newest(database, table) for table in ("Artifact", "Execution", "Event", "Context")}
    for statement in (*_rows(counts), *_properties(counts), *_joined(counts)):
        database.execute(f"insert into {statement}".replace("{K}", COPIES), {"blocks": blocks, "span": SPAN})
    _lead_on(database, blocks, counts)
    database.commit()
    database.execute("analyze")
    database.close()


COPIES = "with recursive k(n) as (select 1 union all select n + 1 from k where n + 1 < :blocks) select"
TIMES = "create_time_since_epoch + n * :span, last_update_time_since_epoch + n * :span"
RUN = "substr({0}, 1, 23) || printf('%04x', n * 2 + (substr({0}, 24, 4) <> '0000'))"
SHARED = "(select c.id from Context c join Type t on t.id = c.type_id and t.name in ('pipeline', 'node'))"


def _newest(database: sqlite3.Connection, table: str) -> int:
    (newest,) = database.execute(f"select max(id) from {table}").fetchone()
    return int(newest)


def _rows(counts: Mapping[str, int]) -> Iterator[str]:
    """Copy what has an id of its own, moved on by the number of the copy."""
    artifact, execution, event, context = counts.values()
    yield (
        f"Artifact {{K}} id + n * {artifact}, type_id, uri || '.' || n, state, name || '.' || n, null, {TIMES} "
        f"from Artifact, k where id <= {artifact}"
    )
    yield (
        f"Execution {{K}} id + n * {execution}, type_id, last_known_state, {RUN.format('name')} || substr(name, 28), "
        f"null, {TIMES} from Execution, k where id <= {execution}"
    )
    yield (
        f"Context {{K}} id + n * {context}, type_id, "
        f"case when length(name) = 27 then {RUN.format('name')} else name || '.' || n end, null, {TIMES} "
        f"from Context, k where id <= {context} and id not in {SHARED}"
    )
    yield (
        f"Event {{K}} id + n * {event}, artifact_id + n * {artifact}, execution_id + n * {execution}, type, "
        f"milliseconds_since_epoch from Event, k where id <= {event}"
    )
    yield (
        f"EventPath {{K}} event_id + n * {event}, is_index_step, step_index, step_key "
        f"from EventPath, k where event_id <= {event} order by n, EventPath.rowid"
    )


def _properties(counts: Mapping[str, int]) -> Iterator[str]:
    run = RUN.format("string_value")
    for table in ("Artifact", "Execution", "Context"):
        key, count = f"{table.lower()}_id", counts[table]
        own = f" and context_id not in {SHARED}" if table == "Context" else ""
        yield (
            f"{table}Property {{K}} {key} + n * {count}, name, is_custom_property, "
            f"case name when 'cached_execution' then int_value + n * {count} else int_value end, double_value, "
            f"case name when 'run' then {run} else string_value end, byte_value, proto_value, bool_value "
            f"from {table}Property, k where {key} <= {count}{own}"
        )


def _joined(counts: Mapping[str, int]) -> Iterator[str]:
    """Copy what joins contexts to others; pipelines and nodes are the same for all copies."""
    context = f"case when context_id in {SHARED} then context_id else context_id + n * {counts['Context']} end"
    yield (
        f"ParentContext {{K}} context_id + n * {counts['Context']}, parent_context_id "
        f"from ParentContext, k where context_id <= {counts['Context']}"
    )
    for table, other in (("Association", "Execution"), ("Attribution", "Artifact")):
        key, count = f"{other.lower()}_id", counts[other]
        yield (
            f"{table}(context_id, {key}) {{K}} {context}, {key} + n * {count} from {table}, k where {key} <= {count}"
        )


def _lead_on(database: sqlite3.Connection, blocks: int, counts: Mapping[str, int]) -> None:
    """Let each block's Trainer start from the model of the block before."""
    model = _last_of(database, "Artifact", "Model", counts["Artifact"])
    trainer = _last_of(database, "Execution", "headrace.Trainer", counts["Execution"])
    database.executemany(
        "insert into Event(artifact_id, execution_id, type, milliseconds_since_epoch) values (?, ?, 3, 0)",
        ((model + (n - 1) * counts["Artifact"], trainer + n * counts["Execution"]) for n in range(1, blocks)),
    )


def _last_of(database: sqlite3.Connection, table: str, kind: str, among: int) -> int:
    query = f"select max(x.id) from {table} x join Type t on t.id = x.type_id where t.name = ? and x.id <= ?"
    return int(database.execute(query, (kind, among)).fetchone()[0])
