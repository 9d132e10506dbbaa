"""Uploads a compiled pipeline where its content is new there, and starts runs of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from headrace.errors import RemoteError
from headrace.kubeflow.client import Client
from headrace.kubeflow.package import Package
from headrace.kubeflow.resources import KubeflowRun, PipelineVersion
from headrace.spec.records import Json

COMPILER = "headrace-"
DESCRIPTION = "Uploaded by headrace; each version is named by the digest of its file."


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a run is asked for."""

    name: str
    experiment: str
    parameters: Mapping[str, Json]
    service_account: str = ""


@dataclass(frozen=True)
class Uploaded:
    """A version on the server, and whether it was uploaded just now."""

    version: PipelineVersion
    new: bool


def uploaded(client: Client, package: Package) -> Uploaded:
    """Find the version with this content, or upload it; raises RemoteError where another's pipeline has the name."""
    pipeline = _pipeline(client, package)
    found = client.find_version(pipeline, package.version)
    return (
        Uploaded(found, new=False) if found else Uploaded(_upload(client, pipeline, package, package.version), new=True)
    )


def uploaded_as_newest(client: Client, package: Package) -> Uploaded:
    """Make sure that the pipeline's newest version has this content: schedules without a version follow that one."""
    pipeline = _pipeline(client, package)
    newest = client.newest_version(pipeline)
    if newest and has_content(newest.name, package):
        return Uploaded(newest, new=False)
    names = (package.version if number == 1 else f"{package.version}-{number}" for number in count(1))
    free = next(name for name in names if not client.find_version(pipeline, name))
    return Uploaded(_upload(client, pipeline, package, free), new=True)


def has_content(version: str, package: Package) -> bool:
    """Tell whether a version of this name holds this package; `-2` was uploaded again, to be the newest."""
    rest = version.removeprefix(package.version)
    return rest != version and (not rest or rest.removeprefix("-").isdigit())


def start(client: Client, version: PipelineVersion, order: Order) -> KubeflowRun:
    """Start one run of a version."""
    source = {"pipeline_id": version.pipeline_id, "pipeline_version_id": version.id}
    asked: dict[str, object] = {
        "display_name": order.name,
        "experiment_id": client.experiment(order.experiment).id,
        "pipeline_version_reference": source,
        "runtime_config": {"parameters": order.parameters},
    }
    if order.service_account:
        asked["service_account"] = order.service_account
    return client.start(asked)


def _pipeline(client: Client, package: Package) -> str:
    return client.find_pipeline(package.name) or client.make_pipeline(package.name, DESCRIPTION)


def _upload(client: Client, pipeline: str, package: Package, name: str) -> PipelineVersion:
    newest = client.newest_version(pipeline)
    if newest and not newest.compiler.startswith(COMPILER):
        maker = newest.compiler or "something else"
        raise RemoteError(
            found=f"a pipeline {package.name!r} is there already, and {maker} made its version {newest.name!r}",
            expected="a name that is free, or a pipeline of headrace's",
            do="Rename yours, or delete that one in Kubeflow",
        )
    return client.upload(pipeline, name, package.file)
