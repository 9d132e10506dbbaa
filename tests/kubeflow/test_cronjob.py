"""Schedules without Kubeflow: a CronJob that Kubernetes takes, and a line of a crontab."""

import subprocess
from dataclasses import replace
from pathlib import Path

import kubernetes_validate  # type: ignore[import-untyped]  # it has no annotations
import pytest
import yaml

from headrace import NodeOptions, Pipeline, Resources
from headrace.dsl.component import Component
from headrace.errors import ConfigError, ExitCode
from headrace.kubeflow.cronjob import Scheduled, cronjob, crontab
from headrace.kubeflow.document import Document
from headrace.kubeflow.pod_settings import PodSettings
from headrace.kubeflow.settings import CronJobSettings, KubeflowSettings, read_kubeflow
from headrace.spec.from_pipeline import spec_of
from tests.kubeflow.compiling import SETTINGS
from tests.kubeflow.test_settings import EVERYTHING
from tests.parts import Source, named

GOLDEN = Path(__file__).parents[1] / "golden" / "kubeflow" / "penguins-cronjob.yaml"
NIGHTLY = replace(SETTINGS, cronjob=CronJobSettings(schedule="0 3 * * *"))


def scheduled(settings: KubeflowSettings, *nodes: Component, given: tuple[str, ...] = ()) -> Scheduled:
    return Scheduled(spec_of(Pipeline("p", nodes or [Source()])), "p", given, settings)


def pod_in(document: Document) -> Document:
    pod: Document = document["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    return pod


@pytest.mark.parametrize("version", ["1.27", "1.33", "1.37"])
def test_kubernetes_takes_it(version: str, tmp_path: Path) -> None:
    file = tmp_path / "kubeflow.yaml"
    file.write_text(EVERYTHING.replace("code: bundle", "code: image").replace("  Trainer: ", "  Source: "))
    everything = cronjob(scheduled(read_kubeflow(tmp_path, file)))
    for document in (everything, yaml.safe_load(GOLDEN.read_text(encoding="utf-8"))):
        kubernetes_validate.validate(document, version, strict=True)


def test_the_pod_has_no_privilege_and_writes_only_in_its_volumes() -> None:
    pod = pod_in(cronjob(scheduled(NIGHTLY)))
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == 1000
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }
    assert container["volumeMounts"] == [{"name": "tmp", "mountPath": "/tmp"}]
    assert pod["volumes"] == [{"name": "tmp", "emptyDir": {}}]


def test_it_runs_the_pipeline_with_the_values_that_were_given() -> None:
    settings = replace(NIGHTLY, cronjob=replace(NIGHTLY.cronjob, arguments=("--gate",)))
    document = cronjob(scheduled(settings, given=("trials=3",)))
    assert pod_in(document)["containers"][0]["args"] == ["run", "p", "-p", "trials=3", "--gate"]
    assert document["spec"]["concurrencyPolicy"] == "Forbid"


def test_the_stores_address_is_named_and_never_written() -> None:
    variables = {part["name"]: part for part in pod_in(cronjob(scheduled(NIGHTLY)))["containers"][0]["env"]}
    reference = {"secretKeyRef": {"name": "store", "key": "address"}}
    assert variables["HEADRACE_STORE"] == {"name": "HEADRACE_STORE", "valueFrom": reference}
    assert variables["HEADRACE_ROOT"]["value"] == "/shared/root"


def test_one_pod_has_the_most_that_any_of_its_nodes_needs() -> None:
    small = Source(options=named("small", resources=Resources(cpu="500m", memory="8Gi")))
    large = Source(options=NodeOptions(id="large", resources=Resources(cpu="4", accelerator="nvidia.com/gpu")))
    settings = replace(NIGHTLY, defaults=PodSettings(cpu="1", memory="1Gi"))
    pod = pod_in(cronjob(scheduled(settings, small, large)))
    assert pod["containers"][0]["resources"] == {"limits": {"cpu": "4", "memory": "8Gi", "nvidia.com/gpu": "1"}}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"schedule": ""}, r'no cronjob.schedule; expected a cron expression\. Write "0 3 \* \* \*" there'),
        ({"schedule": "0 0 3 * * *"}, "five fields"),
        ({"schedule": "@every 1h"}, r"cronjob.schedule is '@every 1h'; expected five fields"),
        ({"time_zone": "Europe/Berln"}, "cronjob.time_zone is 'Europe/Berln'.*Write 'Europe/Berlin'"),
        ({"name": "My_Job"}, "the CronJob's name 'My_Job'; expected at most 52 characters"),
    ],
    ids=["no schedule", "seconds", "every", "no such zone", "a wrong name"],
)
def test_what_kubernetes_would_refuse_is_refused(changed: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        cronjob(scheduled(replace(NIGHTLY, cronjob=replace(NIGHTLY.cronjob, **changed))))  # type: ignore[arg-type]  # texts, each by its name


def test_a_code_bundle_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"a code bundle for a CronJob.*Give --code image"):
        cronjob(scheduled(replace(NIGHTLY, code="bundle")))


def test_a_line_of_a_crontab_works_as_cron_reads_it(tmp_path: Path) -> None:
    """Cron ends the command at the first percent sign that no backslash stands before, and takes those away."""
    project = tmp_path / "a project"
    project.mkdir()
    line = crontab(scheduled(NIGHTLY, given=("word=10% of 'it'",)), project, Path("/bin/echo"))
    fields, command = line[:9], line[10:]
    assert fields == "0 3 * * *"
    assert line.endswith("\n")
    subprocess.run(["sh", "-c", command.replace("\\%", "%")], check=True, cwd="/")
    log = project / ".headrace" / "p.cron.log"
    assert log.read_text(encoding="utf-8") == "run p -p word=10% of 'it'\n"


@pytest.mark.parametrize("value", ["word=a\n* * * * * rm x", "word=a\rb", "word=a\n"])
def test_a_line_break_in_a_crontab_is_refused(value: str) -> None:
    with pytest.raises(ConfigError, match="a line break in 'word=a") as caught:
        crontab(scheduled(NIGHTLY, given=(value,)), Path("/p"), Path("headrace"))
    assert caught.value.exit_code == ExitCode.USAGE
    with pytest.raises(ConfigError, match="a line break in '/a"):
        crontab(scheduled(NIGHTLY), Path("/a\nb"), Path("headrace"))


def test_a_crontab_has_no_time_zone_of_its_own() -> None:
    zone = replace(NIGHTLY, cronjob=replace(NIGHTLY.cronjob, time_zone="Europe/Berlin"))
    with pytest.raises(ConfigError, match="cron has the machine's"):
        crontab(scheduled(zone), Path("/p"), Path("headrace"))
