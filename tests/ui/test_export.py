"""The pages as a static site: all that they ask for is there."""

import re
from graphlib import CycleError
from pathlib import Path

import pytest
from click.testing import CliRunner

from headrace.cli.main import group
from headrace.errors import UsageError
from headrace.ui.export import export
from headrace.ui.exported import name_of, quoted
from headrace.ui.modules import modules
from headrace.ui.opened import of_place
from headrace.ui.static_files import STATIC
from tests.lineage.conftest import History
from tests.ui.conftest import Served
from tests.ui.exported_site import given, told

LINKED = re.compile(
    r"""(?:src|href)="([^"#:]+)"|(?:from|import)\s*\(?\s*["'](\.[^"']+)["']|new URL\(["'](\.[^"']+)["']"""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, history: History) -> Path:
    folder = tmp_path_factory.mktemp("site") / "pages"
    export(of_place(history.lab.workspace.place), folder)
    return folder


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


def test_the_document_says_that_it_is_static_and_has_a_policy_of_its_own(site: Path) -> None:
    text = (site / "index.html").read_text(encoding="utf-8")
    assert '<meta name="headrace-static" content="1">' in text
    assert "default-src 'none'; script-src 'self' blob:; style-src 'self';" in text
    assert not re.search(r"unsafe|\*|https?:|connect-src|<style|style=|<script(?![^>]* src=)", text)
    assert '"/static/' not in text
    assert not (site / "static" / "index.html").exists()


def test_nothing_is_asked_for_as_a_module_before_its_starter_knows_how(site: Path) -> None:
    text = (site / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"modulepreload|type=.module", text)
    assert text.count('<link rel="module"') > 10
    assert text.count('<script defer src="static/start.js">') == 1


def test_modules_come_after_those_that_they_import(site: Path) -> None:
    held = given((site / "static" / "modules.js").read_text(encoding="utf-8"))
    before: set[str] = set()
    for path, *parts in held:
        assert set(parts[1::2]) <= before
        assert not re.search(r"""(?:from|import\(?)\s*["']\.""", "".join(f"{text};" for text in parts[::2]))
        before.add(path)
    files = {str(file.relative_to(STATIC)) for file in STATIC.rglob("*") if file.suffix in (".js", ".mjs")}
    assert before == files - {"first.js", "start.js", "graph/layout_worker.js"}


def test_modules_that_import_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "app.js").write_text('import { b } from "./b.js";', encoding="utf-8")
    (tmp_path / "b.js").write_text('export const b = () => import("./app.js");', encoding="utf-8")
    with pytest.raises(CycleError):
        modules(tmp_path)


def test_every_answer_is_the_servers(site: Path, served: Served, history: History) -> None:
    model = f"artifact:{history.artifact(history.first, 'Train', 'model')}"
    blame = {"focus": model, "mode": "blame"}
    for path, query in (("runs", {}), ("artifacts", {}), ("lineage", {}), ("lineage", blame)):
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        assert told(site, path, **query) == served.get(f"/api/{path}?{asked}")
    run = told(site, f"runs/{history.longer.id}")
    assert run == served.get(f"/api/runs/{history.longer.id}")


def test_every_run_and_artifact_has_its_pages(site: Path, history: History) -> None:
    for row in told(site, "runs")["runs"]:
        assert told(site, f"runs/{row['id']}")["run"]["id"] == row["id"]
    for row in told(site, "artifacts")["artifacts"]:
        assert told(site, f"artifacts/{row['id']}")["artifact"]["id"] == row["id"]
        focus = f"artifact:{row['id']}"
        assert told(site, "lineage", focus=focus, mode="blame")["focus"] == [focus]
        assert told(site, "lineage", focus=focus, mode="impact").keys() == {"version", "reference", "impact"}
    compared = told(site, "compare", a=history.spaced.id, b=history.longer.id)
    assert (compared["first"], compared["second"]) == (history.spaced.id, history.longer.id)
    assert (site / "data" / f"runs_{history.first.id}_nodes_Train_log.js").is_file()
    meta = told(site, "meta")
    assert (meta["read_only"], meta["can_taint"]) == (True, False)


def test_names_of_answers_are_short_and_safe() -> None:
    assert name_of(f"runs/{quoted('a b')}", {}) == "runs_a~20b"
    assert name_of(f"runs/{quoted('a/b')}", {}) != name_of(f"runs/{quoted('a_b')}", {})
    assert name_of("lineage", {"up": "3", "focus": "artifact:4"}) == "lineage.focus=artifact~3A4.up=3"
    assert len(name_of("compare", {"a": "x" * 90, "b": "é"})) == 89


def test_an_export_is_written_anew_and_nothing_else_is_overwritten(tmp_path: Path, history: History) -> None:
    shown = of_place(history.lab.workspace.place)
    export(shown, tmp_path / "site")
    (tmp_path / "site" / "data" / "old.js").write_text("", encoding="utf-8")
    export(shown, tmp_path / "site")
    assert not (tmp_path / "site" / "data" / "old.js").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years", encoding="utf-8")
    with pytest.raises(UsageError, match="not empty"):
        export(shown, tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_the_command_line_exports(tmp_path: Path, history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(history.lab.folder)
    result = CliRunner().invoke(group, ["ui", "--export", str(tmp_path / "site")], catch_exceptions=False)
    assert result.stdout == f"{tmp_path / 'site' / 'index.html'}\n"
    assert f"open {tmp_path / 'site' / 'index.html'}" in result.stderr
