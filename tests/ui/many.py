"""A store of many runs, with the properties that headrace records, written in bulk."""

import json
from pathlib import Path
from typing import Any

from ml_metadata.metadata_store.metadata_store import MetadataStore
from ml_metadata.proto import metadata_store_pb2 as pb

from headrace.metadata.protos import run_proto
from headrace.metadata.records import Run

NODES = (
    ("ExampleGen", "examples", "Examples"),
    ("StatisticsGen", "statistics", "ExampleStatistics"),
    ("SchemaGen", "schema", "Schema"),
    ("Validator", "anomalies", "ExampleAnomalies"),
    ("Transform", "transform_graph", "TransformGraph"),
    ("Trainer", "model", "Model"),
    ("Evaluator", "evaluation", "ModelEvaluation"),
    ("Pusher", "pushed_model", "PushedModel"),
)
"""Nodes in a row, each with its output; every node reads what the one before made."""
STEP = 60.0
"""Seconds between two runs."""


def write_many(file: Path, runs: int) -> None:
    """Write runs of eight nodes each, one after the other in time."""
    store = MetadataStore(pb.ConnectionConfig(sqlite=pb.SqliteMetadataSourceConfig(filename_uri=str(file))))
    text, whole, number = pb.STRING, pb.INT, pb.DOUBLE
    kinds = {name: store.put_context_type(pb.ContextType(name=name)) for name in ("pipeline", "node")}
    kinds["pipeline_run"] = store.put_context_type(
        pb.ContextType(name="pipeline_run", properties={"headrace_version": whole, "state": text, "run": text})
    )
    executions = {
        node: store.put_execution_type(
            pb.ExecutionType(
                name=f"headrace.{node}",
                properties={"pipeline": text, "run": text, "node": text, "started": number, "finished": number},
            )
        )
        for node, _, _ in NODES
    }
    artifacts = {
        name: store.put_artifact_type(
            pb.ArtifactType(name=name, properties={"content_digest": text, "byte_size": whole, "span": whole})
        )
        for _, _, name in NODES
    }
    contexts = _contexts(store, kinds, runs)
    made = store.put_artifacts([_artifact(artifacts[name], r, name) for r in range(runs) for _, _, name in NODES])
    ran = store.put_executions([_execution(executions[node], r, node) for r in range(runs) for node, _, _ in NODES])
    store.put_events(_events(ran, made))
    links = [
        pb.Association(context_id=contexts[key], execution_id=ran[r * len(NODES) + n])
        for r in range(runs)
        for n, (node, _, _) in enumerate(NODES)
        for key in ("flights", f"flights.{node}", name_of(r))
    ]
    store.put_attributions_and_associations([], links)


def name_of(run: int) -> str:
    return f"20260101-{run:06d}-000000-{run:04x}"


def _contexts(store: Any, kinds: dict[str, int], runs: int) -> dict[str, int]:
    found = [pb.Context(type_id=kinds["pipeline"], name="flights")]
    found += [pb.Context(type_id=kinds["node"], name=f"flights.{node}") for node, _, _ in NODES]
    for r in range(runs):
        state = "FAILED" if r % 10 == 9 else "COMPLETE"
        record = Run(
            id=name_of(r),
            pipeline="flights",
            state=state,  # type: ignore[arg-type]  # one of two literals
            values={"trials": r % 7, "learning_rate": 0.001},
            origins={"trials": "params.yaml:3"},
            started=1.7e9 + r * STEP,
            ended=1.7e9 + r * STEP + 30,
            git_commit=f"{r:040x}",
            host="host",
        )
        found.append(run_proto(record, kinds["pipeline_run"]))
    return dict(zip([context.name for context in found], store.put_contexts(found), strict=True))


def _artifact(type_id: int, run: int, name: str) -> Any:
    made = pb.Artifact(type_id=type_id, uri=f"/gone/{run}/{name}", state=pb.Artifact.LIVE)
    made.properties["content_digest"].string_value = f"{name}-{run}"
    made.properties["byte_size"].int_value = 1000 + run
    made.properties["span"].int_value = run
    if name == "ModelEvaluation":
        made.custom_properties["metrics"].string_value = json.dumps({"auc": 0.5 + run % 50 / 100})
        made.custom_properties["__json__"].string_value = json.dumps(["metrics"])
    return made


def _execution(type_id: int, run: int, node: str) -> Any:
    ran = pb.Execution(type_id=type_id, name=f"{name_of(run)}/{node}/1", last_known_state=pb.Execution.COMPLETE)
    for name, value in (("pipeline", "flights"), ("run", name_of(run)), ("node", node)):
        ran.properties[name].string_value = value
    ran.properties["started"].double_value = 1.7e9 + run * STEP
    ran.properties["finished"].double_value = 1.7e9 + run * STEP + 1
    return ran


def _events(ran: list[int], made: list[int]) -> list[Any]:
    events: list[Any] = []
    for place, execution in enumerate(ran):
        node = place % len(NODES)
        steps = [pb.Event.Path.Step(key=NODES[node][1]), pb.Event.Path.Step(index=0)]
        path = pb.Event.Path(steps=steps)
        events.append(pb.Event(type=pb.Event.OUTPUT, execution_id=execution, artifact_id=made[place], path=path))
        if node:
            steps = [pb.Event.Path.Step(key=NODES[node - 1][1]), pb.Event.Path.Step(index=0)]
            path = pb.Event.Path(steps=steps)
            events.append(pb.Event(type=pb.Event.INPUT, execution_id=execution, artifact_id=made[place - 1], path=path))
    return events
