"""The code that a function depends on, digested as syntax trees."""

from collections.abc import Mapping
from itertools import count
from pathlib import Path

import pytest

from headrace.errors import DeclarationError
from headrace.user_code.source_closure import source_closure

numbers = count()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of a name of its own: what a process has located stays located."""
    monkeypatch.syspath_prepend(tmp_path)
    folder = tmp_path / f"closed{next(numbers)}"
    folder.mkdir()
    return folder


def write(package: Path, files: Mapping[str, str] | None = None, **modules: str) -> None:
    for name, text in {**(files or {}), **modules}.items():
        file = package / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.replace("PACKAGE", package.name), encoding="utf-8")


def closure(package: Path, reference: str = "PACKAGE.a:go") -> dict[str, str]:
    found = source_closure([reference.replace("PACKAGE", package.name)], package.parent)
    return {name.removeprefix(f"{package.name}."): digest for name, digest in found.items()}


@pytest.mark.parametrize(
    "line",
    [
        "import PACKAGE.b",
        "from PACKAGE.b import f",
        "from PACKAGE import b",
        "from . import b",
        "from .b import f",
        "def go():\n    from .b import f",
        "if True:\n    import PACKAGE.b as other",
    ],
)
def test_imports_of_every_form_are_followed(package: Path, line: str) -> None:
    write(package, a=f"{line}\ndef go(): ...\n", b="import json, numpy\nfrom . import c\ndef f(): ...\n", c="X = 1\n")
    assert sorted(closure(package)) == ["a", "b", "c"]


def test_a_package_is_followed_through_its_init(package: Path) -> None:
    sub = {"sub/__init__": "from .b import f\n", "sub/b": "def f(): ...\n"}
    write(package, sub, a="from PACKAGE.sub import f\ndef go(): ...\n")
    assert sorted(closure(package)) == ["a", "sub", "sub.b"]


def test_modules_that_import_each_other_end(package: Path) -> None:
    write(package, a="from . import b\ndef go(): ...\n", b="from . import a\n")
    assert sorted(closure(package)) == ["a", "b"]


def test_what_is_installed_and_headraces_own_is_not_in_it(package: Path) -> None:
    write(package, a="import json, pytest, headrace.errors\nfrom headrace import Artifact\ndef go(): ...\n")
    assert sorted(closure(package)) == ["a"]


def test_a_component_that_ships_is_in_it(package: Path) -> None:
    found = source_closure(["components.trainer.executor:train"], package.parent)
    assert "components.trainer.executor" in found


@pytest.mark.parametrize(
    "text",
    [
        "X = 1  # a comment\n\n\ndef go():\n    return X\n",
        "X = (1)\ndef go( ): return X\n",
        "X = 0x1\ndef go():\n\n    # nothing\n    return (\n        X\n    )\n",
    ],
    ids=["comment", "spaces", "lines"],
)
def test_a_comment_or_a_reformat_changes_nothing(package: Path, text: str) -> None:
    write(package, a="X = 1\ndef go(): return X\n")
    before = closure(package)
    write(package, a=text)
    assert closure(package) == before


@pytest.mark.parametrize(
    "text",
    [
        "X = 2\ndef go(): return X\n",
        "X = 1\ndef go(): return -X\n",
        "X = 1.0\ndef go(): return X\n",
        "X = '1'\ndef go(): return X\n",
    ],
)
def test_any_change_of_meaning_changes_it(package: Path, text: str) -> None:
    write(package, a="X = 1\ndef go(): return X\n")
    before = closure(package)
    write(package, a=text)
    assert closure(package) != before


def test_a_file_and_its_module_have_the_same_digest(package: Path) -> None:
    write(package, a="def go(): ...\n")
    assert [*closure(package, f"{package / 'a.py'}:go").values()] == [*closure(package).values()]


def test_a_file_reaches_its_neighbours(package: Path) -> None:
    write(package, a="import beside\ndef go(): ...\n", beside="X = 1\n")
    assert [Path(name).stem for name in closure(package, f"{package / 'a.py'}:go")] == ["a", "beside"]


def test_a_module_that_does_not_parse_is_told(package: Path) -> None:
    write(package, a="from . import b\ndef go(): ...\n", b="def f(:\n")
    with pytest.raises(DeclarationError, match=r"b.py, line 1"):
        closure(package)


def test_a_file_outside_the_project_is_in_it_with_its_neighbours(package: Path, tmp_path: Path) -> None:
    write(package, a="import beside\ndef go(): ...\n", beside="X = 1\n")
    found = source_closure([f"{package / 'a.py'}:go"], tmp_path / "project")
    assert [Path(name).stem for name in found] == ["a", "beside"]


def test_a_functions_own_module_is_in_it_wherever_it_stands(package: Path, tmp_path: Path) -> None:
    write(package, a="from . import b\ndef go(): ...\n", b="X = 1\n")
    assert [*source_closure([f"{package.name}.a:go"], tmp_path / "project")] == [f"{package.name}.a"]


def test_the_init_of_a_package_above_is_in_it(package: Path) -> None:
    write(package, {"__init__": "X = 1\n", "inner/__init__": "", "inner/a": "def go(): ...\n"})
    before = closure(package, "PACKAGE.inner.a:go")
    assert set(before) == {package.name, "inner", "inner.a"}
    write(package, {"__init__": "X = 2\n"})
    assert closure(package, "PACKAGE.inner.a:go") != before
