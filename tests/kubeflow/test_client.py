"""The client against a server that checks every request and every answer."""

import json
import socket
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from headrace.errors import ConfigError, RemoteError
from headrace.kubeflow.client import Client
from headrace.kubeflow.endpoint import Endpoint
from headrace.kubeflow.gateway import Gateway
from headrace.kubeflow.resources import Interval, trigger_json
from tests.kubeflow.fake_api import FakeApi, serving
from tests.kubeflow.fake_kubeflow import Kubeflow
from tests.metadata.certificates import certificates

SPEC = b"""pipelineInfo: {name: penguins}
schemaVersion: 2.1.0
sdkVersion: headrace-0.1.0
root: {dag: {tasks: {}}, inputDefinitions: {parameters: {steps: {parameterType: NUMBER_INTEGER, defaultValue: 5}}}}
deploymentSpec: {}
"""


def client_of(api: FakeApi, environment: Mapping[str, str] | None = None, **changes: object) -> Client:
    endpoint = replace(Endpoint(url=api.url, timeout=5), **changes)  # type: ignore[arg-type]  # fields by name
    return Client(Gateway(endpoint, environment or {}, sleep=lambda _: None))


def scheduled(client: Client, name: str) -> str:
    experiment = client.experiment("headrace")
    pipeline = client.make_pipeline("penguins", "")
    version = client.upload(pipeline, "sha256-1", SPEC)
    made = client.schedule(
        {
            "display_name": name,
            "experiment_id": experiment.id,
            "mode": "ENABLE",
            "max_concurrency": "1",
            "trigger": trigger_json(Interval(seconds=3600)),
            "pipeline_version_reference": {"pipeline_id": pipeline, "pipeline_version_id": version.id},
        }
    )
    return made.id


def test_an_experiment_is_made_once(api: FakeApi) -> None:
    client = client_of(api)
    assert client.experiment("headrace") == client.experiment("headrace")
    assert [held["display_name"] for held in api.kubeflow.experiments.values()] == ["headrace"]


def test_an_archived_experiment_is_refused(api: FakeApi) -> None:
    api.kubeflow.make_experiment({"display_name": "old"})["storage_state"] = "ARCHIVED"
    with pytest.raises(RemoteError, match="'old' is archived; expected one that takes runs"):
        client_of(api).experiment("old")


def test_a_pipeline_and_a_version_that_exist_are_found_again(api: FakeApi) -> None:
    client = client_of(api)
    pipeline = client.make_pipeline("penguins", "made by headrace")
    version = client.upload(pipeline, "sha256-1", SPEC)
    assert client.make_pipeline("penguins", "") == pipeline == client.find_pipeline("penguins")
    assert client.upload(pipeline, "sha256-1", SPEC) == version == client.find_version(pipeline, "sha256-1")
    assert version.compiler == "headrace-0.1.0"
    assert client.find_version(pipeline, "sha256-2") is None
    assert client.find_pipeline("flights") is None


def test_every_page_is_read(api: FakeApi) -> None:
    client = client_of(api)
    for number in range(250):
        scheduled(client, f"s{number:03}") if number == 0 else api.kubeflow.schedule(_again(api, f"s{number:03}"))
    api.seen.clear()
    assert [found.name for found in client.recurring_runs()] == [f"s{number:03}" for number in range(250)]
    assert len(api.seen) == 3


def _again(api: FakeApi, name: str) -> dict[str, object]:
    first = next(iter(api.kubeflow.recurring_runs.values()))
    return {key: value for key, value in first.items() if key != "recurring_run_id"} | {"display_name": name}


def test_a_recurring_run_is_switched_and_deleted(api: FakeApi) -> None:
    client = client_of(api)
    made = scheduled(client, "nightly")
    client.switch(made, on=False)
    assert [found.enabled for found in client.recurring_runs()] == [False]
    client.switch(made, on=True)
    assert [found.enabled for found in client.recurring_runs()] == [True]
    client.delete_recurring_run(made)
    client.delete_recurring_run(made)
    assert list(client.recurring_runs()) == []


def test_the_token_is_read_anew_for_every_request(api: FakeApi, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("first\n")
    api.kubeflow.token = "first"
    client = client_of(api, token_file=file)
    client.experiment("headrace")
    api.kubeflow.token = "second"
    file.write_text("second")
    assert client.find_experiment("headrace")


def test_an_expired_token_is_one_line_that_does_not_repeat_it(api: FakeApi) -> None:
    api.kubeflow.token = "fresh"
    client = client_of(api, {"HEADRACE_KUBEFLOW_TOKEN": "stale-secret"}, token_variable="HEADRACE_KUBEFLOW_TOKEN")
    with pytest.raises(RemoteError) as caught:
        client.space()
    text = str(caught.value)
    assert text == (
        f"GET healthz at {api.url} answered 401: Unauthenticated: Failed to authenticate token: token has expired; "
        "expected a token that is valid and not expired. Put a new token in HEADRACE_KUBEFLOW_TOKEN."
    )
    assert "stale-secret" not in text


def test_a_server_that_echoes_a_secret_does_not_put_it_in_a_message(api: FakeApi) -> None:
    client = client_of(api, {"T": "penguins"}, token_variable="T")
    client.make_pipeline("penguins", "")
    with pytest.raises(RemoteError, match=r"AlreadyExistError: Failed to create a pipeline \*\*\*;"):
        client.gateway.post("pipelines", {"display_name": "penguins"})


@pytest.mark.parametrize("trouble", ["login", "page"])
def test_a_log_in_page_is_recognised(api: FakeApi, trouble: str) -> None:
    api.troubles.append(trouble)
    with pytest.raises(RemoteError, match="not logged in; expected a token or a cookie"):
        client_of(api).space()
    assert api.asked() == ["healthz"]


def test_cookie_and_extra_headers_come_from_the_environment(api: FakeApi) -> None:
    environment = {"COOKIE": "authservice_session=abc", "HEADERS": "kubeflow-userid: me@example.org\n"}
    client_of(api, environment, cookie_variable="COOKIE", headers_variable="HEADERS").space()
    assert api.seen[0].headers["cookie"] == "authservice_session=abc"
    assert api.seen[0].headers["kubeflow-userid"] == "me@example.org"


def test_a_credential_that_is_named_and_missing_is_refused(api: FakeApi, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the variable COOKIE is not set; expected a cookie"):
        client_of(api, cookie_variable="COOKIE").space()
    with pytest.raises(ConfigError, match=r"token cannot be read \(FileNotFoundError\)"):
        client_of(api, token_file=tmp_path / "token").space()
    with pytest.raises(ConfigError, match="does not hold one line of text"):
        client_of(api, {"T": "a\r\nb"}, token_variable="T").space()
    with pytest.raises(ConfigError, match="does not hold headers; expected lines of `Name: value`"):
        client_of(api, {"H": "kubeflow userid"}, headers_variable="H").space()
    assert api.seen == []


def test_several_users_need_a_namespace(api: FakeApi) -> None:
    api.kubeflow.multi_user = True
    with pytest.raises(ConfigError, match=r"no namespace, and http://127\.0\.0\.1"):
        client_of(api).experiment("headrace")
    assert scheduled(client_of(api, namespace="team"), "nightly")
    assert [held["namespace"] for held in api.kubeflow.pipelines.values()] == ["team"]


@pytest.mark.parametrize("trouble", ["503", "502", "504", "drop"])
def test_what_may_be_repeated_is_repeated(api: FakeApi, trouble: str) -> None:
    api.troubles += [trouble, trouble]
    assert client_of(api).space() == {}
    assert api.asked() == ["healthz"] * 3


def test_a_lost_answer_to_a_harmless_request_makes_nothing_twice(api: FakeApi) -> None:
    client = client_of(api)
    client.space()
    api.troubles += ["", "lose"]
    assert client.experiment("headrace").name == "headrace"
    assert len(api.kubeflow.experiments) == 1


@pytest.mark.parametrize("trouble", ["503", "lose"])
def test_a_run_is_never_asked_for_twice(api: FakeApi, trouble: str) -> None:
    client = client_of(api)
    scheduled(client, "nightly")
    experiment = next(iter(api.kubeflow.experiments))
    version = next(iter(api.kubeflow.versions.values()))
    source = {key: version[key] for key in ("pipeline_id", "pipeline_version_id")}
    api.troubles.append(trouble)
    with pytest.raises(RemoteError):
        client.start({"display_name": "now", "experiment_id": experiment, "pipeline_version_reference": source})
    assert api.asked("POST").count("runs") == 1


def test_a_server_that_stays_away_is_named(api: FakeApi) -> None:
    api.troubles += ["503"] * 4
    with pytest.raises(RemoteError, match="answered 503: upstream is away; expected a healthy server"):
        client_of(api).space()


def test_an_unreachable_endpoint_is_one_line() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(RemoteError, match=rf"{url} cannot be reached \(GET healthz: .*refused\)") as caught:
            Client(Gateway(Endpoint(url=url, timeout=1), {}, sleep=lambda _: None)).space()
    assert caught.value.exit_code == 7


def test_a_certificate_is_checked_with_the_authority_that_is_named(
    tmp_path: Path,
) -> None:
    certificates(tmp_path)
    with serving(Kubeflow(), tmp_path) as api:
        with pytest.raises(RemoteError, match=r"the certificate of https://.* is not trusted \(.*Give ca_file"):
            client_of(api).space()
        assert client_of(api, ca_file=tmp_path / "ca.pem").space() == {}
    with pytest.raises(ConfigError, match=r"the CA file .*server\.key cannot be used"):
        client_of(api, ca_file=tmp_path / "server.key")


@pytest.mark.parametrize(
    "answer",
    [{"ok": True}, {"run_id": 5, "run_details": 7}, {"runs": 5}, {"runs": ["text"]}, {"runs": [{}]}],
    ids=str,
)
def test_json_of_something_else_is_named(api: FakeApi, answer: dict[str, object]) -> None:
    client = client_of(api)
    answered: dict[str, Callable[[], object]] = {"runs": lambda: list(client.runs()), "": lambda: client.run("r")}
    client.space()
    api.troubles.append(json.dumps(answer))
    with pytest.raises(RemoteError, match=f"{api.url} answered with other JSON than Kubeflow's") as caught:
        answered["runs" if "runs" in answer else ""]()
    assert (caught.value.status, "\n" in str(caught.value)) == (200, False)


def test_a_pipeline_without_an_id_is_named(api: FakeApi) -> None:
    client = client_of(api)
    client.space()
    api.troubles += ["{}", "{}"]
    with pytest.raises(RemoteError, match=r"Kubeflow's \(KeyError: 'pipeline_id'\); expected a Kubeflow"):
        client.make_pipeline("penguins", "")
    api.troubles[:] = ['{"name": "penguins"}']
    with pytest.raises(RemoteError, match="KeyError: 'pipeline_id'"):
        client.find_pipeline("penguins")


def test_an_answer_that_is_no_api_is_named(api: FakeApi) -> None:
    with pytest.raises(RemoteError, match="answered 501: Method Not Allowed"):
        client_of(api).gateway.get("nothing")
