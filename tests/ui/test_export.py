"""The pages as a static site: all that they ask for is there."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from headrace.cli.main import group
from headrace.errors import UsageError
from headrace.ui.export import export
from headrace.ui.exported import name_of, quoted
from headrace.ui.opened import of_place
from tests.lineage.conftest import History
from tests.ui.conftest import Served

LINKED = re.compile(
    r"""(?:src|href)="([^"#:]+)"|(?:from|import)\s*\(?\s*["'](\.[^"']+)["']|new URL\(["'](\.[^"']+)["']"""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, history: History) -> Path:
    folder = tmp_path_factory.mktemp("site") / "pages"
    export(of_place(history.lab.workspace.place), folder)
    return folder


def answer(site: Path, path: str, **query: str) -> Any:
    return json.loads((site / "data" / f"{name_of(path, query)}.json").read_text(encoding="utf-8"))


def linked(file: Path) -> set[Path]:
    """List the files that a document or a module asks for."""
    found = LINKED.findall(file.read_text(encoding="utf-8"))
    return {(file.parent / next(filter(None, names))).resolve() for names in found}


def test_every_file_that_the_pages_ask_for_is_there(site: Path) -> None:
    waiting, seen = [site / "index.html"], set[Path]()
    while waiting:
        file = waiting.pop()
        assert file.is_file(), f"{file} is asked for"
        assert file.is_relative_to(site.resolve()), f"{file} is outside"
        if file not in seen and file.suffix in (".html", ".js", ".mjs"):
            waiting += linked(file)
        seen.add(file)
    assert site / "static" / "style.css" in {*seen, *(site / "static").iterdir()}


def test_the_document_says_that_it_is_static_and_keeps_the_policy(site: Path) -> None:
    text = (site / "index.html").read_text(encoding="utf-8")
    assert '<meta name="headrace-static" content="1">' in text
    assert "script-src 'self'" in text
    assert '"/static/' not in text
    assert not (site / "static" / "index.html").exists()


def test_every_answer_is_the_servers(site: Path, served: Served, history: History) -> None:
    model = f"artifact:{history.artifact(history.first, 'Train', 'model')}"
    blame = {"focus": model, "mode": "blame"}
    for path, query in (("runs", {}), ("artifacts", {}), ("lineage", {}), ("lineage", blame)):
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        assert answer(site, path, **query) == served.get(f"/api/{path}?{asked}")
    run = answer(site, f"runs/{history.longer.id}")
    assert run == served.get(f"/api/runs/{history.longer.id}")


def test_every_run_and_artifact_has_its_pages(site: Path, history: History) -> None:
    for row in answer(site, "runs")["runs"]:
        assert answer(site, f"runs/{row['id']}")["run"]["id"] == row["id"]
    for row in answer(site, "artifacts")["artifacts"]:
        assert answer(site, f"artifacts/{row['id']}")["artifact"]["id"] == row["id"]
        focus = f"artifact:{row['id']}"
        assert answer(site, "lineage", focus=focus, mode="blame")["focus"] == [focus]
        assert answer(site, "lineage", focus=focus, mode="impact").keys() == {"version", "reference", "impact"}
    compared = answer(site, "compare", a=history.spaced.id, b=history.longer.id)
    assert (compared["first"], compared["second"]) == (history.spaced.id, history.longer.id)
    assert (site / "data" / f"runs_{history.first.id}_nodes_Train_log.txt").is_file()
    meta = answer(site, "meta")
    assert (meta["read_only"], meta["can_taint"]) == (True, False)


def test_names_of_answers_are_short_and_safe() -> None:
    assert name_of(f"runs/{quoted('a b')}", {}) == "runs_a~20b"
    assert name_of(f"runs/{quoted('a/b')}", {}) != name_of(f"runs/{quoted('a_b')}", {})
    assert name_of("lineage", {"up": "3", "focus": "artifact:4"}) == "lineage.focus=artifact~3A4.up=3"
    assert len(name_of("compare", {"a": "x" * 90, "b": "é"})) == 89


def test_an_export_is_written_anew_and_nothing_else_is_overwritten(tmp_path: Path, history: History) -> None:
    shown = of_place(history.lab.workspace.place)
    export(shown, tmp_path / "site")
    (tmp_path / "site" / "data" / "old.json").write_text("{}", encoding="utf-8")
    export(shown, tmp_path / "site")
    assert not (tmp_path / "site" / "data" / "old.json").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years", encoding="utf-8")
    with pytest.raises(UsageError, match="not empty"):
        export(shown, tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_the_command_line_exports(tmp_path: Path, history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(history.lab.folder)
    result = CliRunner().invoke(group, ["ui", "--export", str(tmp_path / "site")], catch_exceptions=False)
    assert result.stdout == f"{tmp_path / 'site' / 'index.html'}\n"
    assert "answers" in result.stderr
