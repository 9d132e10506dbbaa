"""Whether a model can be served: asked in a fresh process with limits, whose death is an answer, too."""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import headrace

_LOG_PREFIX = re.compile(r"^\S+ \S+: [A-Z] \S+\] ")
"""Time, severity and place in a line that TensorFlow logs."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the process may use: seconds in all, and megabytes beyond what TensorFlow itself takes."""

    seconds: int = 120
    megabytes: int = 4096


def why_not_servable(model: Path, signature: str, limits: Limits, requests: Path | None = None) -> str:
    """Load a SavedModel and query it in a fresh process; return the reason why it cannot be served, or nothing.

    Where `requests` are kept, it is asked these and has to answer as before; else it is asked about a made-up row.
    """
    if not (model / "saved_model.pb").is_file():
        return f"{model} holds no saved_model.pb"
    request = {
        "model": str(model),
        "signature": signature,
        "requests": str(requests or ""),
        "seconds": limits.seconds,
        "megabytes": limits.megabytes,
    }
    command = [sys.executable, "-W", "ignore", "-m", "headrace.serving.canary", json.dumps(request)]
    process = subprocess.Popen(  # this interpreter, with arguments of our own
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment(), start_new_session=True
    )
    try:
        answer, said = process.communicate(timeout=limits.seconds)
    except subprocess.TimeoutExpired:
        return f"it did not load and answer within {limits.seconds} s"
    finally:
        _end(process)
    return _reason(answer, said, process.returncode)


def _reason(answer: bytes, said: bytes, code: int) -> str:
    if code == 0 and answer:
        reason: str = json.loads(answer)["reason"]
        return reason
    how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    lines = said.decode(errors="replace").strip().splitlines() or ["it said nothing"]
    return f"the process that loaded it died ({how}): {_LOG_PREFIX.sub('', lines[-1])[:200]}"


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what still runs: on a time-out, or when this process is interrupted."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _environment() -> dict[str, str]:
    """Let the process find this headrace, keep to tf_keras, use no accelerator and say little."""
    above = str(Path(headrace.__file__).parent.parent)
    path = os.pathsep.join(part for part in (above, os.environ.get("PYTHONPATH", "")) if part)
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "2", "CUDA_VISIBLE_DEVICES": "-1"}
    return {"TF_USE_LEGACY_KERAS": "1", **os.environ, **quiet, "PYTHONPATH": path}
