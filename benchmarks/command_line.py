"""How long a command takes to answer, and that none but `run` loads TensorFlow or Beam."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Figure, headrace, median
from benchmarks.project import make_project

HEAVY = ("tensorflow", "apache_beam")
TIMES = 5


def figures() -> Iterator[Figure]:
    """Time `--help`, the verbs, and a fully cached penguins run."""
    with tempfile.TemporaryDirectory() as name:
        folder = make_project(Path(name))
        headrace("run", "penguins", folder=folder)
        yield Figure("headrace --help", _seconds(median(lambda: headrace("--help", folder=folder), TIMES)), "≤ 0.15 s")
        for verb in _verbs():
            took = median(lambda verb=verb: headrace(*verb, folder=folder), TIMES)  # type: ignore[misc]  # a default argument binds the verb
            yield Figure(f"headrace {' '.join(verb)}", _seconds(took), "≤ 0.5 s")
        cached = median(lambda: headrace("run", "penguins", folder=folder), TIMES)
        yield Figure("headrace run penguins, all nine nodes cached", _seconds(cached), "≤ 0.8 s")
        yield Figure("heavy modules that `plan` loads", _heavy(folder) or "none", "none")


def _verbs() -> list[tuple[str, ...]]:
    return [
        ("plan", "penguins"),
        ("why", "Trainer"),
        ("ls", "runs"),
        ("show", "@latest"),
        ("logs", "@latest"),
        ("lineage", "@latest"),
        ("config", "show", "penguins"),
        ("check", "penguins"),
        ("components",),
    ]


def _heavy(folder: Path) -> str:
    code = (
        "import sys; from headrace.cli.main import group; group(['plan', 'penguins'], standalone_mode=False); "
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    return done.stderr.strip().strip("[]")


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s"
