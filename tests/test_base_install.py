"""What `pip install headrace` brings: few distributions, and with them alone every verb but `run` works."""

import subprocess
import sys
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
MOST = 30

BLOCKED = """
import sys
hidden = set(sys.argv.pop(1).split(","))
class Hide:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in hidden:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Hide())
from headrace.cli.main import main
main()
"""


def base_install() -> frozenset[str]:
    """Walk what the base install needs, with the markers of this Python."""
    found: set[str] = set()
    waiting = ["headrace"]
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in found:
            continue
        found.add(name)
        needed = [Requirement(text) for text in distribution(name).requires or ()]
        waiting += [r.name for r in needed if not r.marker or r.marker.evaluate({"extra": ""})]
    return frozenset(found)


def test_the_base_install_is_small_and_has_neither_tensorflow_nor_beam() -> None:
    found = base_install()
    assert len(found) <= MOST
    assert not found & {"tensorflow", "apache-beam", "pyarrow", "pandas"}


@pytest.mark.parametrize(
    "command",
    [
        ("--help",),
        ("plan", "penguins"),
        ("check", "penguins"),
        ("config", "show", "penguins"),
        ("components",),
        ("ls", "pipelines"),
    ],
    ids=" ".join,
)
def test_verbs_work_with_the_base_install_alone(command: tuple[str, ...], tmp_path: Path) -> None:
    for name in ("pipelines", "schemas", "configs"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "data" / "penguins").mkdir(parents=True)
    (tmp_path / "data" / "penguins" / "penguins.csv").write_text("island,sex\nBiscoe,male\n", encoding="utf-8")
    kept = base_install()
    owners = packages_distributions().items()
    hidden = [module for module, names in owners if not {canonicalize_name(name) for name in names} & kept]
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, ",".join(hidden), *command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    no_store_yet = command == ("ls", "pipelines") and done.returncode == 5
    assert done.returncode == 0 or no_store_yet, done.stderr
