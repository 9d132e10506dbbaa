"""One cold run of the penguins, shared; copies of it to change."""

from pathlib import Path

import pytest

from tests.end_to_end.project import Project, copy_of, copy_project, penguins_that_ran


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project in which the penguins ran once; only to be read."""
    return penguins_that_ran(tmp_path_factory.getbasetemp())


@pytest.fixture
def warm(ran: Project, tmp_path: Path) -> Project:
    """A copy of that project in another folder, its state with it."""
    return copy_of(ran, tmp_path / "moved")


@pytest.fixture
def fresh(tmp_path: Path) -> Project:
    """A project in which nothing ran."""
    return copy_project(tmp_path / "fresh")
