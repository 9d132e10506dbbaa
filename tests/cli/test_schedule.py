"""`headrace schedule`: the server becomes what the file says, from any state, and only what differs is touched."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from headrace.errors import ExitCode
from headrace.kubeflow.marker import marked
from tests.kubeflow.conftest import COMPILED, Call, api, call, folder
from tests.kubeflow.fake_api import FakeApi
from tests.kubeflow.fake_kubeflow import Held

__all__ = ["api", "call", "folder"]

REPOSITORY = Path(__file__).resolve().parents[2]
NIGHTLY = """\
owner: team
schedules:
  nightly:
    pipeline: penguins.yaml
    cron: "0 2 * * *"
"""


def write(folder: Path, text: str = NIGHTLY) -> None:
    (folder / "schedules.yaml").write_text(text)


def kept(api: FakeApi) -> dict[str, Held]:
    """Return the schedules on the server by name; there must not be two of one."""
    held = list(api.kubeflow.recurring_runs.values())
    named = {each["display_name"]: each for each in held}
    assert len(named) == len(held)
    return named


def changes(call: Call) -> list[tuple[str, str]]:
    """Ask for what differs."""
    return [(each["name"], each["change"]) for each in json.loads(call("schedule", "diff", "-o", "json").out)]


def fields(call: Call) -> dict[str, tuple[object, object]]:
    """Ask for the fields that differ, old and new."""
    (change,) = json.loads(call("schedule", "diff", "-o", "json").out)
    return {each["field"]: (each["old"], each["new"]) for each in change["fields"]}


def test_a_schedule_is_made_as_the_file_says(api: FakeApi, call: Call, folder: Path) -> None:
    write(folder, NIGHTLY + "    parameters: {steps: 7}\n    max_concurrency: 2\n    start: 2026-12-01\n")
    assert call("schedule", "apply").code == ExitCode.OK
    nightly = kept(api)["nightly"]
    assert nightly["trigger"] == {"cron_schedule": {"cron": "0 0 2 * * *", "start_time": "2026-12-01T00:00:00Z"}}
    assert (nightly["no_catchup"], nightly["max_concurrency"], nightly["mode"]) == (True, "2", "ENABLE")
    assert nightly["runtime_config"] == {"parameters": {"steps": 7}}
    version = api.kubeflow.versions[nightly["pipeline_version_reference"]["pipeline_version_id"]]
    assert version["name"].startswith("sha256-")


def test_applied_again_it_changes_nothing(api: FakeApi, call: Call, folder: Path) -> None:
    write(folder, NIGHTLY + "    parameters: {rate: 1, source: '2026'}\n    description: Every night.\n")
    call("schedule", "apply")
    before = kept(api)["nightly"]["recurring_run_id"]
    api.seen.clear()
    again = call("schedule", "apply")
    assert again.out.split() == ["=", "nightly", "unchanged"]
    assert api.asked("POST") == []
    assert kept(api)["nightly"]["recurring_run_id"] == before


def test_diff_changes_nothing_and_has_an_exit_code(api: FakeApi, call: Call, folder: Path) -> None:
    write(folder)
    told = call("schedule", "diff", "--exit-code")
    assert told.code == ExitCode.HAS_WORK
    assert told.out.startswith("+ nightly                  create: penguins.yaml at 0 2 * * *, next 20")
    assert {each.method for each in api.seen} == {"GET"}
    assert call("schedule", "diff").code == ExitCode.OK
    call("schedule", "apply")
    assert call("schedule", "diff", "--exit-code").code == ExitCode.OK


@pytest.mark.parametrize(
    ("line", "field", "old", "new"),
    [
        ("catch_up: true", "catch_up", False, True),
        ("max_concurrency: 4", "max_concurrency", 1, 4),
        ("parameters: {steps: 9}", "parameters.steps", None, 9),
        ("experiment: nights", "experiment", None, "nights"),
        ("service_account: runner", "service_account", "", "runner"),
        ("description: Every night", "description", "", "Every night"),
        ("end: 2027-01-01", "end", None, "2027-01-01T00:00:00Z"),
        ("follow_latest: true", "version", None, "latest"),
    ],
)
def test_a_changed_field_replaces_the_schedule(
    api: FakeApi, call: Call, folder: Path, line: str, field: str, old: object, new: object
) -> None:
    write(folder)
    call("schedule", "apply")
    before = kept(api)["nightly"]
    write(folder, f"{NIGHTLY}    {line}\n")
    found = fields(call)
    assert list(found) == [field]
    assert found[field][1] == new
    assert old is None or found[field][0] == old
    call("schedule", "apply")
    assert kept(api)["nightly"]["recurring_run_id"] != before["recurring_run_id"]
    assert changes(call) == [("nightly", "unchanged")]


def test_a_changed_time_is_told_in_five_fields(api: FakeApi, call: Call, folder: Path) -> None:
    write(folder)
    call("schedule", "apply")
    write(folder, NIGHTLY.replace("0 2 * * *", "0 3 * * 7"))
    assert call("schedule", "diff").out.splitlines()[1] == "    cron: 0 2 * * * → 0 3 * * 0"
    write(folder, NIGHTLY.replace('cron: "0 2 * * *"', "every: 90m"))
    assert fields(call) == {"cron": ("0 2 * * *", None), "every": (None, "1h30m")}
    call("schedule", "apply")
    assert kept(api)["nightly"]["trigger"] == {"periodic_schedule": {"interval_second": "5400"}}


def test_a_changed_pipeline_is_uploaded_and_scheduled(api: FakeApi, call: Call, folder: Path) -> None:
    write(folder)
    call("schedule", "apply")
    (folder / "penguins.yaml").write_text(COMPILED + "# changed\n")
    assert list(fields(call)) == ["version"]
    call("schedule", "apply")
    assert len(api.kubeflow.versions) == 2
    assert changes(call) == [("nightly", "unchanged")]


def test_a_schedule_that_follows_the_newest_version_stays_when_one_is_uploaded(
    api: FakeApi, call: Call, folder: Path
) -> None:
    write(folder, NIGHTLY + "    follow_latest: true\n")
    call("schedule", "apply")
    before = kept(api)["nightly"]
    assert "pipeline_version_id" not in before["pipeline_version_reference"]
    (folder / "penguins.yaml").write_text(COMPILED + "# changed\n")
    assert changes(call) == [("nightly", "upload"), ("nightly", "unchanged")]
    call("schedule", "apply")
    (folder / "penguins.yaml").write_text(COMPILED)
    call("schedule", "apply")
    assert kept(api)["nightly"] == before
    names = [version["name"] for version in api.kubeflow.versions.values()]
    assert (len(names), names[2]) == (3, f"{names[0]}-2")
    assert changes(call) == [("nightly", "unchanged")]


def test_enabling_and_disabling_replaces_nothing(api: FakeApi, call: Call, folder: Path) -> None:
    write(folder)
    call("schedule", "apply")
    before = kept(api)["nightly"]["recurring_run_id"]
    call("schedule", "pause", "nightly")
    assert changes(call) == [("nightly", "enable")]
    call("schedule", "apply")
    assert kept(api)["nightly"]["status"] == "ENABLED"
    write(folder, NIGHTLY + "    enabled: false\n")
    call("schedule", "apply")
    assert (kept(api)["nightly"]["status"], kept(api)["nightly"]["recurring_run_id"]) == ("DISABLED", before)


@pytest.mark.parametrize(
    ("request_", "trouble"),
    [("DELETE recurringruns", "500"), ("DELETE recurringruns", "drop"), ("POST recurringruns", "lose")],
)
def test_stopped_after_making_the_new_one_it_converges(
    api: FakeApi, call: Call, folder: Path, request_: str, trouble: str
) -> None:
    write(folder)
    call("schedule", "apply")
    write(folder, NIGHTLY.replace("0 2", "0 3"))
    api.always[request_] = trouble
    assert call("schedule", "apply").code == ExitCode.REMOTE
    api.always.clear()
    converges(api, call)


def test_killed_between_making_the_new_one_and_deleting_the_old_it_converges(
    api: FakeApi, call: Call, folder: Path
) -> None:
    write(folder)
    call("schedule", "apply")
    write(folder, NIGHTLY.replace("0 2", "0 3"))
    api.always["DELETE recurringruns"] = "hang"
    command = [sys.executable, "-m", "headrace.cli.main", "schedule", "apply"]
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(REPOSITORY)})
    while not api.asked("DELETE"):
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.wait()
    api.always.clear()
    converges(api, call)


def converges(api: FakeApi, call: Call) -> None:
    """Find both, keep the one that fits, and have nothing more to do."""
    assert len(api.kubeflow.recurring_runs) == 2
    assert changes(call) == [("nightly", "unchanged"), ("nightly", "delete")]
    call("schedule", "apply")
    assert kept(api)["nightly"]["trigger"]["cron_schedule"]["cron"] == "0 0 3 * * *"
    assert changes(call) == [("nightly", "unchanged")]


def test_what_is_not_in_the_file_is_listed_and_deleted_only_on_request(api: FakeApi, call: Call, folder: Path) -> None:
    write(folder, NIGHTLY + "  old: {pipeline: penguins.yaml, every: 1h}\n")
    call("schedule", "apply")
    write(folder)
    assert changes(call) == [("nightly", "unchanged"), ("old", "orphan")]
    assert "! old                      not in the file (apply --prune deletes it)" in call("schedule", "apply").out
    assert sorted(kept(api)) == ["nightly", "old"]
    call("schedule", "apply", "--prune")
    assert list(kept(api)) == ["nightly"]


def test_schedules_of_another_owner_are_left_alone(api: FakeApi, call: Call, folder: Path) -> None:
    write(folder, NIGHTLY.replace("team", "others").replace("nightly", "theirs"))
    call("schedule", "apply")
    write(folder)
    call("schedule", "apply", "--prune")
    assert sorted(kept(api)) == ["nightly", "theirs"]
    assert [row["name"] for row in json.loads(call("schedule", "ls", "-o", "json").out)] == ["nightly"]


def test_pruning_needs_an_owner(api: FakeApi, call: Call, folder: Path) -> None:
    write(folder, NIGHTLY.replace("owner: team\n", ""))
    refused = call("schedule", "apply", "--prune")
    assert refused.code == ExitCode.USAGE
    assert "names no owner; expected owner: NAME in it" in refused.err
    assert api.seen == []


def test_a_name_that_somebody_else_uses_is_a_clash(api: FakeApi, call: Call, folder: Path) -> None:
    write(folder)
    call("schedule", "apply")
    held = kept(api)["nightly"]
    held["description"] = "made by hand"
    clash = call("schedule", "apply")
    assert clash.code == ExitCode.REMOTE
    assert f"a schedule 'nightly' is there already ({held['recurring_run_id']}), not made by headrace" in clash.err
    held["description"] = marked("", "others")
    assert "kept for 'others'; expected a name that is free" in call("schedule", "diff").err


def test_two_projects_without_an_owner_do_not_take_each_others_schedules(
    api: FakeApi, call: Call, folder: Path
) -> None:
    unowned = NIGHTLY.replace("owner: team\n", "")
    write(folder, unowned)
    call("schedule", "apply")
    held = dict(kept(api)["nightly"])
    (folder / "flights.yaml").write_text(COMPILED.replace("penguins", "flights"))
    write(folder, unowned.replace("penguins", "flights"))
    for verb in ("diff", "apply"):
        clash = call("schedule", verb)
        assert clash.code == ExitCode.REMOTE
        assert f"schedules.yaml:2: the schedule 'nightly' is there already ({held['recurring_run_id']})" in clash.err
        assert "runs another pipeline than 'flights'; expected a schedule of this pipeline" in clash.err
        assert "rename yours and write owner: NAME at the top of the file; if it is yours" in clash.err
        assert "headrace schedule rm nightly, then apply" in clash.err
    assert kept(api)["nightly"] == held
    call("schedule", "rm", "nightly")
    assert call("schedule", "apply").code == ExitCode.OK


def test_a_pipeline_of_another_name_replaces_the_one_of_an_owner(call: Call, folder: Path) -> None:
    write(folder)
    call("schedule", "apply")
    (folder / "flights.yaml").write_text(COMPILED.replace("penguins", "flights"))
    write(folder, NIGHTLY.replace("penguins", "flights"))
    assert changes(call) == [("nightly", "replace")]


def test_an_unknown_parameter_is_named_with_its_line(call: Call, folder: Path) -> None:
    write(folder, NIGHTLY + "    parameters:\n      step: 7\n")
    refused = call("schedule", "diff")
    assert refused.code == ExitCode.USAGE
    assert "schedules.yaml:7: the parameter 'step'; expected one of rate, source, steps. Write 'steps'" in refused.err


def test_twenty_five_schedules_are_all_seen(api: FakeApi, call: Call, folder: Path) -> None:
    many = "".join(f"  s{number:02}: {{pipeline: penguins.yaml, every: 1h}}\n" for number in range(25))
    write(folder, f"owner: team\nschedules:\n{many}")
    call("schedule", "apply")
    assert len(kept(api)) == 25
    assert {change for _, change in changes(call)} == {"unchanged"}
    write(folder)
    assert len([name for name, change in changes(call) if change == "orphan"]) == 25


def test_catching_up_anew_is_warned_of(call: Call, folder: Path) -> None:
    write(folder, NIGHTLY + "    catch_up: true\n    start: 2026-01-01\n")
    call("schedule", "apply")
    write(folder, NIGHTLY + "    catch_up: true\n    start: 2026-01-01\n    max_concurrency: 2\n")
    assert "starts all runs since `start` again" in call("schedule", "diff").out


def test_a_schedule_is_listed_and_shown_with_its_next_times(call: Call, folder: Path) -> None:
    write(folder, NIGHTLY + "    parameters: {steps: 7}\n")
    call("schedule", "apply")
    (row,) = json.loads(call("schedule", "ls", "-o", "json").out)
    assert (row["name"], row["when"], row["state"]) == ("nightly", "0 2 * * *", "enabled")
    assert row["next"].endswith(" 02:00 UTC")
    shown = json.loads(call("schedule", "show", "nightly", "-o", "json").out)
    assert (len(shown["next"]), shown["parameters"], shown["runs"]) == (5, {"steps": 7}, [])
    assert "parameters       {'steps': 7}" in call("schedule", "show", "nightly").out


def test_a_run_is_started_at_once_with_the_schedules_version_and_parameters(
    api: FakeApi, call: Call, folder: Path
) -> None:
    write(folder, NIGHTLY + "    parameters: {steps: 7}\n    service_account: runner\n")
    call("schedule", "apply")
    assert call("schedule", "run-now", "nightly", "-p", "rate=0.5").code == ExitCode.OK
    (run,) = api.kubeflow.runs.values()
    assert run["runtime_config"] == {"parameters": {"steps": 7, "rate": 0.5}}
    assert run["service_account"] == "runner"
    assert run["pipeline_version_reference"] == kept(api)["nightly"]["pipeline_version_reference"]


def test_what_only_a_scheduled_run_fills_in_is_asked_for(api: FakeApi, call: Call, folder: Path) -> None:
    write(folder, NIGHTLY + "    parameters: {source: 'data/[[ScheduledTime.2006-01-02]].csv'}\n")
    call("schedule", "apply")
    refused = call("schedule", "run-now", "nightly")
    assert refused.code == ExitCode.USAGE
    assert refused.err.endswith("expected a value. Give -p source=….")
    assert call("schedule", "run-now", "nightly", "-p", "source=data/penguins.csv").code == ExitCode.OK
    assert len(api.kubeflow.runs) == 1


def test_a_schedule_is_deleted(api: FakeApi, call: Call, folder: Path) -> None:
    write(folder)
    call("schedule", "apply")
    assert call("schedule", "rm", "nightly").out == "nightly deleted\n"
    assert kept(api) == {}


def test_a_schedule_that_is_not_there_is_named(call: Call, folder: Path) -> None:
    write(folder)
    call("schedule", "apply")
    missing = call("schedule", "pause", "nightli")
    assert missing.code == ExitCode.REFERENCE
    assert missing.err == "no schedule 'nightli' kept for 'team'; expected one of nightly. Write 'nightly'."
