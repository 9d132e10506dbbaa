"""A project in a folder of its own, made of the repository's pipelines."""

import shutil
from pathlib import Path

from pipelines.penguins.data import main as prepare_penguins

HERE = Path(__file__).parents[1]


def make_project(folder: Path) -> Path:
    """Copy pipelines, schemas and settings, and prepare the penguins."""
    for name in ("pipelines", "schemas", "configs"):
        shutil.copytree(HERE / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    prepare_penguins(["--to", str(folder / "data" / "penguins")])
    return folder
