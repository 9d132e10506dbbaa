"""The repository names no machine and no index, and has a hash for all that is installed."""

import re
import subprocess
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted(ROOT.glob("requirements-*.lock"))
APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
STRAY = {
    "a path of one machine": re.compile(r"(?<![\w.\-])/(?:home|root|Users|work|mnt)/[\w.]"),
    "an address that packages come from": re.compile(r"(?i)index[-_]url|find[-_]links|https?://\S+\.(?:whl|tar\.gz)"),
}
lock = pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("what", STRAY)
def test_no_file_names(what: str) -> None:
    this = Path(__file__).resolve()
    texts = {path: path.read_bytes().decode("utf-8", "replace") for path in tracked() if path != this}
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if STRAY[what].search(line)
    ]
    assert found == []


@lock
def test_lock_files_have_a_hash_for_everything(lock: Path) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", lock.read_text(encoding="utf-8"))
    assert [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


@lock
def test_lock_files_have_no_addresses(lock: Path) -> None:
    assert "://" not in lock.read_text(encoding="utf-8")


@pytest.mark.parametrize(("python", "line"), [("3.11", "tf216"), ("3.12", "tf221"), ("3.13", "tf221")])
def test_lock_files_hold_what_the_project_asks_for(python: str, line: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    wanted = [
        *project["project"]["dependencies"],
        *extras["run"],
        *extras["demo"],
        *project["dependency-groups"]["dev"],
    ]
    text = (ROOT / f"requirements-{line}.lock").read_text(encoding="utf-8")
    pinned = [Requirement(entry) for entry in re.findall(r"^([a-z0-9][^\\\n]*?) *\\?$", text, re.MULTILINE)]
    here = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}
    versions = {pin.name: str(pin.specifier)[2:] for pin in pinned if not pin.marker or pin.marker.evaluate(here)}
    for requirement in map(Requirement, wanted):
        if not requirement.marker or requirement.marker.evaluate(here):
            assert requirement.specifier.contains(versions[requirement.name]), requirement


def test_components_have_no_init_that_would_hide_those_of_users() -> None:
    assert not (ROOT / "components" / "__init__.py").exists()


def test_the_licence_is_the_whole_apache_licence() -> None:
    assert sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE_2


def test_every_make_target_is_documented() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[0].split())
    assert phony == set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
