"""The root in the settings: shared by all pods, and without credentials, since it is compiled."""

from dataclasses import replace
from pathlib import Path

import pytest

from headrace import Pipeline
from headrace.errors import ConfigError
from headrace.kubeflow.cronjob import Scheduled, cronjob
from headrace.kubeflow.pod_settings import PodSettings
from headrace.kubeflow.settings import CronJobSettings, KubeflowSettings, read_kubeflow
from headrace.kubeflow.shared_root import doubts_of_root
from headrace.spec.from_pipeline import spec_of
from tests.kubeflow.compiling import SETTINGS, compile_nodes
from tests.parts import Source, named

MOUNTED = PodSettings(pvcs={"claim": "/shared"})


@pytest.mark.parametrize(
    ("root", "message"),
    [
        ("s3://AKIA:HIDDEN@bucket/x", r"kubeflow.yaml:2: the root s3://\*\*\*@bucket/x, which holds more than a place"),
        ("s3://bucket/x?secret=HIDDEN", r"kubeflow.yaml:2: the root s3://bucket/x\?\*\*\*, which holds"),
        ("s3://AKIA:HID?DEN@bucket/x", r"kubeflow.yaml:2: the root s3://\*\*\*, which holds"),
        ("memory://x", "kubeflow.yaml:2: the root memory://x; expected a place that outlives the process"),
        ("artifacts", "kubeflow.yaml:2: the root 'artifacts', a folder of each pod's own"),
        ("./artifacts", "a folder of each pod's own"),
        ("~/artifacts", "a folder of each pod's own"),
        ("file://artifacts", "a folder of each pod's own"),
    ],
)
def test_a_root_that_is_not_shared_or_not_public_is_refused(tmp_path: Path, root: str, message: str) -> None:
    file = tmp_path / "kubeflow.yaml"
    file.write_text(f"image: a\nroot: '{root}'\nstore_secret: {{name: a, key: b}}", encoding="utf-8")
    settings = replace(read_kubeflow(tmp_path, file), cronjob=CronJobSettings(schedule="0 3 * * *"))
    with pytest.raises(ConfigError, match=message) as caught:
        compile_nodes(Source(), settings=settings)
    assert "AKIA" not in str(caught.value)
    assert "DEN" not in str(caught.value)
    with pytest.raises(ConfigError, match=message):
        cronjob(Scheduled(spec_of(Pipeline("p", [Source()])), "p", (), settings))


@pytest.mark.parametrize("root", ["/shared/root", "s3://bucket/x", "gs://bucket", "abfs://container@account/x"])
def test_a_root_that_is_both_is_taken(root: str) -> None:
    compile_nodes(Source(), settings=replace(SETTINGS, root=root))


def test_no_variable_of_a_pod_replaces_it() -> None:
    pod = PodSettings(env={"HEADRACE_ROOT": "s3://AKIA:HIDDEN@bucket/x"})
    with pytest.raises(ConfigError, match=r"nodes.Source.env.HEADRACE_ROOT; .*Set root there") as caught:
        compile_nodes(Source(), settings=replace(SETTINGS, nodes={"Source": pod}))
    assert "HIDDEN" not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        (replace(SETTINGS, defaults=MOUNTED), []),
        (replace(SETTINGS, root="s3://bucket/x"), []),
        (SETTINGS, ["root is '/shared/root', below no volume of pods: "]),
        (replace(SETTINGS, defaults=PodSettings(pvcs={"claim": "/share"})), ["below no volume of pods: "]),
        (replace(SETTINGS, nodes={"a": MOUNTED}), ["below no volume of the pods of outcome, b: "]),
    ],
    ids=["a claim", "a bucket", "none", "another", "of one node"],
)
def test_a_folder_that_pods_do_not_mount_is_doubted(settings: KubeflowSettings, found: list[str]) -> None:
    nodes = [Source(options=named("a")), Source(options=named("b"))]
    told = [*doubts_of_root(spec_of(Pipeline("p", nodes)), settings)]
    assert len(told) == len(found)
    assert all(part in text for part, text in zip(found, told, strict=True))
