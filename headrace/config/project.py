"""Finds a project and the pipelines in it; loading one imports declarations only."""

import os
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from headrace.dsl.pipeline import Pipeline
from headrace.errors import HeadraceError, PipelineError, UsageError
from headrace.spec.codec import read
from headrace.spec.from_pipeline import spec_of
from headrace.spec.records import PipelineSpec
from headrace.user_code.load import place_of

MARKS = ("pipelines", ".headrace", "pyproject.toml")


@dataclass(frozen=True)
class Project:
    """A folder with pipelines."""

    root: Path

    def pipelines(self) -> list[str]:
        """List the names of the pipelines below `pipelines/`."""
        return sorted(file.parent.name for file in (self.root / "pipelines").glob("*/pipeline.py"))


@dataclass(frozen=True)
class Loaded:
    """A pipeline as plain data, the file of its parameters where it has one, and its module where it was declared."""

    spec: PipelineSpec
    params: Path | None
    module: str = ""


def find_project(start: Path) -> Project:
    """Find the nearest folder at or above `start` that looks like a project; `start` itself when none does."""
    for folder in (start, *start.parents):
        if any((folder / mark).exists() for mark in MARKS):
            return Project(folder)
    return Project(start)


def load_pipeline(project: Project, name: str) -> Loaded:
    """Load `flights`, `pipelines/flights`, a `pipeline.py`, a module or a spec in JSON.

    From then on the process works in the project's folder, which relative locations and files are taken from.
    """
    spec = Path(name) if name.endswith(".json") and Path(name).is_file() else None
    text = spec.read_text(encoding="utf-8") if spec else ""
    module = "" if spec else _module_of(project, name)
    work_in(project.root)
    if spec:
        return Loaded(read(PipelineSpec, text), None)
    pipeline = _import(module)
    folder = project.root.joinpath(*module.split(".")[:-1])
    params = folder / "params.yaml"
    return Loaded(spec_of(pipeline), params if params.is_file() else None, module)


def work_in(folder: Path) -> None:
    """Take relative locations and modules from a project's folder from here on."""
    os.chdir(folder)
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


def _module_of(project: Project, name: str) -> str:
    path = Path(name.removesuffix("/"))
    candidates = [path, project.root / path, project.root / "pipelines" / path]
    for candidate in candidates:
        file = candidate / "pipeline.py" if candidate.is_dir() else candidate
        inside = Path(os.path.relpath(file, project.root))  # as it is named: a link may lead out of the project
        if file.is_file() and file.suffix == ".py" and ".." not in inside.parts:
            return ".".join(inside.with_suffix("").parts)
    if "." in name and path.suffix != ".py":
        return name
    known = project.pipelines()
    near = get_close_matches(name, known, 1)
    raise UsageError(
        found=f"no pipeline {name!r} below {project.root}",
        expected=f"one of {', '.join(known)}" if known else "pipelines/<name>/pipeline.py",
        do=f"Write {near[0]!r}" if near else "Check the name, or the folder you are in",
    )


def _import(module: str) -> Pipeline:
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # as in executors: a quick edit must count
    try:
        imported = import_module(module)
    except HeadraceError:
        raise
    except Exception as error:  # a border to foreign code
        raise PipelineError(
            found=f"{module} cannot be imported: {type(error).__name__}: {error} ({place_of(error)}){_hidden()}",
            expected="a module that declares a pipeline",
            do="Correct it there",
        ) from error
    finally:
        sys.dont_write_bytecode = before
    found = [value for value in vars(imported).values() if isinstance(value, Pipeline)]
    named = getattr(imported, "pipeline", None)
    if isinstance(named, Pipeline):
        return named
    if len(found) != 1:
        raise PipelineError(
            found=f"{module} declares {len(found)} pipelines",
            expected="one, as `pipeline = Pipeline(…)`",
            do="Name the one to run `pipeline`",
        )
    return found[0]


def _hidden() -> str:
    """Name a `components/__init__.py`, which hides the components that ship."""
    for folder in sys.path:
        file = Path(folder or ".") / "components" / "__init__.py"
        if file.is_file():
            return f"; {file} hides headrace's own components: delete that file"
    return ""
