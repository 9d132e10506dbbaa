"""What a Kubeflow Pipelines server holds, and the rules by which it accepts and refuses (its Go sources, v2beta1)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import yaml

from tests.kubeflow import robfig

Held = dict[str, Any]
START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
KINDS: Mapping[str, type | tuple[type, ...]] = {
    "STRING": str,
    "NUMBER_INTEGER": (int, float),
    "NUMBER_DOUBLE": (int, float),
    "BOOLEAN": bool,
    "LIST": list,
    "STRUCT": dict,
}


class Refusal(Exception):  # noqa: N818  what the server calls it
    """An error answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


def invalid(message: str) -> Refusal:
    return Refusal(400, message)


@dataclass
class Kubeflow:
    """One server; `stages` are the states that a run takes, one each time that somebody looks at it."""

    multi_user: bool = False
    token: str | None = None
    clock: Callable[[], datetime] = lambda: START
    stages: list[Held] = field(default_factory=list)
    experiments: dict[str, Held] = field(default_factory=dict)
    pipelines: dict[str, Held] = field(default_factory=dict)
    versions: dict[str, Held] = field(default_factory=dict)
    recurring_runs: dict[str, Held] = field(default_factory=dict)
    runs: dict[str, Held] = field(default_factory=dict)
    made: int = 0

    def make_experiment(self, sent: Held) -> Held:
        if not sent.get("display_name"):
            raise invalid("Experiment has an empty name")
        self._namespace(sent)
        if _named(self.experiments, "display_name", sent["display_name"], sent.get("namespace")):
            raise Refusal(409, f"AlreadyExistError: Failed to create experiment {sent['display_name']}")
        made = sent | {"experiment_id": self._id(), "created_at": self._now(), "storage_state": "AVAILABLE"}
        return self._keep(self.experiments, "experiment_id", made)

    def make_pipeline(self, sent: Held) -> Held:
        name = sent.get("name") or sent.get("display_name")
        if not name:
            raise invalid("name is required")
        self._namespace(sent)
        if _named(self.pipelines, "name", name, sent.get("namespace")):
            raise Refusal(409, f"AlreadyExistError: Failed to create a pipeline {name}")
        made = {"display_name": name, "name": name, **sent, "pipeline_id": self._id(), "created_at": self._now()}
        return self._keep(self.pipelines, "pipeline_id", made)

    def add_version(self, pipeline_id: str, name: str, text: str) -> Held:
        spec = read_spec(text)
        find(self.pipelines, pipeline_id)
        if any(held["pipeline_id"] == pipeline_id and held["name"] == name for held in self.versions.values()):
            raise Refusal(409, f"Failed to create a pipeline version {name}: already exists")
        made = {
            "pipeline_id": pipeline_id,
            "pipeline_version_id": self._id(),
            "name": name,
            "display_name": name,
            "created_at": self._now(),
            "pipeline_spec": spec,
        }
        return self._keep(self.versions, "pipeline_version_id", made)

    def start(self, sent: Held) -> Held:
        if not sent.get("display_name"):
            raise invalid("The run name is empty. Please specify a valid name")
        self._check_source(sent)
        self._experiment(sent)
        made = sent | {
            "run_id": self._id(),
            "created_at": self._now(),
            "state": "PENDING",
            "storage_state": "AVAILABLE",
        }
        return self._keep(self.runs, "run_id", made)

    def look_at(self, run_id: str) -> Held:
        """Get a run, one stage further on."""
        run = find(self.runs, run_id)
        if self.stages and run["state"] in ("PENDING", "RUNNING"):
            run |= self.stages.pop(0)
        return run

    def terminate(self, run_id: str) -> None:
        run = find(self.runs, run_id)
        if run["state"] in ("SUCCEEDED", "FAILED", "CANCELED"):
            raise invalid(f"Failed to terminate run {run_id}: it has ended")
        run["state"] = "CANCELING"

    def schedule(self, sent: Held) -> Held:
        if not sent.get("display_name"):
            raise invalid("Recurring run name is empty. Please specify a valid name")
        self._check_source(sent)
        self._experiment(sent)
        most = int(sent.get("max_concurrency") or 0)
        if not 1 <= most <= 10:
            raise invalid(f"Max concurrency of a recurring run must be at least 1 and at most 10. Received {most}")
        _check_trigger(sent.get("trigger") or {})
        on = sent.get("mode") == "ENABLE"
        made = sent | {
            "max_concurrency": str(most),
            "recurring_run_id": self._id(),
            "created_at": self._now(),
            "updated_at": self._now(),
            "mode": "ENABLE" if on else "DISABLE",
            "status": "ENABLED" if on else "DISABLED",
        }
        return self._keep(self.recurring_runs, "recurring_run_id", made)

    def switch(self, recurring_run_id: str, *, on: bool) -> None:
        held = find(self.recurring_runs, recurring_run_id)
        held["mode"], held["status"] = ("ENABLE", "ENABLED") if on else ("DISABLE", "DISABLED")

    def newest(self, pipeline_id: str) -> list[Held]:
        return [held for held in self.versions.values() if held["pipeline_id"] == pipeline_id][::-1]

    def _check_source(self, sent: Held) -> None:
        source = sent.get("pipeline_version_reference") or {}
        if source.get("pipeline_version_id"):
            spec = find(self.versions, source["pipeline_version_id"])["pipeline_spec"]
        elif source.get("pipeline_id"):
            versions = self.newest(find(self.pipelines, source["pipeline_id"])["pipeline_id"])
            if not versions:
                raise invalid("the pipeline has no version")
            spec = versions[0]["pipeline_spec"]
        elif not (spec := sent.get("pipeline_spec")):
            raise invalid("pipeline spec or pipeline version is required")
        _check_parameters(spec, (sent.get("runtime_config") or {}).get("parameters") or {})

    def _experiment(self, sent: Held) -> None:
        if not sent.get("experiment_id"):
            if self.multi_user:
                raise invalid("Experiment id can not be empty in multi-user mode")
            default = _named(self.experiments, "display_name", "Default", None)
            sent["experiment_id"] = (default or self.make_experiment({"display_name": "Default"}))["experiment_id"]
        if find(self.experiments, sent["experiment_id"])["storage_state"] == "ARCHIVED":
            raise invalid("the experiment is archived")

    def _namespace(self, sent: Held) -> None:
        if self.multi_user and not sent.get("namespace"):
            raise invalid("Namespace is empty: it is required in multi-user mode")
        if not self.multi_user:
            sent.pop("namespace", None)

    def _id(self) -> str:
        return str(uuid4())

    def _now(self) -> str:
        self.made += 1
        return (self.clock() + timedelta(seconds=self.made)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _keep(self, among: dict[str, Held], key: str, made: Held) -> Held:
        among[made[key]] = made
        return made


def find(among: Mapping[str, Held], key: str) -> Held:
    if key not in among:
        raise Refusal(404, f"ResourceNotFoundError: {key} not found")
    return among[key]


def read_spec(text: str) -> Held:
    """Read a compiled file of one or two documents."""
    documents = [document for document in yaml.safe_load_all(text) if document]
    spec = next((document for document in documents if "pipelineInfo" in document), None)
    if spec is None:
        raise invalid("no pipeline spec is provided")
    if spec.get("schemaVersion") != "2.1.0":
        raise invalid("KFP only supports schema version 2.1.0")
    if "root" not in spec:
        raise invalid("invalid v2 pipeline spec: root component is empty")
    platform = next((document for document in documents if "platforms" in document), None)
    return {"pipeline_spec": spec, "platform_spec": platform} if platform else spec


def select(among: Mapping[str, Held], query: Mapping[str, str]) -> list[Held]:
    """Filter and sort a list as its query says."""
    found = list(among.values())
    for predicate in json.loads(query.get("filter") or "{}").get("predicates", []):
        wanted = predicate.get("stringValue", predicate.get("string_value"))
        found = [held for held in found if held.get(predicate["key"]) == wanted]
    if query.get("namespace"):
        found = [held for held in found if held.get("namespace", query["namespace"]) == query["namespace"]]
    key, _, order = query.get("sort_by", "").partition(" ")
    if key and key not in ("created_at", "name", "display_name"):
        raise invalid(f"Cannot sort on field {key}")
    return sorted(found, key=lambda held: str(held[key]), reverse=order == "desc") if key else found


def _named(among: Mapping[str, Held], key: str, name: str, namespace: str | None) -> Held | None:
    return next((held for held in among.values() if held.get(key) == name and held.get("namespace") == namespace), None)


def _check_trigger(trigger: Held) -> None:
    if cron := trigger.get("cron_schedule"):
        try:
            robfig.parse(cron.get("cron", ""))
        except ValueError as error:
            reference = "https://godoc.org/github.com/robfig/cron"
            raise invalid(f"Schedule cron is not a supported format({reference}). Error: {error}") from error
    elif int((trigger.get("periodic_schedule") or {}).get("interval_second") or 0) < 1:
        raise invalid("Found invalid period schedule interval. Set at interval to least 1 second")


def _check_parameters(spec: Held, given: Mapping[str, Any]) -> None:
    root = spec.get("pipeline_spec", spec)["root"]
    declared = root.get("inputDefinitions", {}).get("parameters", {})
    for name, parameter in declared.items():
        if name not in given:
            if not parameter.get("isOptional") and "defaultValue" not in parameter:
                raise invalid(
                    f"parameter {name} is not optional, yet has neither default value nor user provided value"
                )
        elif not isinstance(given[name], KINDS[parameter["parameterType"]]):
            raise invalid(f"input parameter {name} requires type {parameter['parameterType'].lower()}")
    if extra := [name for name in given if name not in declared]:
        raise invalid(f"parameter(s) provided are not required by pipeline: {', '.join(extra)}")
