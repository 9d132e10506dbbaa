"""Schedules without Kubeflow: a Kubernetes CronJob of one pod, and a line of a crontab, both with `headrace run`."""

import shlex
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import available_timezones

from headrace.errors import ConfigError
from headrace.kubeflow.cron import Every, read_cron
from headrace.kubeflow.document import Document, without_nothing
from headrace.kubeflow.names import mangled
from headrace.kubeflow.requirements import check_requirements
from headrace.kubeflow.settings import KubeflowSettings
from headrace.kubeflow.single_pod import pod_of_all, pod_spec
from headrace.spec.records import PipelineSpec

LONGEST = 52
"""Kubernetes adds eleven letters to the name of a CronJob, and takes 63 in all."""


@dataclass(frozen=True)
class Scheduled:
    """A pipeline, how the command line names it, and the `name=value` that it is run with."""

    spec: PipelineSpec
    pipeline: str
    given: tuple[str, ...]
    settings: KubeflowSettings

    @property
    def command(self) -> list[str]:
        """The arguments of `headrace`."""
        values = [part for value in self.given for part in ("-p", value)]
        return ["run", self.pipeline, *values, *self.settings.cronjob.arguments]


def cronjob(asked: Scheduled) -> Document:
    """Describe the CronJob; raises ConfigError for what Kubernetes would refuse."""
    settings, when = asked.settings, asked.settings.cronjob
    check_requirements(asked.spec, settings)
    if settings.code == "bundle":
        raise ConfigError(
            found="a code bundle for a CronJob",
            expected="the code in its image: the pod runs `headrace run`",
            do="Give --code image, and build the image with the project",
        )
    pod = pod_of_all(asked.spec, settings)
    labels = {"app.kubernetes.io/name": "headrace", **pod.labels}
    job = {
        "backoffLimit": when.retries,
        "activeDeadlineSeconds": when.time_limit,
        "template": {
            "metadata": {"labels": labels, "annotations": dict(pod.annotations)},
            "spec": pod_spec(asked.command, settings, pod),
        },
    }
    spec = {
        "schedule": _schedule(settings),
        "timeZone": _time_zone(settings),
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": when.starting_deadline,
        "successfulJobsHistoryLimit": when.keep_succeeded,
        "failedJobsHistoryLimit": when.keep_failed,
        "jobTemplate": {"spec": job},
    }
    metadata = {"name": _name(asked), "namespace": settings.namespace, "labels": labels}
    return without_nothing({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": metadata, "spec": spec})


def crontab(asked: Scheduled, project: Path, program: Path) -> str:
    """Write the line of a crontab, which ends a command at `%` and starts it in the home folder."""
    settings = asked.settings
    if settings.cronjob.time_zone:
        raise ConfigError(
            found=f"{settings.path}: the time zone {settings.cronjob.time_zone} for a crontab",
            expected="none: cron has the machine's",
            do="Remove time_zone, or compile with --target cronjob",
        )
    for part in (str(project), str(program), *asked.command):
        if "\n" in part or "\r" in part:
            raise ConfigError(
                found=f"a line break in {part!r}, for a crontab",
                expected="text of one line: cron ends a command where the line ends",
                do="Put the value into the pipeline's params.yaml, or compile with --target cronjob",
            )
    command = shlex.join([str(program), *asked.command])
    log = shlex.quote(f".headrace/{asked.spec.name}.cron.log")
    line = f"cd {shlex.quote(str(project))} && mkdir -p .headrace && {command} >> {log} 2>&1"
    return f"{_schedule(settings)} {line.replace('%', chr(92) + '%')}\n"


def _schedule(settings: KubeflowSettings) -> str:
    text = settings.cronjob.schedule
    if not text:
        raise ConfigError(
            found=f"{settings.path}: no cronjob.schedule", expected="a cron expression", do='Write "0 3 * * *" there'
        )
    found = read_cron(text, f"{settings.path}: cronjob.schedule")
    if isinstance(found, Every):
        raise ConfigError(
            found=f"{settings.path}: cronjob.schedule is {text!r}",
            expected="five fields: minute, hour, day of month, month, day of week",
            do="Write */15 * * * * for every quarter of an hour",
        )
    return found.text


def _time_zone(settings: KubeflowSettings) -> str:
    zone, known = settings.cronjob.time_zone, available_timezones()
    if zone and known and zone not in known:
        near = get_close_matches(zone, known, 1)
        raise ConfigError(
            found=f"{settings.path}: cronjob.time_zone is {zone!r}",
            expected="a name such as Europe/Berlin",
            do=f"Write {near[0]!r}" if near else "Correct it there",
        )
    return zone


def _name(asked: Scheduled) -> str:
    name = asked.settings.cronjob.name or f"headrace-{mangled(asked.spec.name)}"
    if name != mangled(name) or len(name) > LONGEST:
        raise ConfigError(
            found=f"the CronJob's name {name!r}",
            expected=f"at most {LONGEST} characters of a-z, 0-9 and -",
            do=f"Set cronjob.name in {asked.settings.path}",
        )
    return name
