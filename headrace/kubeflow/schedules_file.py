"""`schedules.yaml`: which pipelines Kubeflow runs when; unknown keys are refused with file, line and a suggestion."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeAlias

from headrace.config.yaml_file import YamlFile, read_yaml
from headrace.errors import ConfigError
from headrace.kubeflow.cron import Calendar, Every, read_cron
from headrace.kubeflow.duration import seconds_of
from headrace.kubeflow.resources import Cron, Interval, Trigger
from headrace.kubeflow.time_zone import refuse_zone

DEFAULT = Path("schedules.yaml")
OWNER = "headrace"
MOST = 10
"""Runs of one schedule at once that Kubeflow's server takes."""
YEARS = range(1971, 2201)
"""The years of a schedule's start and end: Kubeflow's times begin with 1970."""
KEYS = (
    "pipeline",
    "cron",
    "every",
    "time_zone",
    "start",
    "end",
    "catch_up",
    "max_concurrency",
    "follow_latest",
    "parameters",
    "experiment",
    "service_account",
    "enabled",
    "description",
)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
When: TypeAlias = Calendar | Every


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """One schedule as the file has it; `places` says where each of its parameters stands."""

    name: str
    place: str
    pipeline: str
    trigger: Trigger
    catch_up: bool = False
    max_concurrency: int = 1
    follow_latest: bool = False
    parameters: Mapping[str, object] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    experiment: str = ""
    service_account: str = ""
    enabled: bool = True
    description: str = ""


@dataclass(frozen=True)
class Schedules:
    """The schedules of one owner: those on the server that bear its name and are not here may be pruned."""

    owner: str
    named: bool
    schedules: tuple[Schedule, ...]


def read_schedules(file: Path) -> Schedules:
    """Read the file; raises ConfigError for anything in it that could not be kept."""
    if not file.is_file():
        raise ConfigError(found=f"no file {file}", expected="a file of schedules", do="Give it with -f")
    found = read_yaml(file)
    found.only(["owner", "schedules"])
    below = found.section("schedules")
    return Schedules(
        owner=_name(found, found.text("owner") or OWNER, "owner"),
        named=bool(found.text("owner")),
        schedules=tuple(_schedule(below.section(name), name, f"{file}:{line}") for name, line in below.lines.items()),
    )


def _schedule(found: YamlFile, name: str, place: str) -> Schedule:
    found.only(KEYS)
    _checked_name(name, place)
    if not found.text("pipeline"):
        raise ConfigError(found=f"{place}: {name} names no pipeline", expected="pipeline: NAME", do="Add it there")
    parameters = found.section("parameters")
    return Schedule(
        name=name,
        place=place,
        pipeline=found.text("pipeline"),
        trigger=_trigger(found, name, place),
        catch_up=_flag(found, "catch_up", default=False),
        max_concurrency=_concurrency(found),
        follow_latest=_flag(found, "follow_latest", default=False),
        parameters=parameters.content,
        places={key: f"{found.path}:{line}" for key, line in parameters.lines.items()},
        experiment=found.text("experiment"),
        service_account=found.text("service_account"),
        enabled=_flag(found, "enabled", default=True),
        description=" ".join(found.text("description").split()),
    )


def _trigger(found: YamlFile, name: str, place: str) -> Trigger:
    cron, every = found.text("cron"), found.text("every")
    if bool(cron) == bool(every):
        how = "both cron and every" if cron else "neither cron nor every"
        wanted = 'one of them, such as cron: "0 2 * * *" or every: 1h'
        raise ConfigError(found=f"{place}: {name} has {how}", expected=wanted, do="Correct it there")
    start, end = _time(found, "start"), _time(found, "end")
    if start and end and start >= end:
        raise found.wrong("end", "a time after start")
    if every and found.text("time_zone"):
        raise found.wrong("time_zone", "none beside every: an interval has no time of day")
    if every:
        return Interval(seconds=seconds_of(every, f"{found.path}:{found.lines['every']}"), start=start, end=end)
    at = f"{found.path}:{found.lines['cron']}"
    zone, _, rest = cron.partition(" ") if cron.startswith(("TZ=", "CRON_TZ=")) else ("", "", cron)
    when = read_cron(rest.strip(), at)
    refuse_zone(when, zone.partition("=")[2] or found.text("time_zone"), at)
    return Cron(expression=when.for_server, start=start, end=end)


def _time(found: YamlFile, name: str) -> datetime | None:
    """Return a time in UTC, whole seconds, from a date, a time or a text in ISO's form."""
    value = found.content.get(name)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if isinstance(value, datetime) and value.year in YEARS:
        return (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)).replace(microsecond=0)
    if found.content.get(name) is None:
        return None
    raise found.wrong(name, f"a time such as 2026-12-01T00:00:00Z, from {YEARS[0]} to {YEARS[-1]}")


def _flag(found: YamlFile, name: str, *, default: bool) -> bool:
    value = found.content.get(name, default)
    if not isinstance(value, bool):
        raise found.wrong(name, "true or false")
    return value


def _concurrency(found: YamlFile) -> int:
    number = found.number("max_concurrency")
    if number is not None and not 1 <= number <= MOST:
        raise found.wrong("max_concurrency", f"a number from 1 to {MOST}")
    return number or 1


def _name(found: YamlFile, text: str, key: str) -> str:
    if not NAME.fullmatch(text):
        raise found.wrong(key, "letters, digits, dots and dashes, at most 63")
    return text


def _checked_name(name: str, place: str) -> None:
    if not NAME.fullmatch(name):
        expected = "a name of letters, digits, dots and dashes, at most 63"
        raise ConfigError(found=f"{place}: a schedule called {name!r}", expected=expected, do="Rename it")
