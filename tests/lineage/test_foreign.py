import hashlib
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from headrace.cli.main import group
from headrace.errors import ConflictError, HeadraceError, UnfitEnvironment
from headrace.lineage.blame import blame
from headrace.lineage.load import load
from headrace.lineage.query import ancestors
from headrace.lineage.reference import resolve, resolve_run
from headrace.lineage.run_diff import diff_runs
from headrace.lineage.snapshot import Vertex
from headrace.metadata import outline_of_server as at_server
from tests.lineage.foreign import kubeflow_store, opened, tfx_store


def contents(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def test_runs_and_nodes_of_tfx_are_those_of_its_contexts(tmp_path: Path) -> None:
    snapshot = load(opened(tfx_store(tmp_path / "metadata.db")))
    assert [(run.id, run.pipeline, run.state) for run in snapshot.runs()] == [
        ("2021-01-02", "taxi", "FAILED"),
        ("2021-01-01", "taxi", "COMPLETE"),
    ]
    members = snapshot.members("2021-01-01")
    assert [(e.node, e.type) for e in members] == [
        ("CsvExampleGen", "tfx.components.CsvExampleGen"),
        ("Trainer", "tfx.components.Trainer"),
        ("Oddity", "somebody.Oddity"),
    ]


def test_a_file_and_a_server_group_a_foreign_store_alike(tmp_path: Path) -> None:
    for write in (tfx_store, kubeflow_store):
        catalogue = opened(write(tmp_path / f"{write.__name__}.db"))
        mlmd = catalogue.store.connection.mlmd
        outline = catalogue.outline()
        assert at_server.executions_at(mlmd, 0) == outline.executions
        assert sorted(at_server.events_at(mlmd, [e.id for e in outline.executions])) == sorted(outline.events)


def test_runs_of_kubeflow_are_found(tmp_path: Path) -> None:
    snapshot = load(opened(kubeflow_store(tmp_path / "metadata.db")))
    (run,) = snapshot.runs()
    assert (run.id, run.pipeline) == ("8f2b", "iris")
    model = resolve("system.Model@latest", snapshot, tmp_path)
    walk = ancestors(snapshot, [Vertex("artifact", model.id)])  # type: ignore[arg-type]  # an artifact
    assert len(walk.distances) == 4


def test_the_grammar_of_references_holds(tmp_path: Path) -> None:
    snapshot = load(opened(tfx_store(tmp_path / "metadata.db")))
    by_node = resolve("2021-01-01/Trainer.slot0", snapshot, tmp_path)
    assert by_node == resolve("Model@latest", snapshot, tmp_path)
    assert resolve("/old/2021-01-01/model", snapshot, tmp_path) == by_node
    assert resolve("Examples@span=1", snapshot, tmp_path).type == "Examples"  # type: ignore[union-attr]  # an artifact


def test_a_foreign_run_is_blamed_and_compared_as_far_as_it_tells(tmp_path: Path) -> None:
    snapshot = load(opened(tfx_store(tmp_path / "metadata.db")))
    model = resolve("Model@latest", snapshot, tmp_path)
    found = blame(snapshot, [Vertex("artifact", model.id)])  # type: ignore[arg-type]  # an artifact
    assert [(leaf.type, leaf.node, leaf.span) for leaf in found.data] == [("Examples", "CsvExampleGen", 1)]
    first, second = (resolve_run(name, snapshot) for name in ("2021-01-01", "2021-01-02"))
    verdicts = {node.node: node.verdict for node in diff_runs(snapshot, first, second).nodes}
    assert verdicts == {"CsvExampleGen": "same", "Trainer": "changed", "Oddity": "only_first"}


@pytest.mark.parametrize(
    "command",
    [
        ["ls", "runs"],
        ["ls", "artifacts"],
        ["show", "Model@latest"],
        ["lineage", "Model@latest"],
        ["lineage", "Model@latest", "-o", "html"],
        ["lineage", "Curiosity@latest", "-o", "openlineage"],
        ["blame", "Model@latest"],
        ["impact", "artifact:1"],
        ["path", "artifact:1", "Model@latest"],
        ["diff", "2021-01-01", "2021-01-02"],
    ],
    ids=" ".join,
)
def test_a_foreign_file_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    file = tfx_store(tmp_path / "metadata.db")
    before = contents(tmp_path)
    monkeypatch.chdir("/")
    result = CliRunner().invoke(group, [*command, "--db", str(file)])
    assert result.exit_code == 0, result.exception
    assert result.stdout
    assert contents(tmp_path) == before


def test_a_log_beside_a_file_stays_as_it_is(tmp_path: Path) -> None:
    file = tfx_store(tmp_path / "metadata.db")
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA journal_mode=WAL")
    writer = sqlite3.connect(file)
    writer.execute("update Artifact set name = 'x' where id = 1")
    writer.commit()
    before = {name: digest for name, digest in contents(tmp_path).items() if not name.endswith("-shm")}
    assert CliRunner().invoke(group, ["ls", "artifacts", "--db", str(file)]).exit_code == 0
    assert {name: digest for name, digest in contents(tmp_path).items() if not name.endswith("-shm")} == before
    writer.close()


def refused(file: Path) -> HeadraceError:
    result = CliRunner().invoke(group, ["ls", "artifacts", "--db", str(file)])
    assert isinstance(result.exception, HeadraceError), (result.output, result.exception)
    assert result.stdout == ""
    assert "\n" not in str(result.exception)
    return result.exception


def test_a_store_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    assert isinstance(refused(tmp_path / "none.db"), UnfitEnvironment)
    text = tmp_path / "text.db"
    text.write_text("this is no database" * 100, encoding="utf-8")
    assert isinstance(refused(text), UnfitEnvironment)
    cut = tfx_store(tmp_path / "cut.db")
    cut.write_bytes(cut.read_bytes()[:60_000])
    assert isinstance(refused(cut), UnfitEnvironment)


def test_a_store_of_another_schema_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    file = tfx_store(tmp_path / "metadata.db")
    with sqlite3.connect(file) as database:
        database.execute("update MLMDEnv set schema_version = 99")
    before = contents(tmp_path)
    error = refused(file)
    assert isinstance(error, UnfitEnvironment)
    assert "schema" in str(error)
    assert contents(tmp_path) == before


def test_a_locked_store_is_a_conflict(tmp_path: Path) -> None:
    file = tfx_store(tmp_path / "metadata.db")
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("begin exclusive")
    assert isinstance(refused(file), ConflictError)
    holder.close()


def test_a_payload_that_is_gone_is_told(tmp_path: Path) -> None:
    file = tfx_store(tmp_path / "metadata.db")
    result = CliRunner().invoke(group, ["show", "Model@latest", "--db", str(file)])
    assert "payload  gone: nothing is at this path" in result.stdout
