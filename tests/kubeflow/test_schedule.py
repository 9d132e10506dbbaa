"""Whatever happened before, and wherever it was stopped: one more `apply` makes the server what the file says."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headrace.errors import ConfigError, RemoteError
from headrace.kubeflow.client import Client
from headrace.kubeflow.endpoint import Endpoint
from headrace.kubeflow.gateway import Gateway
from headrace.kubeflow.package import Package, package_of
from headrace.kubeflow.resources import Cron, Interval
from headrace.kubeflow.schedule import Defaults, apply, compare
from headrace.kubeflow.schedules_file import Schedule, Schedules
from tests.kubeflow.conftest import COMPILED
from tests.kubeflow.fake_api import FakeApi, serving
from tests.kubeflow.fake_kubeflow import Kubeflow

PACKAGES: Mapping[str, Package] = {
    "one": package_of(COMPILED, "one"),
    "two": package_of(f"{COMPILED}# changed\n", "two"),
    "other": package_of(COMPILED.replace("penguins", "flights"), "other"),
}


@dataclass(frozen=True)
class Step:
    """An `apply` of a file, which may end after some changes."""

    file: Schedules
    changes: int
    prune: bool


def schedules(name: str) -> st.SearchStrategy[Schedule]:
    triggers = st.sampled_from([Cron(expression="0 0 2 * * *"), Cron(expression="0 0 3 * * 0"), Interval(seconds=60)])
    parameters = st.sampled_from([{}, {"steps": 1}, {"steps": 2, "source": "here"}])
    return st.builds(
        lambda **said: Schedule(name=name, place="here", places=dict.fromkeys(said["parameters"], "here"), **said),
        pipeline=st.sampled_from(list(PACKAGES)),
        trigger=triggers,
        follow_latest=st.booleans(),
        parameters=parameters,
        experiment=st.sampled_from(["", "nights"]),
        enabled=st.booleans(),
    )


files = st.builds(
    lambda *found: Schedules("team", True, tuple(each for each in found if each)),
    *(st.none() | schedules(name) for name in ("a", "b", "c")),
)


def applied(client: Client, api: FakeApi, step: Step) -> None:
    """Apply a file as far as the server lets it."""
    api.changes = step.changes
    try:
        changes = compare(client, step.file, lambda schedule: PACKAGES[schedule.pipeline], Defaults())
        apply(client, changes, "team", prune=step.prune)
    except RemoteError as error:
        if error.status != 500:
            raise
    api.changes = 1000


def has_rivals(file: Schedules) -> bool:
    """Tell whether two schedules want different files as the newest version of one pipeline."""
    followed = {each.pipeline for each in file.schedules if each.follow_latest}
    return followed >= {"one", "two"}


files = files.filter(lambda file: not has_rivals(file))
steps = st.builds(Step, files, st.integers(0, 12), st.booleans())


@given(st.lists(steps, max_size=4), files)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_one_more_apply_converges(before: list[Step], last: Schedules) -> None:
    with serving(Kubeflow()) as api:
        client = Client(Gateway(Endpoint(url=api.url), {}, sleep=lambda _: None))
        for step in before:
            applied(client, api, step)
        applied(client, api, Step(last, 1000, prune=True))
        left = compare(client, last, lambda schedule: PACKAGES[schedule.pipeline], Defaults())
        wanted = [(schedule.name, "unchanged") for schedule in last.schedules]
        assert sorted((change.name, change.act) for change in left) == wanted
        names = [held["display_name"] for held in api.kubeflow.recurring_runs.values()]
        assert sorted(names) == sorted(schedule.name for schedule in last.schedules)


def test_two_files_cannot_both_be_the_newest_version(client: Client) -> None:
    def follower(name: str, pipeline: str) -> Schedule:
        return Schedule(name=name, place="here:1", pipeline=pipeline, trigger=Interval(seconds=60), follow_latest=True)

    file = Schedules("team", True, (follower("a", "one"), follower("b", "two")))
    with pytest.raises(ConfigError, match="here:1: b and a follow the newest version of penguins, and name different"):
        compare(client, file, lambda schedule: PACKAGES[schedule.pipeline], Defaults())
