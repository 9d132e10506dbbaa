"""The docs are true: their commands exist, their links resolve, their tree and tables are the code's."""

import json
import re
import tomllib
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from headrace.cli.main import group
from headrace.errors import ExitCode
from headrace.metadata.protos import ARTIFACT_PROPERTIES, EXECUTION_PROPERTIES
from headrace.orchestrators.events import Event, EventLog

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
page = pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)


def python_blocks(path: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def code_in(text: str) -> list[str]:
    """Find what stands in code blocks and between backticks."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [*(line for block in blocks for line in block.splitlines()), *re.findall(r"`([^`\n]+)`", text)]


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def anchor(title: str) -> str:
    return re.sub(r"[^\w -]", "", title.lower()).strip().replace(" ", "-")


def anchors_of(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {anchor(title) for title in titles}


def tree_in_architecture() -> Iterator[str]:
    """Find the paths that the tree names, those of a folder with its folder's name before them."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```\n(headrace/.*?)^```", text, re.MULTILINE | re.DOTALL)
    above = ""
    for line in block.splitlines():
        names = list(takewhile(lambda word: word.endswith(("/", ".py")), line.split()))
        if line.startswith(" "):
            yield from (above + name for name in names)
        else:
            (above,) = names
            yield above


@page
def test_make_targets_exist(page: Path) -> None:
    calls = [line for line in code_in(page.read_text(encoding="utf-8")) if line.startswith("make ")]
    words = [word for line in calls for word in line.partition("#")[0].split()[1:] if re.fullmatch(r"[a-z-]+", word)]
    assert set(words) <= make_targets()


@page
def test_verbs_of_the_command_line_exist(page: Path) -> None:
    calls = [line.split() for line in code_in(page.read_text(encoding="utf-8")) if line.startswith("headrace ")]
    verbs = {words[1] for words in calls if re.fullmatch(r"[a-z][a-z-]*", words[1])}
    assert verbs <= set(group.list_commands(click.Context(group)))


@page
def test_links_resolve(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            file, _, fragment = target.partition("#")
            linked = (page.parent / file).resolve() if file else page
            assert linked.exists(), target
            assert not fragment or fragment in anchors_of(linked), target


@page
def test_files_that_are_named_exist(page: Path) -> None:
    folders = "headrace|components|pipelines|tools|tests|docs"
    named = re.findall(rf"`((?:{folders})/[\w./]*)`", page.read_text(encoding="utf-8"))
    assert {name for name in named if not (ROOT / name).exists()} <= {"components/__init__.py"}  # the one to avoid


def test_the_tree_names_what_exists_and_nothing_else() -> None:
    named = set(tree_in_architecture())
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    for folder in ("headrace", "components", "pipelines"):
        inside = {f"{folder}/{path.name}/" for path in (ROOT / folder).iterdir() if [*path.glob("*.py")]}
        assert inside <= named


def test_the_floors_are_those_of_the_import_contracts() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```\n(cli\n.*?)\n```", text, re.MULTILINE | re.DOTALL)
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    assert block.replace(" · ", " | ").splitlines() == contracts[0]["layers"]


def test_components_are_those_of_the_command_line() -> None:
    printed = CliRunner().invoke(group, ["components", "-o", "md"])
    assert printed.output
    assert (ROOT / "docs" / "components.md").read_text(encoding="utf-8").endswith(f"\n\n{printed.output}"), (
        "run: make docs"
    )


def test_the_table_of_components_has_as_many_cells_in_every_row() -> None:
    table = CliRunner().invoke(group, ["components", "-o", "md"]).output.splitlines()
    assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table}) == 1


def test_exit_codes_are_those_of_the_code() -> None:
    text = (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8")
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)} == {*ExitCode}


def test_every_recorded_property_is_described() -> None:
    text = (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8")
    assert [name for name in (*EXECUTION_PROPERTIES, *ARTIFACT_PROPERTIES) if f"`{name}`" not in text] == []


def test_the_schema_of_events_has_the_fields_that_are_written(tmp_path: Path) -> None:
    schema = json.loads((ROOT / "docs" / "events.schema.json").read_text(encoding="utf-8"))
    log = EventLog(tmp_path / "events.ndjson")
    log.write(Event(event="run_state", run="r", to="RUNNING"))
    log.close()
    written = json.loads((tmp_path / "events.ndjson").read_text(encoding="utf-8"))
    kinds = {"integer": int, "number": float, "string": str, "object": dict, "null": type(None)}
    for name, value in written.items():
        allowed = schema["properties"][name].get("type", "integer")
        assert isinstance(value, tuple(kinds[kind] for kind in ([allowed] if isinstance(allowed, str) else allowed)))
    assert written.keys() == set(schema["required"])


def test_the_pipeline_of_the_readme_is_one_that_runs() -> None:
    pipeline = (ROOT / "pipelines" / "penguins" / "pipeline.py").read_text(encoding="utf-8")
    assert pipeline in python_blocks(ROOT / "README.md")
