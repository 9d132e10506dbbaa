"""A thin client of the Kubeflow Pipelines API v2beta1: what headrace asks of it, and nothing else."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote

from headrace.errors import ConfigError, RemoteError, UnknownReference
from headrace.kubeflow.gateway import Answer, Gateway, Request
from headrace.kubeflow.multipart import form_of
from headrace.kubeflow.resources import Experiment, KubeflowRun, PipelineVersion, RecurringRun

PAGE = 100
T = TypeVar("T")


class Client:
    """Kubeflow Pipelines at one endpoint, in one namespace."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.endpoint = gateway.endpoint
        self._space: dict[str, str] | None = None

    def space(self) -> dict[str, str]:
        """Return the namespace as a query or a body takes it: empty where there is one user."""
        if self._space is None:
            many = bool(self.gateway.get("healthz").get("multi_user"))
            if many and not self.endpoint.namespace:
                raise ConfigError(
                    found=f"no namespace, and {self.endpoint.url} serves several",
                    expected="the namespace of your profile",
                    do="Give --namespace, or `namespace:` in configs/kubeflow.yaml",
                )
            self._space = {"namespace": self.endpoint.namespace} if many else {}
        return self._space

    def find_experiment(self, name: str) -> Experiment | None:
        """Find an experiment by name."""
        query = {**self.space(), "filter": _equals("display_name", name)}
        return next(
            (self._read(Experiment.read, each) for each in self._all("experiments", "experiments", query)), None
        )

    def experiment(self, name: str) -> Experiment:
        """Find an experiment, or make it; raises RemoteError for one that is archived."""
        found = self.find_experiment(name) or self._make_experiment(name)
        if found.archived:
            raise RemoteError(
                found=f"the experiment {name!r} is archived",
                expected="one that takes runs",
                do="Restore it in Kubeflow, or choose another with --experiment",
            )
        return found

    def find_pipeline(self, name: str) -> str | None:
        """Find the id of a pipeline by name."""
        answer = self._or_none(f"pipelines/names/{_part(name)}", self.space())
        return self._read(_pipeline_id, answer) if answer else None

    def make_pipeline(self, name: str, description: str) -> str:
        """Make a pipeline without versions, or find the one that was made meanwhile; return its id."""
        body = {"display_name": name, "description": description, **self.space()}
        return _made_or_found(
            lambda: self._read(_pipeline_id, self.gateway.post("pipelines", body, repeatable=True)),
            lambda: self.find_pipeline(name),
        )

    def find_version(self, pipeline_id: str, name: str) -> PipelineVersion | None:
        """Find a version of a pipeline by name."""
        listed = self._all(f"pipelines/{pipeline_id}/versions", "pipeline_versions", {"filter": _equals("name", name)})
        return next((self._read(PipelineVersion.read, each) for each in listed), None)

    def version(self, pipeline_id: str, version_id: str) -> PipelineVersion | None:
        """Get a version; None where it was deleted."""
        answer = self._or_none(f"pipelines/{pipeline_id}/versions/{version_id}")
        return self._read(PipelineVersion.read, answer) if answer else None

    def newest_version(self, pipeline_id: str) -> PipelineVersion | None:
        """Get the version that a schedule without one follows."""
        query: dict[str, str | int] = {"page_size": 1, "sort_by": "created_at desc"}
        answer = self.gateway.get(f"pipelines/{pipeline_id}/versions", query)
        versions = self._read(lambda answer: _list(answer, "pipeline_versions"), answer)
        return next((self._read(PipelineVersion.read, each) for each in versions), None)

    def upload(self, pipeline_id: str, name: str, file: bytes) -> PipelineVersion:
        """Add a version to a pipeline, or find the one that was added meanwhile."""
        content_type, body = form_of(file, field="uploadfile", name=f"{name}.yaml")
        query = {"name": name, "pipelineid": pipeline_id}
        request = Request(
            method="POST", path="pipelines/upload_version", query=query, body=body, content_type=content_type
        )
        return _made_or_found(
            lambda: self._read(PipelineVersion.read, self.gateway.send(request)),
            lambda: self.find_version(pipeline_id, name),
        )

    def start(self, run: Mapping[str, Any]) -> KubeflowRun:
        """Start a run; never twice, so an answer that is lost is an error."""
        return self._read(KubeflowRun.read, self.gateway.post("runs", run))

    def run(self, run_id: str) -> KubeflowRun:
        """Get a run with its tasks; raises UnknownReference where there is none."""
        with self._naming(run_id):
            return self._read(KubeflowRun.read, self.gateway.get(f"runs/{_part(run_id)}"))

    def runs(self, *, recurring_run_id: str = "") -> Iterator[KubeflowRun]:
        """List runs, newest first: all of a namespace, or those of a schedule."""
        query: dict[str, str | int] = {**self.space(), "sort_by": "created_at desc"}
        if recurring_run_id:
            query["filter"] = _equals("recurring_run_id", recurring_run_id)
        return self._each(KubeflowRun.read, self._all("runs", "runs", query))

    def terminate(self, run_id: str) -> None:
        """Ask a run to end; raises UnknownReference where there is none."""
        with self._naming(run_id):
            self.gateway.post(f"runs/{_part(run_id)}:terminate", {}, repeatable=True)

    def schedule(self, recurring_run: Mapping[str, Any]) -> RecurringRun:
        """Make a recurring run; never twice."""
        return self._read(RecurringRun.read, self.gateway.post("recurringruns", recurring_run))

    def recurring_runs(self) -> Iterator[RecurringRun]:
        """List the recurring runs of a namespace, oldest first."""
        query = {**self.space(), "sort_by": "created_at asc"}
        return self._each(RecurringRun.read, self._all("recurringruns", "recurringRuns", query))

    def switch(self, recurring_run_id: str, *, on: bool) -> None:
        """Enable or disable a recurring run."""
        self.gateway.post(f"recurringruns/{recurring_run_id}:{'enable' if on else 'disable'}", {}, repeatable=True)

    def delete_recurring_run(self, recurring_run_id: str) -> None:
        """Delete a recurring run; one that is gone already is no error."""
        try:
            self.gateway.send(Request(method="DELETE", path=f"recurringruns/{recurring_run_id}"))
        except RemoteError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise

    def _make_experiment(self, name: str) -> Experiment:
        body = {"display_name": name, **self.space()}
        return _made_or_found(
            lambda: self._read(Experiment.read, self.gateway.post("experiments", body, repeatable=True)),
            lambda: self.find_experiment(name),
        )

    def _all(self, path: str, key: str, query: Mapping[str, str | int]) -> Iterator[Answer]:
        """Go through every page of a list."""
        token = ""
        while True:
            answer = self.gateway.get(path, {**query, "page_size": PAGE, **({"page_token": token} if token else {})})
            yield from self._read(lambda answer: _list(answer, key), answer)
            before, token = token, answer.get("next_page_token", "")
            if not token or token == before:
                return

    def _each(self, read: Callable[[Answer], T], answers: Iterator[Answer]) -> Iterator[T]:
        return (self._read(read, answer) for answer in answers)

    def _read(self, read: Callable[[Answer], T], answer: Answer) -> T:
        """Read an answer; raises RemoteError for one that no Kubeflow gives."""
        try:
            return read(answer)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise RemoteError(
                found=f"{self.endpoint.url} answered with other JSON than Kubeflow's ({type(error).__name__}: {error})",
                expected="a Kubeflow Pipelines API (v2beta1)",
                do="Correct the endpoint: in a full Kubeflow it ends with /pipeline",
                status=int(HTTPStatus.OK),
            ) from error

    @contextmanager
    def _naming(self, run_id: str) -> Iterator[None]:
        try:
            yield
        except RemoteError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            raise UnknownReference(
                found=f"no run {run_id!r} at {self.endpoint.url}",
                expected="the id that Kubeflow gave a run",
                do="headrace kubeflow runs lists them",
            ) from error

    def _or_none(self, path: str, query: Mapping[str, str | int] | None = None) -> Answer | None:
        try:
            return self.gateway.get(path, query)
        except RemoteError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise


def _pipeline_id(answer: Answer) -> str:
    return str(answer["pipeline_id"])


def _list(answer: Answer, key: str) -> list[Answer]:
    return list(answer.get(key) or ())


def _equals(key: str, value: str) -> str:
    predicate = {"operation": "EQUALS", "key": key, "stringValue": value}
    return json.dumps({"predicates": [predicate]})


def _part(text: str) -> str:
    """Write a name or an id as one part of a path."""
    return quote(text, safe="")


def _made_or_found(make: Callable[[], T], find: Callable[[], T | None]) -> T:
    """Make something, or find what was made meanwhile."""
    try:
        return make()
    except RemoteError as error:
        found = find() if error.status == HTTPStatus.CONFLICT else None
        if found is None:
            raise
        return found
