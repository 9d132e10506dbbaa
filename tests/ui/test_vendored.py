"""What is vendored is what its packages hold, and no file of the page reaches for another host."""

import hashlib
import json
import re
from pathlib import Path

import pytest

import headrace.ui

STATIC = Path(headrace.ui.__file__).parent / "static"
VENDOR = STATIC / "vendor"
LOCK = json.loads((VENDOR / "vendor.lock.json").read_text(encoding="utf-8"))
OURS = sorted(file for file in STATIC.rglob("*") if file.is_file() and VENDOR not in file.parents)


@pytest.mark.parametrize("entry", LOCK["files"], ids=lambda entry: entry["file"])
def test_a_vendored_file_is_that_of_its_package(entry: dict[str, object]) -> None:
    text = (VENDOR / str(entry["file"])).read_text(encoding="utf-8")
    for original, ours in entry["replaced"]:  # type: ignore[attr-defined]  # pairs of texts in the lock
        assert text.count(ours) == 1
        text = text.replace(ours, original)
    assert hashlib.sha256(text.encode()).hexdigest() == entry["sha256"]


def test_every_vendored_file_is_locked_and_has_its_licence() -> None:
    licences = {entry["license_file"] for entry in LOCK["files"]}
    locked = {entry["file"] for entry in LOCK["files"]} | licences | {"vendor.lock.json"}
    assert locked == {file.name for file in VENDOR.iterdir()}
    assert {entry["license"] for entry in LOCK["files"]} <= {"MIT", "Apache-2.0", "ISC", "BSD-3-Clause"}


@pytest.mark.parametrize("file", OURS, ids=lambda file: str(file.relative_to(STATIC)))
def test_a_file_of_the_page_names_no_other_host(file: Path) -> None:
    found = re.findall(r"(?:https?:)?//[\w.-]+\.\w+", file.read_text(encoding="utf-8"))
    assert [address for address in found if "www.w3.org/" not in address and not address.endswith("w3.org")] == []


def test_what_is_asked_for_ahead_is_there() -> None:
    index, first = ((STATIC / name).read_text(encoding="utf-8") for name in ("index.html", "first.js"))
    ahead = re.findall(r'"/static/([^"]+)"', index) + re.findall(r'"([a-z_]+/[a-z_]+\.js)"', first)
    assert len(ahead) > 40
    assert [name for name in ahead if not (STATIC / name).is_file()] == []


@pytest.mark.parametrize("file", [f for f in OURS if f.suffix == ".js"], ids=lambda file: str(file.relative_to(STATIC)))
def test_a_module_imports_what_is_there_and_makes_no_markup_of_text(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for target in re.findall(r"""(?:from |import\(|new URL\()["']([^"']+)["']""", text):
        assert target.startswith(".")
        assert (file.parent / target).is_file(), target
    assert not re.search(r"innerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text)
