"""The shapes of what the verbs of lineage print as JSON: their names and types, kept in a file."""

import json
from pathlib import Path
from typing import Any

import pytest

from headrace.compare.comparison import Comparison
from headrace.lineage.features import feature_lineage
from headrace.lineage.load import load
from headrace.lineage.records_json import record_json
from tests.cli.conftest import Ask
from tests.compare.test_comparison import WORSE
from tests.lineage.test_features import trained

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "lineage.json"


def shape(value: Any) -> Any:
    """Keep the names and types of plain data; of a list the first element, of a mapping by reference one entry."""
    match value:
        case dict() if value and all(":" in name or " " in name for name in value):
            return {"*": shape(next(iter(value.values())))}
        case dict():
            return {name: shape(each) for name, each in value.items()}
        case list():
            return [shape(value[0])] if value else []
        case None:
            return "null"
        case _:
            return type(value).__name__


COMMANDS = {
    "lineage": ("lineage", "@latest/Bless.blessing", "--up", "1", "-o", "json"),
    "blame": ("blame", "@latest/Bless.blessing", "-o", "json"),
    "impact": ("impact", "@latest/Source.rows", "-o", "json"),
    "path": ("path", "@latest/Source.rows", "@latest/Bless.blessing", "-o", "json"),
    "diff": ("diff", "@prev", "@latest", "-o", "json"),
    "show": ("show", "@latest/Train.model", "-o", "json"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_shapes_are_those_of_the_golden_file(ask: Ask, name: str) -> None:
    """A change of meaning raises VERSION in records_json.py; then write the file again."""
    assert shape(ask(*COMMANDS[name]).json) == json.loads(GOLDEN.read_text(encoding="utf-8"))[name]


def test_shapes_of_what_the_history_lacks(tmp_path: Path) -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    catalogue, model = trained(tmp_path)
    assert shape(record_json("features", feature_lineage(load(catalogue), model))) == golden["features"]
    assert isinstance(WORSE, Comparison)
    assert shape(record_json("diff", WORSE)) == golden["diff with contents"]
