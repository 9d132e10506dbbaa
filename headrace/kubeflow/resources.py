"""What a Kubeflow Pipelines API holds, as frozen records read from its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from headrace.spec.records import Json

Answer: TypeAlias = Mapping[str, Any]

GOOD = frozenset({"SUCCEEDED", "SKIPPED"})
ENDS = GOOD | {"FAILED", "CANCELED"}
"""The states that a run or a task does not leave."""


@dataclass(frozen=True)
class Experiment:
    """A folder of runs."""

    id: str
    name: str
    archived: bool

    @classmethod
    def read(cls, answer: Answer) -> Experiment:
        archived = answer.get("storage_state") == "ARCHIVED"
        return cls(answer["experiment_id"], answer.get("display_name", ""), archived)


@dataclass(frozen=True)
class PipelineVersion:
    """One compiled file of a pipeline, named by its content; what made it, and the parameters that it declares."""

    pipeline_id: str
    id: str
    name: str
    compiler: str
    parameters: Mapping[str, Mapping[str, Any]]

    @classmethod
    def read(cls, answer: Answer) -> PipelineVersion:
        held: Answer = answer.get("pipeline_spec") or {}
        spec: Answer = held.get("pipeline_spec", held)
        name = answer.get("display_name") or answer.get("name", "")
        inputs = (spec.get("root") or {}).get("inputDefinitions") or {}
        return cls(
            answer["pipeline_id"],
            answer["pipeline_version_id"],
            name,
            str(spec.get("sdkVersion", "")),
            inputs.get("parameters") or {},
        )


@dataclass(frozen=True, kw_only=True)
class Cron:
    """Fires at the times of an expression as the server reads it: seconds first."""

    expression: str
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Interval:
    """Fires every so many seconds."""

    seconds: int
    start: datetime | None = None
    end: datetime | None = None


Trigger: TypeAlias = Cron | Interval


@dataclass(frozen=True, kw_only=True)
class RecurringRun:
    """A schedule on the server; without a version it follows the newest one."""

    id: str
    name: str
    description: str
    trigger: Trigger
    pipeline_id: str
    version_id: str
    experiment_id: str
    parameters: Mapping[str, Json]
    service_account: str
    max_concurrency: int
    catch_up: bool
    enabled: bool
    created: str

    @classmethod
    def read(cls, answer: Answer) -> RecurringRun:
        source = answer.get("pipeline_version_reference") or {}
        return cls(
            id=answer["recurring_run_id"],
            name=answer.get("display_name", ""),
            description=answer.get("description", ""),
            trigger=_trigger(answer.get("trigger") or {}),
            pipeline_id=source.get("pipeline_id", ""),
            version_id=source.get("pipeline_version_id", ""),
            experiment_id=answer.get("experiment_id", ""),
            parameters=(answer.get("runtime_config") or {}).get("parameters") or {},
            service_account=answer.get("service_account", ""),
            max_concurrency=int(answer.get("max_concurrency", 0)),
            catch_up=not answer.get("no_catchup", False),
            enabled=answer.get("status") == "ENABLED",
            created=answer.get("created_at", ""),
        )


@dataclass(frozen=True, kw_only=True)
class Task:
    """One task of a run: a node, or one of Kubeflow's own steps around it; `pod` is whose log tells of it."""

    name: str
    state: str
    started: str
    ended: str
    error: str
    pod: str

    @classmethod
    def read(cls, answer: Answer) -> Task:
        return cls(
            name=answer.get("display_name", ""),
            state=answer.get("state", "PENDING"),
            started=_happened(answer, "start_time"),
            ended=_happened(answer, "end_time"),
            error=(answer.get("error") or {}).get("message", ""),
            pod=_pod(answer),
        )


@dataclass(frozen=True, kw_only=True)
class KubeflowRun:
    """A run in Kubeflow, which calls it by an id of its own."""

    id: str
    name: str
    state: str
    created: str
    finished: str
    error: str
    tasks: tuple[Task, ...]

    @property
    def ended(self) -> bool:
        return self.state in ENDS

    @classmethod
    def read(cls, answer: Answer) -> KubeflowRun:
        details = answer.get("run_details") or {}
        return cls(
            id=answer["run_id"],
            name=answer.get("display_name", ""),
            state=answer.get("state", "PENDING"),
            created=answer.get("created_at", ""),
            finished=_happened(answer, "finished_at"),
            error=(answer.get("error") or {}).get("message", ""),
            tasks=tuple(Task.read(task) for task in details.get("task_details") or ()),
        )


def trigger_json(trigger: Trigger) -> Answer:
    """Write a trigger as the API reads it; 64-bit numbers are strings there."""
    limits = {"start_time": trigger.start, "end_time": trigger.end}
    times = {name: time_text(time) for name, time in limits.items() if time}
    match trigger:
        case Cron(expression=expression):
            return {"cron_schedule": {"cron": expression, **times}}
        case Interval(seconds=seconds):
            return {"periodic_schedule": {"interval_second": str(seconds), **times}}


def time_text(time: datetime) -> str:
    """Write a time as the API does: UTC, whole seconds."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _trigger(answer: Answer) -> Trigger:
    if cron := answer.get("cron_schedule"):
        return Cron(expression=cron.get("cron", ""), start=_time(cron, "start_time"), end=_time(cron, "end_time"))
    periodic = answer.get("periodic_schedule") or {}
    seconds = int(periodic.get("interval_second", 0))
    return Interval(seconds=seconds, start=_time(periodic, "start_time"), end=_time(periodic, "end_time"))


def _happened(answer: Answer, name: str) -> str:
    """Return a time, empty where it has not come: the server then says 1970."""
    time = str(answer.get(name, ""))
    return "" if time.startswith("1970-01-01") else time


def _pod(answer: Answer) -> str:
    children = [child["pod_name"] for child in answer.get("child_tasks") or () if child.get("pod_name")]
    return str(children[-1] if children else answer.get("pod_name", ""))


def _time(answer: Answer, name: str) -> datetime | None:
    return datetime.fromisoformat(answer[name]) if answer.get(name) else None
