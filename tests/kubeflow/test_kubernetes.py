"""What Kubeflow's driver is told of a pod, for backends of all ages."""

from pathlib import Path

from headrace.kubeflow.kubernetes import executor_config
from headrace.kubeflow.pod_settings import PodSettings
from headrace.kubeflow.settings import read_kubeflow
from tests.kubeflow.test_settings import EVERYTHING


def constant(name: str) -> dict[str, dict[str, str]]:
    return {"runtimeValue": {"constant": name}}


def test_every_setting_is_said_and_every_name_twice(tmp_path: Path) -> None:
    """Newer backends read the parameter, older ones the plain name."""
    (tmp_path / "kubeflow.yaml").write_text(EVERYTHING, encoding="utf-8")
    pod = read_kubeflow(tmp_path, tmp_path / "kubeflow.yaml").defaults
    assert executor_config(pod, 310) == {
        "secretAsEnv": [
            {
                "secretName": "warehouse",
                "secretNameParameter": constant("warehouse"),
                "keyToEnv": [{"secretKey": "password", "envVar": "DB_PASSWORD"}],
            }
        ],
        "configMapAsEnv": [
            {
                "configMapName": "team",
                "configMapNameParameter": constant("team"),
                "keyToEnv": [{"configMapKey": "level", "envVar": "LEVEL"}],
            }
        ],
        "secretAsVolume": [
            {
                "secretName": "certificates",
                "secretNameParameter": constant("certificates"),
                "mountPath": "/etc/certificates",
            }
        ],
        "pvcMount": [{"constant": "data", "pvcNameParameter": constant("data"), "mountPath": "/data"}],
        "imagePullSecret": [{"secretName": "registry", "secretNameParameter": constant("registry")}],
        "imagePullPolicy": "Always",
        "nodeSelector": {"labels": {"disk": "ssd"}},
        "tolerations": [{"key": "gpu", "operator": "Exists", "effect": "NoSchedule", "tolerationSeconds": "60"}],
        "podMetadata": {"labels": {"team": "data"}, "annotations": {"a": "b"}},
        "enabledSharedMemory": {"volumeName": "shm", "size": "1Gi"},
        "activeDeadlineSeconds": "310",
    }


def test_what_nobody_asks_for_is_not_said() -> None:
    assert executor_config(PodSettings()) == {}
