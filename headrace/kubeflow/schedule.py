"""Keeps the schedules on the server as a file says: what would change, and the changes.

A recurring run cannot be updated: another is made, then the old one is deleted. Stopped between the two, the next
`apply` finds both, keeps the one that fits and deletes the other.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from headrace.errors import ConfigError, RemoteError, UnknownReference
from headrace.kubeflow.arguments import check_arguments
from headrace.kubeflow.client import Client
from headrace.kubeflow.marker import marked, owner_of
from headrace.kubeflow.package import Package
from headrace.kubeflow.resources import RecurringRun, trigger_json
from headrace.kubeflow.schedule_facts import Difference, Wanted, differences, version_name
from headrace.kubeflow.schedules_file import Schedule, Schedules
from headrace.kubeflow.submit import has_content, uploaded, uploaded_as_newest

Act = Literal["create", "replace", "enable", "disable", "upload", "unchanged", "delete", "orphan"]
UPLOADS: frozenset[Act] = frozenset({"create", "replace", "upload"})
"""What may upload a pipeline, so that its code has to be where pods fetch it."""


@dataclass(frozen=True)
class Change:
    """What is to be done about one schedule: to the one on the server, by what the file wants."""

    name: str
    act: Act
    wanted: Wanted | None = None
    found: RecurringRun | None = None
    fields: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Defaults:
    """What a schedule has where the file says nothing."""

    experiment: str = ""
    service_account: str = ""


def kept(client: Client, owner: str) -> list[RecurringRun]:
    """List the schedules on the server that headrace keeps for an owner."""
    return [found for found in client.recurring_runs() if owner_of(found) == owner]


def find(client: Client, owner: str, name: str) -> list[RecurringRun]:
    """Find a schedule by name, newest first: an `apply` that was stopped leaves two; raises UnknownReference."""
    ours = kept(client, owner)
    if found := [each for each in reversed(ours) if each.name == name]:
        return found
    names = sorted(found.name for found in ours)
    near = get_close_matches(name, names, 1)
    raise UnknownReference(
        found=f"no schedule {name!r} kept for {owner!r}",
        expected=f"one of {', '.join(names)}" if names else "some: there is none",
        do=f"Write {near[0]!r}" if near else "headrace schedule apply makes those of the file",
    )


def compare(
    client: Client, file: Schedules, package: Callable[[Schedule], Package], defaults: Defaults
) -> list[Change]:
    """Say what differs between a file and the server; asks, and changes nothing.

    Schedules that follow the newest version come last, since others may upload one.
    """
    ordered = sorted(file.schedules, key=lambda schedule: schedule.follow_latest)
    wanted = [_wanted(client, schedule, package(schedule), defaults) for schedule in ordered]
    _refuse_rivals(wanted)
    there = list(client.recurring_runs())
    ours = [found for found in there if owner_of(found) == file.owner]
    _refuse_namesakes(file, there, ours)
    if not file.named:
        _refuse_other_projects(wanted, ours)
    names = {schedule.name for schedule in file.schedules}
    changes = [
        change
        for each in wanted
        for change in _changes(client, each, [found for found in ours if found.name == each.schedule.name])
    ]
    return changes + [Change(found.name, "orphan", found=found) for found in ours if found.name not in names]


def apply(client: Client, changes: Iterable[Change], owner: str, *, prune: bool) -> None:
    """Make the changes, in their order."""
    for change in changes:
        match change:
            case Change(act="create" | "replace", wanted=Wanted() as wanted):
                _make(client, wanted, owner)
                if change.found:
                    client.delete_recurring_run(change.found.id)
            case Change(act="enable" | "disable", found=RecurringRun() as found):
                client.switch(found.id, on=change.act == "enable")
            case Change(act="delete", found=RecurringRun() as found):
                client.delete_recurring_run(found.id)
            case Change(act="orphan", found=RecurringRun() as found) if prune:
                client.delete_recurring_run(found.id)
        if change.wanted and change.wanted.schedule.follow_latest:
            uploaded_as_newest(client, change.wanted.package)


def _wanted(client: Client, schedule: Schedule, package: Package, defaults: Defaults) -> Wanted:
    name = schedule.experiment or defaults.experiment or package.name
    experiment = client.find_experiment(name)
    return Wanted(
        schedule=schedule,
        package=package,
        experiment=name,
        parameters=check_arguments(package.parameters, schedule.parameters, schedule.places),
        service_account=schedule.service_account or defaults.service_account,
        pipeline_id=client.find_pipeline(package.name),
        experiment_id=experiment.id if experiment else None,
    )


def _changes(client: Client, wanted: Wanted, found: Sequence[RecurringRun]) -> list[Change]:
    """Say what is to be done about one schedule; of several with its name, one that fits stays."""
    name = wanted.schedule.name
    compared = [(each, tuple(differences(wanted, each, version_name(client, each)))) for each in found]
    fitting = [each for each, fields in compared if not fields]
    fitting.sort(key=lambda each: each.enabled != wanted.schedule.enabled)
    if fitting:
        first = _switch(wanted, fitting[0])
    elif compared:
        first = Change(name, "replace", wanted, compared[-1][0], compared[-1][1])
    else:
        first = Change(name, "create", wanted)
    rest = [Change(name, "delete", found=each) for each in found if each is not first.found]
    return [*_uploads(client, wanted, first), first, *rest]


def _switch(wanted: Wanted, found: RecurringRun) -> Change:
    on = wanted.schedule.enabled
    act: Act = "unchanged" if found.enabled == on else "enable" if on else "disable"
    return Change(wanted.schedule.name, act, wanted, found)


def _uploads(client: Client, wanted: Wanted, change: Change) -> list[Change]:
    """Upload for a schedule that stays as it is and follows the newest version."""
    if not wanted.schedule.follow_latest or change.act in ("create", "replace"):
        return []
    newest = client.newest_version(change.found.pipeline_id) if change.found else None
    if newest and has_content(newest.name, wanted.package):
        return []
    field = Difference("version", newest.name if newest else None, wanted.package.version)
    return [Change(wanted.schedule.name, "upload", wanted, fields=(field,))]


def _make(client: Client, wanted: Wanted, owner: str) -> None:
    schedule = wanted.schedule
    upload = uploaded_as_newest if schedule.follow_latest else uploaded
    version = upload(client, wanted.package).version
    source = {"pipeline_id": version.pipeline_id, "pipeline_version_id": version.id}
    if schedule.follow_latest:
        del source["pipeline_version_id"]
    asked: dict[str, object] = {
        "display_name": schedule.name,
        "description": marked(schedule.description, owner),
        "experiment_id": client.experiment(wanted.experiment).id,
        "mode": "ENABLE" if schedule.enabled else "DISABLE",
        "trigger": trigger_json(schedule.trigger),
        "no_catchup": not schedule.catch_up,
        "max_concurrency": str(schedule.max_concurrency),
        "runtime_config": {"parameters": wanted.parameters},
        "pipeline_version_reference": source,
    }
    if wanted.service_account:
        asked["service_account"] = wanted.service_account
    client.schedule(asked)


def _refuse_rivals(wanted: Sequence[Wanted]) -> None:
    """Refuse two schedules that follow the newest version of one pipeline, and want it to be different files."""
    newest: dict[str, Wanted] = {}
    for each in wanted:
        first = newest.setdefault(each.package.name, each) if each.schedule.follow_latest else each
        if first.package.version != each.package.version:
            both = f"{each.schedule.name} and {first.schedule.name} follow the newest version of {each.package.name}"
            raise ConfigError(
                found=f"{each.schedule.place}: {both}, and name different files",
                expected="one file as the newest version",
                do="Leave follow_latest out of one",
            )


def _refuse_other_projects(wanted: Sequence[Wanted], ours: Sequence[RecurringRun]) -> None:
    """Refuse to replace a schedule of another pipeline, where the file names no owner: it may be another project's."""
    for each in wanted:
        for found in ours:
            if found.name == each.schedule.name and found.pipeline_id != each.pipeline_id:
                raise RemoteError(
                    found=f"{each.schedule.place}: the schedule {found.name!r} is there already ({found.id}) and runs "
                    f"another pipeline than {each.package.name!r}",
                    expected="a schedule of this pipeline: without an owner, all projects keep theirs together",
                    do="If another project keeps that one, rename yours and write owner: NAME at the top of the file; "
                    f"if it is yours, headrace schedule rm {found.name}, then apply",
                )


def _refuse_namesakes(file: Schedules, there: Sequence[RecurringRun], ours: Sequence[RecurringRun]) -> None:
    """Refuse a name that somebody else's schedule has: nobody could tell the two apart."""
    theirs = {found.name: found for found in there if found not in ours}
    for schedule in file.schedules:
        if schedule.name in theirs:
            found = theirs[schedule.name]
            keeper = owner_of(found)
            raise RemoteError(
                found=f"{schedule.place}: a schedule {schedule.name!r} is there already ({found.id}), "
                + (f"kept for {keeper!r}" if keeper else "not made by headrace"),
                expected=f"a name that is free, or a schedule kept for {file.owner!r}",
                do="Rename yours, or delete that one in Kubeflow",
            )
