"""The store on MariaDB and PostgreSQL: real servers, which CI starts; without one its test skips and says so."""

import os
import secrets
from pathlib import Path

import pytest

from headrace import Pipeline
from headrace.errors import UnfitEnvironment
from headrace.metadata.connection import connect
from headrace.metadata.states import state_of
from headrace.orchestrators.local import run
from headrace.orchestrators.request import Request
from headrace.orchestrators.workspace import Place, Workspace, open_workspace
from headrace.spec.from_pipeline import spec_of
from headrace.storage.folder_root import FolderRoot
from headrace.storage.state import StateFolder
from tests.parts import Join, Source

SERVERS = ("HEADRACE_TEST_MYSQL", "HEADRACE_TEST_POSTGRES")


@pytest.fixture(params=SERVERS)
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Workspace:
    """Open a workspace whose store is on a server."""
    address = os.environ.get(request.param)
    if not address:
        pytest.skip(f"no server: {request.param} is not set")
    state, root = StateFolder(tmp_path / ".headrace"), FolderRoot(tmp_path / "artifacts")
    return open_workspace(Place(project=Path.cwd(), state=state, root=root, store=address, jobs=2))


def test_runs_are_recorded_read_back_and_reused(workspace: Workspace) -> None:
    source = Source(texts=[secrets.token_hex(8)])
    spec = spec_of(Pipeline(f"on_a_server_{secrets.token_hex(4)}", [source, Join(first=source.rows)]))
    first, second = (run(Request(spec=spec), workspace) for _ in range(2))
    assert [state_of(e) for e in first.executions.values()] == ["COMPLETE", "COMPLETE"]
    assert [state_of(e) for e in second.executions.values()] == ["CACHED", "CACHED"]
    read_back = {e.node: e for e in workspace.store.in_run(first.run.id)}
    assert read_back["Join"].inputs["first"][0].digest == first.executions["Source"].outputs["rows"][0].digest
    assert workspace.store.run(second.run.id).state == "COMPLETE"


@pytest.mark.parametrize("scheme", ["mysql", "postgresql"])
def test_a_server_that_does_not_answer_is_one_line_without_its_password(scheme: str) -> None:
    with pytest.raises(UnfitEnvironment, match="does not answer") as refused:
        connect(f"{scheme}://user:very-secret@127.0.0.1:1/nowhere", patience=0.2)
    assert "very-secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_database_without_tls_is_refused_where_the_address_demands_it() -> None:
    address = os.environ.get("HEADRACE_TEST_POSTGRES")
    if not address:
        pytest.skip("no server: HEADRACE_TEST_POSTGRES is not set")
    connect(f"{address}?sslmode=disable")
    with pytest.raises(UnfitEnvironment, match="does not answer"):
        connect(f"{address}?sslmode=require", patience=0.2)


def test_texts_with_backslashes_and_quotes_come_back_as_they_were(workspace: Workspace) -> None:
    text = "C:\\new\\ 'quoted' \"twice\" \N{SYMBOL FOR ESCAPE}/ \N{SYMBOL FOR ESCAPE}\N{SYMBOL FOR ESCAPE}\\"
    spec = spec_of(Pipeline(f"texts_{secrets.token_hex(4)}", [Source(texts=[text])]))
    finished = run(Request(spec=spec, values={"note": text}), workspace)
    (read_back,) = workspace.store.in_run(finished.run.id)
    assert read_back.parameters["texts"] == [text]
    assert workspace.store.run(finished.run.id).values == {"note": text}
