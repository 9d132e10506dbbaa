"""A store that TFX wrote: shown with previews, and left as it was."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from headrace.errors import ConflictError, UnfitEnvironment, UsageError
from headrace.ui.opened import of_database
from tests.ui.conftest import Served, serving
from tests.ui.tfx_store import RUNS, SCRIPT, write_tfx_store

SEEN = ("/api/meta", "/api/runs", "/api/lineage", "/api/artifacts", "/api/artifacts/2", "/api/search?q=Trainer")


@contextmanager
def held_elsewhere(file: Path) -> Iterator[None]:
    """Hold a file as another program does in the middle of a transaction."""
    hold = (
        "import sqlite3, sys; held = sqlite3.connect(sys.argv[1], isolation_level=None); "
        "held.execute('BEGIN EXCLUSIVE'); print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", hold, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        yield
        holder.stdin.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = write_tfx_store(tmp_path_factory.mktemp("tfx"))
    return store.file


@pytest.fixture(scope="module")
def page(file: Path) -> Iterator[Served]:
    with ExitStack() as stack, serving(of_database(str(file), (), stack)) as served:
        yield served


def artifact(page: Served, node: str, type_id: str, run: int = 0) -> Any:
    """Ask for the artifact of a type that a node made in a run."""
    rows = page.get(f"/api/artifacts?type={type_id}&q=node:{node}")["artifacts"]
    (number,) = [row["id"] for row in rows if row["run"] == RUNS[run]]
    return page.get(f"/api/artifacts/{number}")


def test_what_it_holds_is_shown_in_its_own_words(page: Served) -> None:
    meta = page.get("/api/meta")
    assert (meta["read_only"], meta["own"], meta["can_taint"]) == (True, False, False)
    assert meta["counts"] == {"runs": 2, "executions": 10, "artifacts": 12}
    assert meta["pipelines"] == ["taxi"]
    runs = page.get("/api/runs")["runs"]
    assert [(run["id"], run["pipeline"], run["nodes"]["complete"]) for run in runs] == [
        (RUNS[1], "taxi", 5),
        (RUNS[0], "taxi", 5),
    ]


def test_a_run_has_its_nodes_and_the_edges_between_them(page: Served) -> None:
    run = page.get(f"/api/runs/{RUNS[0]}")
    assert run["order"] == ["CsvExampleGen", "StatisticsGen", "SchemaGen", "ExampleValidator", "Trainer"]
    edges = {(edge["from"], edge["to"]) for edge in run["edges"]}
    assert edges == {
        ("CsvExampleGen", "StatisticsGen"),
        ("CsvExampleGen", "Trainer"),
        ("StatisticsGen", "SchemaGen"),
        ("StatisticsGen", "ExampleValidator"),
        ("SchemaGen", "ExampleValidator"),
        ("SchemaGen", "Trainer"),
    }
    trainer = run["nodes"][-1]
    assert trainer["parameters"] == {"module_file": "taxi_utils.py"}
    assert trainer["verdict"]["kind"] == "ran"


def test_lineage_leads_from_a_model_back_to_its_examples(page: Served) -> None:
    model = artifact(page, "Trainer", "Model")["artifact"]["id"]
    graph = page.get(f"/api/lineage?focus=artifact:{model}&up=all&down=0")
    titles = {vertex["title"] for vertex in graph["vertices"] if vertex["kind"] == "execution"}
    assert titles == {"Trainer", "SchemaGen", "StatisticsGen", "CsvExampleGen"}


def test_statistics_have_a_preview_like_ours(page: Served) -> None:
    preview = artifact(page, "StatisticsGen", "ExampleStatistics")["preview"]
    assert preview["type"] == "ExampleStatistics"
    assert preview["summary"] == "rows: 20 eval, 80 train"
    fare, company = preview["content"]["splits"]["train"]["features"]
    assert (fare["name"], fare["type"], fare["count"], fare["missing"], fare["mean"]) == ("fare", "FLOAT", 78, 2, 12.5)
    assert (fare["min"], fare["max"], fare["zeros"]) == (-1.0, None, 1)
    assert fare["histogram"] == [[0.0, 20.0, 78.0]]
    assert fare["quantiles"] == [float(value) for value in range(11)]
    assert (company["name"], company["unique"], company["length"]) == ("company", 2, 4.5)
    assert company["top"] == [{"value": f"Blue {SCRIPT}", "count": 75}]


def test_a_schema_and_anomalies_have_previews(page: Served) -> None:
    fare, company = artifact(page, "SchemaGen", "Schema")["preview"]["content"]["features"]
    assert (fare["presence"], fare["domain"]) == ("required", {"min": 0.0, "max": 500.0})
    assert company["domain"] == {"values": ["Blue", "Yellöw"], "count": 2}
    anomalies = artifact(page, "ExampleValidator", "ExampleAnomalies")["preview"]["content"]
    (finding,) = anomalies["findings"]
    assert anomalies["verdict"] == finding["severity"] == "block"
    assert (finding["split"], finding["feature"]) == ("eval", "company")


def test_a_training_has_its_curves(page: Served) -> None:
    curves = artifact(page, "Trainer", "ModelRun")["curves"]
    assert [[step, value] for step, _, value in curves["loss"]] == [[0, 3.0], [1, 2.0], [2, 1.0]]


def test_what_is_gone_is_a_tombstone(page: Served) -> None:
    assert artifact(page, "Trainer", "Model", run=0)["artifact"]["exists"]
    gone = artifact(page, "Trainer", "Model", run=1)
    assert (gone["artifact"]["exists"], gone["artifact"]["outside"]) == (False, False)
    assert (gone["files"], gone["preview"]) == ([], None)


def test_runs_of_tfx_can_be_compared(page: Served) -> None:
    found = page.get(f"/api/compare?a={RUNS[0]}&b={RUNS[1]}")
    assert (found["kind"], found["first"]) == ("runs", RUNS[0])


def test_a_script_in_a_property_is_text_of_json(page: Served) -> None:
    number = artifact(page, "CsvExampleGen", "Examples")["artifact"]["id"]
    heard = page.ask(f"/api/artifacts/{number}")
    assert heard.json["artifact"]["properties"]["note"] == SCRIPT
    assert "<" not in heard.text
    assert heard.headers["content-type"] == "application/json"


def test_the_file_is_left_as_it_was_byte_for_byte(tmp_path: Path, file: Path) -> None:
    copy = tmp_path / "old_tfx.db"
    shutil.copyfile(file, copy)
    before = sha256(copy.read_bytes()).hexdigest(), copy.stat().st_mtime_ns
    with ExitStack() as stack, serving(of_database(str(copy), (), stack)) as served:
        for path in SEEN:
            served.get(path)
        assert [path.name for path in tmp_path.iterdir()] == [copy.name]
    assert [path.name for path in tmp_path.iterdir()] == [copy.name]
    assert (sha256(copy.read_bytes()).hexdigest(), copy.stat().st_mtime_ns) == before


def test_a_file_with_a_write_ahead_log_is_read_from_a_copy(tmp_path: Path, file: Path) -> None:
    copy = tmp_path / "ahead.db"
    shutil.copyfile(file, copy)
    with closing(sqlite3.connect(copy)) as database:
        database.execute("PRAGMA journal_mode=WAL")
    before = copy.read_bytes()
    with ExitStack() as stack, serving(of_database(str(copy), (), stack)) as served:
        assert served.get("/api/meta")["counts"]["runs"] == 2
        assert served.get("/api/meta")["store"] == str(copy)
        assert [path.name for path in tmp_path.iterdir()] == [copy.name]
    assert copy.read_bytes() == before


def test_files_outside_the_folder_of_the_store_are_shown_only_when_it_is_named(tmp_path: Path, file: Path) -> None:
    copy = tmp_path / "moved.db"
    shutil.copyfile(file, copy)
    for roots, is_outside in (((), True), ((file.parent,), False)):
        with ExitStack() as stack, serving(of_database(str(copy), roots, stack)) as served:
            found = artifact(served, "StatisticsGen", "ExampleStatistics")
            told = found["artifact"]
            assert (told["outside"], told["exists"]) == ((True, None) if is_outside else (False, True))
            assert told["root"] == (str(file.parent / "pipelines" / "taxi") if is_outside else None)
            assert (found["preview"] is None) is is_outside


@pytest.mark.parametrize(
    "content", [b"not a database", b"SQLite format 3\0" + b"\1" * 200, b""], ids=["text", "torn", "empty"]
)
def test_what_is_no_store_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.db"
    file.write_bytes(content)
    with ExitStack() as stack, pytest.raises(UnfitEnvironment, match=r"broken\.db"):
        of_database(str(file), (), stack).snapshot()
    assert file.read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with ExitStack() as stack, pytest.raises(UnfitEnvironment, match="no metadata store at"):
        of_database(str(tmp_path / "none.db"), (), stack)
    assert list(tmp_path.iterdir()) == []


def test_a_store_of_another_version_is_refused(tmp_path: Path, file: Path) -> None:
    copy = tmp_path / "newer.db"
    shutil.copyfile(file, copy)
    with closing(sqlite3.connect(copy)) as database, database:
        database.execute("update MLMDEnv set schema_version = 99")
    before = copy.read_bytes()
    with ExitStack() as stack, pytest.raises(UnfitEnvironment, match=r"newer\.db"):
        of_database(str(copy), (), stack).snapshot()
    assert copy.read_bytes() == before


def test_a_locked_store_is_a_conflict(tmp_path: Path, file: Path) -> None:
    copy = tmp_path / "held.db"
    shutil.copyfile(file, copy)
    with held_elsewhere(copy), ExitStack() as stack, pytest.raises(ConflictError, match=r"held\.db"):
        of_database(str(copy), (), stack).snapshot()


def test_a_store_that_is_locked_later_is_shown_as_it_was_and_says_so(tmp_path: Path, file: Path) -> None:
    copy = tmp_path / "later.db"
    shutil.copyfile(file, copy)
    with ExitStack() as stack, serving(of_database(str(copy), (), stack)) as served:
        assert served.get("/api/meta")["trouble"] is None
        with held_elsewhere(copy):
            served.shown.forget()
            meta = served.get("/api/meta")
            assert meta["counts"]["runs"] == 2
            assert "later.db" in meta["trouble"]
        served.shown.forget()
        assert served.get("/api/meta")["trouble"] is None


def test_what_was_not_read_before_a_lock_is_refused_until_it_is_gone(tmp_path: Path, file: Path) -> None:
    copy = tmp_path / "busy.db"
    shutil.copyfile(file, copy)
    with ExitStack() as stack, serving(of_database(str(copy), (), stack)) as served:
        served.get("/api/meta")
        with held_elsewhere(copy):
            heard = served.ask("/api/artifacts/3")
            assert heard.status == 409
            assert "locked by another program" in heard.json["error"]["found"]
        assert served.get("/api/artifacts/3")["artifact"]["id"] == 3


def test_another_programs_store_is_never_written_to(file: Path) -> None:
    with ExitStack() as stack, pytest.raises(UsageError, match="--write"):
        of_database(str(file), (), stack, write=True)
