"""A schedule in the words of `schedules.yaml`, from the file or from the server, so that the two can be compared."""

from collections.abc import Mapping
from dataclasses import dataclass

from headrace.kubeflow.client import Client
from headrace.kubeflow.cron import read_server_cron
from headrace.kubeflow.duration import duration_text
from headrace.kubeflow.marker import description_of
from headrace.kubeflow.package import Package
from headrace.kubeflow.resources import Cron, Interval, RecurringRun, Trigger, time_text
from headrace.kubeflow.schedules_file import Schedule
from headrace.kubeflow.submit import has_content
from headrace.spec.records import Json

LATEST = "latest"


@dataclass(frozen=True)
class Difference:
    """One field that is not as the file says."""

    field: str
    old: object
    new: object


@dataclass(frozen=True)
class Wanted:
    """A schedule of the file with its compiled pipeline, and what its names mean on the server."""

    schedule: Schedule
    package: Package
    experiment: str
    parameters: Mapping[str, Json]
    service_account: str
    pipeline_id: str | None
    experiment_id: str | None


def version_name(client: Client, found: RecurringRun) -> str:
    """Find the name of the version that a schedule on the server runs."""
    if not found.version_id:
        return LATEST
    version = client.version(found.pipeline_id, found.version_id)
    return version.name if version else "deleted"


def trigger_facts(trigger: Trigger) -> dict[str, str | None]:
    """Say when a schedule fires."""
    limits = {
        "start": time_text(trigger.start) if trigger.start else None,
        "end": time_text(trigger.end) if trigger.end else None,
    }
    match trigger:
        case Cron(expression=expression):
            found = read_server_cron(expression)
            return {"cron": found.text if found else f"{expression} (seconds first)", "every": None, **limits}
        case Interval(seconds=seconds):
            return {"cron": None, "every": duration_text(seconds), **limits}


def differences(wanted: Wanted, found: RecurringRun, version: str) -> list[Difference]:
    """Compare a schedule of the file with one on the server, whose version is called `version`."""
    new, old = _of_file(wanted), _of_server(found)
    if wanted.service_account == "":
        old["service_account"] = ""  # the cluster's choice
    if wanted.pipeline_id != found.pipeline_id:
        old["pipeline"], new["pipeline"] = found.pipeline_id, wanted.schedule.pipeline
    if wanted.experiment_id != found.experiment_id:
        old["experiment"], new["experiment"] = found.experiment_id, wanted.experiment
    if wanted.schedule.follow_latest:
        old["version"], new["version"] = version, LATEST
    elif not has_content(version, wanted.package):
        old["version"], new["version"] = version, wanted.package.version
    names = dict.fromkeys([*new, *old])
    return [Difference(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def _of_file(wanted: Wanted) -> dict[str, object]:
    schedule = wanted.schedule
    return {
        **trigger_facts(schedule.trigger),
        "catch_up": schedule.catch_up,
        "max_concurrency": schedule.max_concurrency,
        "service_account": wanted.service_account,
        "description": schedule.description,
        **_named(wanted.parameters),
    }


def _of_server(found: RecurringRun) -> dict[str, object]:
    return {
        **trigger_facts(found.trigger),
        "catch_up": found.catch_up,
        "max_concurrency": found.max_concurrency,
        "service_account": found.service_account,
        "description": description_of(found),
        **_named(found.parameters),
    }


def _named(parameters: Mapping[str, Json]) -> dict[str, object]:
    return {f"parameters.{name}": value for name, value in parameters.items()}
