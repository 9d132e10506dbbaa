"""`configs/*.yaml`: where a run happens (store, folders, orchestrator, processes), never what it does."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from headrace.config.yaml_file import read_chosen
from headrace.errors import ConfigError
from headrace.orchestrators.workspace import Place
from headrace.storage.local_path import local_path
from headrace.storage.root import root_at
from headrace.storage.state import StateFolder

DEFAULT = Path("configs") / "local.yaml"
PREFIX = "HEADRACE_"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a configuration says; `store` is an address, the folders are relative to the project.

    `jobs` is the number of nodes at once, 0 for one a core. `beam_args` go to every Beam pipeline of the run.
    """

    state: str = ".headrace"
    root: str = ".headrace/artifacts"
    store: str = ""
    orchestrator: Literal["local", "beam"] = "local"
    jobs: int = 0
    beam_args: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sourced:
    """Settings, and where each of them comes from."""

    settings: Settings
    origins: Mapping[str, str]


def read_settings(project: Path, file: Path | None, environment: Mapping[str, str]) -> Sourced:
    """Read a configuration: defaults, then the file, then HEADRACE_* of the environment."""
    found = read_chosen(file, project / DEFAULT)
    known = [field.name for field in fields(Settings)]
    found.only(known)
    values: dict[str, Any] = {}
    origins = dict.fromkeys(known, "default")
    for name, value in found.content.items():
        values[name] = _checked(name, value, f"{found.path}:{found.lines[name]}")
        origins[name] = f"{os.path.relpath(found.path, project)}:{found.lines[name]}"
    for name in known:
        variable = f"{PREFIX}{name.upper()}"
        if variable in environment:
            values[name] = _checked(name, _parsed(name, environment[variable]), variable)
            origins[name] = variable
    return Sourced(Settings(**values), origins)


def place_of(project: Path, settings: Settings) -> Place:
    """Turn settings into the place of a run."""
    state = StateFolder(project / local_path(settings.state))
    root = root_at(settings.root, project)
    store = settings.store or f"sqlite:{state.database}"
    scheme, _, rest = store.partition(":")
    if scheme == "sqlite":
        store = f"sqlite:{project / rest}"
    jobs = settings.jobs or os.cpu_count() or 1
    return Place(project=project, state=state, root=root, store=store, jobs=jobs, beam_args=settings.beam_args)


def _parsed(name: str, text: str) -> object:
    if name == "jobs":
        return int(text) if text.isdigit() else text
    return text.split() if name == "beam_args" else text


def _checked(name: str, value: object, place: str) -> object:
    """Check one setting's type; lists become tuples."""
    match name, value:
        case "beam_args", list() if all(isinstance(part, str) for part in value):
            return tuple(value)
        case "jobs", int() if not isinstance(value, bool) and value >= 0:
            return value
        case "orchestrator", "local" | "beam":
            return value
        case "state" | "root" | "store", str():
            return value
    expected = {"jobs": "a number of at least 0", "beam_args": "a list of strings", "orchestrator": "local or beam"}
    raise ConfigError(
        found=f"{place}: {name} is {value!r}", expected=expected.get(name, "a string"), do="Correct it there"
    )
