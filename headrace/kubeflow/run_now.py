"""Starts a run of a schedule at once, as the schedule would."""

from collections.abc import Mapping

from headrace.errors import ConfigError, RemoteError
from headrace.kubeflow.client import Client
from headrace.kubeflow.resources import KubeflowRun, PipelineVersion, RecurringRun
from headrace.spec.records import Json

MACRO = "[["


def version_of(client: Client, found: RecurringRun) -> PipelineVersion:
    """Find the version that a schedule runs; raises RemoteError where it was deleted."""
    if found.version_id:
        version = client.version(found.pipeline_id, found.version_id)
    else:
        version = client.newest_version(found.pipeline_id)
    if version is None:
        raise RemoteError(
            found=f"the pipeline version of {found.name!r} was deleted",
            expected="a version to run",
            do="headrace schedule apply uploads it again",
        )
    return version


def run_now(
    client: Client, found: RecurringRun, version: PipelineVersion, given: Mapping[str, Json], name: str
) -> KubeflowRun:
    """Start a run with a schedule's parameters; raises ConfigError for one that only a scheduled run can fill."""
    parameters = {**found.parameters, **given}
    for parameter, value in parameters.items():
        if isinstance(value, str) and MACRO in value:
            raise ConfigError(
                found=f"the parameter {parameter!r} is {value!r}, which Kubeflow fills in for scheduled runs alone",
                expected="a value",
                do=f"Give -p {parameter}=…",
            )
    asked: dict[str, object] = {
        "display_name": name,
        "experiment_id": found.experiment_id,
        "pipeline_version_reference": {"pipeline_id": version.pipeline_id, "pipeline_version_id": version.id},
        "runtime_config": {"parameters": parameters},
    }
    if found.service_account:
        asked["service_account"] = found.service_account
    return client.start(asked)
