"""`configs/kubeflow.yaml`: typed, placed, layered."""

import re
from pathlib import Path

import pytest

from headrace.errors import ConfigError
from headrace.kubeflow.pod_settings import PodSettings, Toleration
from headrace.kubeflow.settings import CronJobSettings, KubeflowSettings, SecretKey, read_kubeflow

ROOT = Path(__file__).parents[2]

EVERYTHING = """
image: registry.example.com/headrace:1
code: bundle
root: s3://bucket/root
store_secret: {name: store, key: address}
token_secret: {name: store, key: token}
endpoint: https://example.com
namespace: team
beam_args: [--runner=X]
defaults:
  cpu: "2"
  memory: 4Gi
  accelerator: {type: nvidia.com/gpu, count: 2}
  env: {A: "1"}
  secrets: {warehouse: {password: DB_PASSWORD}}
  config_maps: {team: {level: LEVEL}}
  pvcs: {data: /data}
  secret_volumes: {certificates: /etc/certificates}
  node_selector: {disk: ssd}
  tolerations: [{key: gpu, operator: Exists, effect: NoSchedule, toleration_seconds: 60}]
  labels: {team: data}
  annotations: {a: b}
  image_pull_policy: Always
  image_pull_secrets: [registry]
  shared_memory: 1Gi
nodes:
  Trainer: {cpu: "8"}
cronjob: {schedule: "0 3 * * *", time_zone: Europe/Berlin, arguments: [--gate], retries: 0, keep_failed: 5}
"""


def read(folder: Path, text: str) -> KubeflowSettings:
    file = folder / "kubeflow.yaml"
    file.write_text(text, encoding="utf-8")
    return read_kubeflow(folder, file)


def test_every_key_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, EVERYTHING)
    assert (found.image, found.code, found.root) == ("registry.example.com/headrace:1", "bundle", "s3://bucket/root")
    assert (found.store_secret, found.token_secret) == (SecretKey("store", "address"), SecretKey("store", "token"))
    assert (found.endpoint, found.namespace, found.beam_args) == ("https://example.com", "team", ("--runner=X",))
    assert found.defaults == PodSettings(
        cpu="2",
        memory="4Gi",
        accelerator="nvidia.com/gpu",
        accelerators=2,
        env={"A": "1"},
        secrets={"warehouse": {"password": "DB_PASSWORD"}},
        config_maps={"team": {"level": "LEVEL"}},
        pvcs={"data": "/data"},
        secret_volumes={"certificates": "/etc/certificates"},
        node_selector={"disk": "ssd"},
        tolerations=(Toleration(key="gpu", operator="Exists", effect="NoSchedule", toleration_seconds=60),),
        labels={"team": "data"},
        annotations={"a": "b"},
        image_pull_policy="Always",
        image_pull_secrets=("registry",),
        shared_memory="1Gi",
    )
    assert found.nodes == {"Trainer": PodSettings(cpu="8")}
    assert found.cronjob == CronJobSettings(
        schedule="0 3 * * *", time_zone="Europe/Berlin", arguments=("--gate",), keep_failed=5
    )


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert read_kubeflow(tmp_path, None).defaults == PodSettings()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("imge: a", r"kubeflow.yaml:1: the key 'imge'; .*Write 'image'"),
        ("defaults:\n  cpus: '1'", r"kubeflow.yaml:2: the key 'cpus'; .*Write 'cpu'"),
        ("nodes:\n  Trainer:\n    memry: 1Gi", r"kubeflow.yaml:3: the key 'memry'; .*Write 'memory'"),
        ("defaults:\n  accelerator: {kind: gpu}", r"kubeflow.yaml:2: the key 'kind'"),
        ("store_secret:\n  name: a\n  kee: b", r"kubeflow.yaml:3: the key 'kee'; .*Write 'key'"),
        ("cronjob: {timezone: UTC}", r"kubeflow.yaml:1: the key 'timezone'; .*Write 'time_zone'"),
        ("store_secret: {name: a}", r"kubeflow.yaml:1: store_secret is .*the name of a Secret and one of its keys"),
        ("code: zip", r"kubeflow.yaml:1: code is 'zip'; expected image or bundle"),
        ("image: 1", r"kubeflow.yaml:1: image is 1; expected a text: put it in quotes"),
        ("\ndefaults: 3", r"kubeflow.yaml:2: defaults is 3; expected names and values below it"),
        ("defaults:\n  env:\n    A: 1", r"kubeflow.yaml:3: A is 1; expected a text: put it in quotes"),
        ("defaults:\n  env:\n    1: a", r"kubeflow.yaml:3: the key 1; expected a text as a name"),
        ("defaults:\n  cpu: lots", r"kubeflow.yaml:2: Resources\(cpu='lots'\); expected a text such as '2'"),
        ("defaults:\n  tolerations: [{kee: a}]", r"kubeflow.yaml:2: tolerations is .*a list of mappings with some of"),
        ("defaults:\n  tolerations: 3", r"kubeflow.yaml:2: tolerations is 3"),
        ("defaults:\n  image_pull_policy: Sometimes", "expected Always or IfNotPresent or Never"),
        ("beam_args: --a", r"kubeflow.yaml:1: beam_args is '--a'; expected a list of texts"),
        ("cronjob: {retries: -1}", r"kubeflow.yaml:1: retries is -1; expected a whole number of at least 0"),
    ],
    ids=lambda text: text.replace("\n", " ") if "kubeflow.yaml" not in text else "",
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read(tmp_path, text)


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no file .*other.yaml; .*Correct --config"):
        read_kubeflow(tmp_path, tmp_path / "other.yaml")


def test_the_committed_file_is_read() -> None:
    found = read_kubeflow(ROOT, None)
    assert (found.image, found.store_secret) == ("headrace:0.1.0", SecretKey("headrace-store", "address"))


def test_every_example_in_the_committed_file_is_read(tmp_path: Path) -> None:
    """A line that is commented out is one character away from being used."""
    text = (ROOT / "configs" / "kubeflow.yaml").read_text(encoding="utf-8").split("\n", 1)[1]
    found = read(tmp_path, re.sub(r"^( *)# ", r"\1", text, flags=re.MULTILINE))
    assert found.nodes["Trainer"].accelerator == "nvidia.com/gpu"
    assert (found.defaults.labels, found.cronjob.time_limit) == ({"team": "data"}, 14400)


def test_layers_are_merged() -> None:
    below = PodSettings(cpu="1", memory="1Gi", env={"A": "1", "B": "1"}, tolerations=(Toleration(key="spot"),))
    above = PodSettings(cpu="2", env={"B": "2"}, tolerations=(Toleration(key="gpu"),), secrets={"s": {"k": "V"}})
    assert above.over(below) == PodSettings(
        cpu="2",
        memory="1Gi",
        env={"A": "1", "B": "2"},
        tolerations=(Toleration(key="spot"), Toleration(key="gpu")),
        secrets={"s": {"k": "V"}},
    )


def test_keys_of_one_secret_are_merged() -> None:
    layered = PodSettings(secrets={"s": {"b": "B"}}).over(PodSettings(secrets={"s": {"a": "A"}}))
    assert layered.secrets == {"s": {"a": "A", "b": "B"}}
