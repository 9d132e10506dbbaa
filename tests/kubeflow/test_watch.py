"""Following a run: an API that is away for a while is borne, one that stays away is not."""

from collections.abc import Callable

import pytest

from headrace.errors import ExitCode, RemoteError
from headrace.kubeflow.client import Client
from headrace.kubeflow.resources import KubeflowRun
from headrace.kubeflow.watch import Clock, exit_code, shown_tasks, watch
from tests.kubeflow.conftest import COMPILED
from tests.kubeflow.fake_api import FakeApi


def clock_of(seconds: float) -> Clock:
    """Make a clock on which a minute passes at every look."""
    times = [0.0]

    def sleep(_: float) -> None:
        times[0] += 60

    now: Callable[[], float] = lambda: times[0]  # noqa: E731  a clock
    return Clock(now=now, sleep=sleep, patience=seconds)


def _refuse(text: str) -> None:
    raise AssertionError(text)


@pytest.fixture
def run_id(api: FakeApi) -> str:
    pipeline = api.kubeflow.make_pipeline({"display_name": "penguins"})["pipeline_id"]
    version = api.kubeflow.add_version(pipeline, "v", COMPILED)["pipeline_version_id"]
    source = {"pipeline_id": pipeline, "pipeline_version_id": version}
    return str(api.kubeflow.start({"display_name": "r", "pipeline_version_reference": source})["run_id"])


def test_an_outage_is_borne(api: FakeApi, client: Client, run_id: str) -> None:
    api.kubeflow.stages += [{"state": "RUNNING"}, {"state": "SUCCEEDED"}]
    api.troubles += ["", *["503"] * 8]
    told: list[str] = []
    assert [run.state for run in watch(client, run_id, clock_of(300), told.append)] == ["RUNNING", "SUCCEEDED"]
    assert told == [
        f"GET runs/{run_id} at {api.url} answered 503: upstream is away: waiting for it, up to 300 s",
        f"{api.url} answers again after 180 s",
    ]


def test_the_first_answer_about_an_unseen_run_is_not_waited_for(api: FakeApi, client: Client, run_id: str) -> None:
    api.always["GET"] = "503"
    with pytest.raises(RemoteError, match="answered 503"):
        list(watch(client, run_id, clock_of(300), _refuse, unseen=True))
    assert len(api.seen) == 4


def test_an_outage_after_the_first_answer_about_an_unseen_run_is_borne(
    api: FakeApi, client: Client, run_id: str
) -> None:
    api.kubeflow.stages += [{"state": "RUNNING"}, {"state": "SUCCEEDED"}]
    api.troubles += ["", *["503"] * 4]
    told: list[str] = []
    states = [run.state for run in watch(client, run_id, clock_of(300), told.append, unseen=True)]
    assert (states, len(told)) == (["RUNNING", "SUCCEEDED"], 2)


def test_an_api_that_stays_away_ends_the_wait(api: FakeApi, client: Client, run_id: str) -> None:
    api.always["GET"] = "503"
    with pytest.raises(RemoteError, match="answered 503"):
        list(watch(client, run_id, clock_of(120), lambda _: None))
    assert len(api.seen) == 4 * 4


def test_a_right_that_is_lost_ends_the_wait_at_once(api: FakeApi, client: Client, run_id: str) -> None:
    api.kubeflow.token = "another"
    with pytest.raises(RemoteError, match="answered 401"):
        list(watch(client, run_id, clock_of(300), _refuse))
    assert len(api.seen) == 1


def ended(state: str, **tasks: str) -> KubeflowRun:
    details = [{"display_name": name.replace("_", "-"), "state": task} for name, task in tasks.items()]
    return KubeflowRun.read({"run_id": "1", "state": state, "run_details": {"task_details": details}})


@pytest.mark.parametrize(
    ("run", "code"),
    [
        (ended("SUCCEEDED", trainer="SUCCEEDED"), ExitCode.OK),
        (ended("FAILED", trainer="FAILED", close="SUCCEEDED"), ExitCode.NODE_FAILED),
        (ended("FAILED", root="FAILED", exit_handler_1="FAILED", outcome="FAILED"), ExitCode.GATE),
        (ended("FAILED", trainer="FAILED", outcome="FAILED"), ExitCode.NODE_FAILED),
        (ended("FAILED"), ExitCode.NODE_FAILED),
        (ended("CANCELED", trainer="CANCELED"), ExitCode.NODE_FAILED),
    ],
)
def test_the_exit_code_says_how_a_run_ended(run: KubeflowRun, code: ExitCode) -> None:
    assert exit_code(run) == code


def test_only_tasks_that_users_know_are_shown() -> None:
    names = ("root", "root-driver", "exit-handler-1", "trainer-driver", "trainer", "trainer(0)", "executor", "")
    details = [{"display_name": name, "state": "RUNNING"} for name in names]
    run = KubeflowRun.read({"run_id": "1", "run_details": {"task_details": details}})
    assert [task.name for task in shown_tasks(run)] == ["trainer"]
