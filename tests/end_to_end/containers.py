"""Real containers, by podman: the image's last stage, with this environment mounted where it would be installed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.end_to_end.kubeflow import IMAGE, Ran, run_kfp
from tests.end_to_end.project import ROOT, Project

PODMAN = os.environ.get("HEADRACE_TEST_PODMAN", "")
SOCKET = os.environ.get("HEADRACE_TEST_PODMAN_SOCKET", "")
BASE = os.environ.get("HEADRACE_TEST_PODMAN_BASE", "")
needs_podman = pytest.mark.skipif(not PODMAN, reason="podman was not started: HEADRACE_TEST_PODMAN is not set")
ARTIFACTS = "/srv/artifacts"
HARDENED = ("--read-only", "--cap-drop", "ALL", "--tmpfs", "/tmp", "--user", "1000", "--network", "host")


def build_image(folder: Path) -> None:
    """Build what the Dockerfile's last stage adds to a base, from a first stage that built nothing."""
    for name in ("opt/headrace", "app"):
        (folder / name).mkdir(parents=True)
    base = ("--build-arg", f"BASE_IMAGE={BASE}", "--build-context", f"build={folder}")
    command = [PODMAN, "build", "--network", "host", *base, "--tag", IMAGE, "--file", str(ROOT / "Dockerfile")]
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def mounts(project: Project) -> dict[str, tuple[str, str]]:
    """Say what is mounted where, and whether it may be written to: this environment, its interpreter, a project."""
    here = [sys.prefix, sys.base_prefix, *(str(ROOT / name) for name in ("headrace", "components", "tests"))]
    shared = {"/app/served": project.folder / "served", ARTIFACTS: project.root}
    for folder in shared.values():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o777)
    return {
        "/opt/headrace": (sys.prefix, "ro"),
        **{path: (path, "ro") for path in here},
        "/app": (str(project.folder), "ro"),
        **{path: (str(folder), "rw") for path, folder in shared.items()},
    }


def podman_run(project: Project, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a container, as strictly as a cluster does."""
    mounted = [f"--volume={source}:{target}:{mode}" for target, (source, mode) in mounts(project).items()]
    told = [f"--env={name}={value}" for name, value in {"PYTHONPATH": str(ROOT), **variables}.items()]
    whole = [PODMAN, "run", "--rm", *HARDENED, *mounted, *told, IMAGE, *command]
    return subprocess.run(whole, capture_output=True, text=True, check=False)


def run_in_containers(project: Project, file: Path, **parameters: object) -> Ran:
    """Run a compiled pipeline with a container for every pod."""
    outputs = project.folder / "kfp"
    outputs.mkdir(exist_ok=True)
    outputs.chmod(0o777)
    asked = {"mounts": mounts(project), "environment": {"PYTHONPATH": str(ROOT), **project.variables}}
    return run_kfp(project, file, parameters, json.dumps(asked), {"DOCKER_HOST": SOCKET})


def play_pod(project: Project, template: dict[str, Any], secrets: dict[str, dict[str, str]]) -> str:
    """Run the template of a pod to its end, with this environment mounted; return what it said."""
    (container,) = template["spec"]["containers"]
    for number, (target, (source, mode)) in enumerate(mounts(project).items()):
        name = f"here-{number}"
        template["spec"]["volumes"].append({"name": name, "hostPath": {"path": source}})
        container["volumeMounts"].append({"name": name, "mountPath": target, "readOnly": mode == "ro"})
    for variable in container["env"]:
        if told := variable.pop("valueFrom", None):  # podman's own secrets differ from version to version
            variable["value"] = secrets[told["secretKeyRef"]["name"]][told["secretKeyRef"]["key"]]
    container["env"].append({"name": "PYTHONPATH", "value": str(ROOT)})
    file = project.folder / "pod.yaml"
    pod = {"apiVersion": "v1", "kind": "Pod", **template, "metadata": {"name": "cronjob"}}
    file.write_text(yaml.safe_dump(pod), encoding="utf-8")
    podman("play", "kube", "--network", "host", str(file))
    code = podman("wait", f"cronjob-{container['name']}").strip()
    logs = podman("logs", f"cronjob-{container['name']}")
    podman("pod", "rm", "--force", "--time", "0", "cronjob")
    assert code == "0", logs
    return logs


def podman(*arguments: str) -> str:
    """Call podman; return what it printed."""
    done = subprocess.run(
        [PODMAN, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
