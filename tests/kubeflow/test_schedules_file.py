"""`schedules.yaml`: what it says, and what it cannot say."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from headrace.errors import ConfigError
from headrace.kubeflow.resources import Cron, Interval
from headrace.kubeflow.schedules_file import Schedules, read_schedules


def read(folder: Path, text: str) -> Schedules:
    file = folder / "schedules.yaml"
    file.write_text(text)
    return read_schedules(file)


def test_everything_that_a_schedule_can_say(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
owner: team
schedules:
  nightly:
    pipeline: penguins
    cron: "0 2 * * 7"
    start: 2026-12-01
    end: 2027-01-01T12:00:00+02:00
    catch_up: true
    max_concurrency: 3
    follow_latest: true
    parameters: {steps: 5}
    experiment: nights
    service_account: runner
    enabled: false
    description: >
      Trains
      anew.
  often: {pipeline: penguins, every: 90m}
""",
    )
    nightly, often = found.schedules
    assert (found.owner, found.named, [each.name for each in found.schedules]) == ("team", True, ["nightly", "often"])
    start, end = datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, 10, tzinfo=UTC)
    assert nightly.trigger == Cron(expression="0 0 2 * * 0", start=start, end=end)
    assert (nightly.catch_up, nightly.max_concurrency, nightly.follow_latest, nightly.enabled) == (True, 3, True, False)
    assert (nightly.experiment, nightly.service_account) == ("nights", "runner")
    assert (nightly.parameters, nightly.places) == ({"steps": 5}, {"steps": f"{tmp_path}/schedules.yaml:12"})
    assert nightly.description == "Trains anew."
    assert often.trigger == Interval(seconds=5400)
    assert (often.catch_up, often.max_concurrency, often.enabled) == (False, 1, True)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("crn: 0 2 * * *", "schedules.yaml:4: the key 'crn'; expected one of .*Write 'cron'"),
        ("cron: 0 2 * *", r"schedules.yaml:4: the cron expression '0 2 \* \*'; expected five fields"),
        ("every: 1h\n    catch_up: sometimes", "schedules.yaml:5: catch_up is 'sometimes'; expected true or false"),
        ("every: 1h\n    max_concurrency: 11", "max_concurrency is 11; expected a number from 1 to 10"),
        ("every: 1h\n    max_concurrency: 0", "max_concurrency is 0; expected a number from 1 to 10"),
        ("every: 1h\n    start: soon", "start is 'soon'; expected a time such as"),
        ("every: 1h\n    start: 2026-12-02\n    end: 2026-12-01", "schedules.yaml:6: end is .*; expected a time after"),
        ("every: 1h\n    end: 0001-01-01T00:00:00+10:00", "schedules.yaml:5: end is .*; expected a time .* from 1971"),
        ("every: 1h\n    start: '9999-12-31T23:59:59-10:00'", "schedules.yaml:5: start is '9999.* to 2200"),
        ("every: 99999999999999d", "schedules.yaml:4: the duration '99999999999999d'; expected such as 30m.*3650d"),
        ("every: 3651d", "schedules.yaml:4: the duration '3651d'; expected such as 30m, 1h30m, 12h or 7d, at most"),
        ("cron: '@every 99999999999999d'", "schedules.yaml:4: the duration '99999999999999d'"),
        ("every: 1 hour", "schedules.yaml:4: the duration '1 hour'; expected such as 30m"),
        ("every: 1h\n    cron: '@daily'", "nightly has both cron and every"),
        ("enabled: true", "schedules.yaml:2: nightly has neither cron nor every"),
        ("cron: 0 2 * * *\n    time_zone: Europe/Berlin", "the time zone Europe/Berlin; expected UTC"),
        ("cron: TZ=Asia/Tokyo 0 2 * * *", 'schedules.yaml:4: the time zone Asia/Tokyo; .*Write cron: "0 17 . . ."'),
        ("every: 1h\n    time_zone: Asia/Tokyo", "time_zone is 'Asia/Tokyo'; expected none beside every"),
        ("every: 1h\n    parameters: 5", "parameters is 5; expected names and values below it"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read(tmp_path, f"schedules:\n  nightly:\n    pipeline: penguins\n    {line}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("schedule: {}", "schedules.yaml:1: the key 'schedule'; expected one of owner, schedules. Write 'schedules'"),
        ("schedules:\n  'a b': {pipeline: x, every: 1h}", "schedules.yaml:2: a schedule called 'a b'"),
        ("schedules:\n  a: {every: 1h}", "schedules.yaml:2: a names no pipeline"),
        ("schedules:\n  a: {pipeline: x, every: 1h, end: 2026-13-01}", r"cannot be \(month must be in 1\.\.12\)"),
        ("owner: a b", "owner is 'a b'; expected letters"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read(tmp_path, text)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no file .*schedules\.yaml; expected a file of schedules"):
        read_schedules(tmp_path / "schedules.yaml")
