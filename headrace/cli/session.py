"""What every verb needs: the project around the current folder, its settings, its store."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import click

from headrace.config.parameters import Values, read_values
from headrace.config.project import Loaded, Project, find_project, load_pipeline
from headrace.config.settings import Sourced, place_of, read_settings
from headrace.metadata.reader import Nothing, Reader
from headrace.orchestrators.workspace import Place, Workspace, open_for_reading, open_workspace

F = TypeVar("F", bound=Callable[..., object])


@dataclass(frozen=True)
class Session:
    """The project that a verb works in."""

    project: Project
    sourced: Sourced

    @cached_property
    def place(self) -> Place:
        return place_of(self.project.root, self.sourced.settings)

    def load(self, pipeline: str) -> Loaded:
        """Load a pipeline of this project."""
        return load_pipeline(self.project, pipeline)

    def values(self, loaded: Loaded, given: tuple[str, ...]) -> Values:
        """Find the values of a pipeline's parameters."""
        return read_values(loaded.spec, loaded.params, os.environ, given, self.project.root)

    def open(self) -> Workspace:
        """Open the store for writing."""
        return open_workspace(self.place)

    def reader(self) -> Reader:
        """Read the metadata; an empty view where there is no store yet, since nothing has run."""
        scheme, _, file = self.place.store.partition(":")
        return Nothing(self.place.root) if scheme == "sqlite" and not Path(file).exists() else self.read().store

    def read(self) -> Workspace:
        """Open the store for reading; raises UnfitEnvironment where there is none."""
        return open_for_reading(self.place)


def open_session(config: str | None = None) -> Session:
    """Find the project and read its settings."""
    project = find_project(Path.cwd())
    return Session(project, read_settings(project.root, Path(config) if config else None, os.environ))


def config_option(command: F) -> F:
    """Add `--config`, the file of settings."""
    help_text = "A file of settings (default: configs/local.yaml)."
    return click.option("--config", metavar="FILE", help=help_text)(command)


def output_option(command: F) -> F:
    """Add `-o table|json`."""
    kinds = click.Choice(["table", "json"])
    return click.option("-o", "--output", type=kinds, default="table", help="How to print.")(command)


def parameter_option(command: F) -> F:
    """Add `-p name=value`."""
    return click.option("-p", "--parameter", "given", multiple=True, metavar="NAME=VALUE", help="A run's parameter.")(
        command
    )
