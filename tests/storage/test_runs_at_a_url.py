"""Runs whose artifacts are in a real S3-compatible server: as in a folder, also after a death, for every verb."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from headrace.launcher.decide import CacheRules
from headrace.metadata.records import Running
from headrace.metadata.states import state_of
from headrace.spec.codec import read as read_record
from headrace.spec.codec import write
from headrace.spec.messages import Failed, Invocation
from headrace.storage.object_store import ObjectStore
from headrace.storage.url_root import UrlRoot
from headrace.workers.pool import Pool
from tests.conftest import Lab, states
from tests.parts import Copy, Count, Newest, Source
from tests.storage.shown import Digested, Noted, Shown, all_nodes

FINE = {"COMPLETE", "CACHED"}
"""How nodes end well: one that does the same as another of its run stands for it."""


@pytest.fixture
def lab(tmp_path: Path, pool: Pool, root: UrlRoot) -> Lab:
    return Lab(tmp_path, pool, kept_at=root)


def test_a_run_is_as_in_a_folder_and_its_second_is_cached_throughout(lab: Lab, root: UrlRoot) -> None:
    first = lab.run(*all_nodes(lab.folder))
    assert set(states(first).values()) <= FINE
    made = first.executions["Shown"].outputs["shown"][0]
    assert made.path == f"{root.url}/Shown/{first.executions['Shown'].id}/shown"
    assert set(lab.states(*all_nodes(lab.folder)).values()) == {"CACHED"}
    (told,) = [e for e in lab.events(first.run.id) if e.node == "Shown" and e.to == "COMPLETE"]
    assert told.data["summaries"] == {"shown": "2 rows"}
    in_a_folder = Lab(lab.folder / "other", lab.pool).run(*all_nodes(lab.folder))
    digests = [
        {name: made.digest for e in run.executions.values() for name, (made,) in e.outputs.items()}
        for run in (first, in_a_folder)
    ]
    assert digests[0] == digests[1]


def test_executors_are_given_folders_and_the_record_keeps_the_url(lab: Lab, root: UrlRoot) -> None:
    source = Source()
    finished = lab.run(source, Copy(rows=source.rows))
    (read,) = lab.store.in_run(finished.run.id)[1].inputs["rows"]
    told = next(lab.workspace.place.state.runs.glob("*/messages/Copy.1/invocation.json"))
    (given,) = read_record(Invocation, told.read_text(encoding="utf-8")).inputs["rows"]
    assert read.path.startswith(f"{root.url}/Source/")
    assert Path(given.path).parent == lab.workspace.place.state.inputs
    uri = lab.store.connection.mlmd.get_artifacts_by_id([read.id])[0]
    assert (uri.uri, uri.properties["relative_path"].string_value) == (read.path, root.relative(read.path))
    assert uri.properties["root_id"].string_value == root.read_id()


@pytest.mark.parametrize("what", ["file", "manifest"])
def test_an_object_that_is_gone_is_made_again(lab: Lab, store: ObjectStore, what: str) -> None:
    made = lab.run(Source()).executions["Source"]
    relative = f"Source/{made.id}/rows{'/rows.txt' if what == 'file' else '.manifest.json'}"
    store.delete(relative)
    again = lab.run(Source()).executions["Source"]
    assert (state_of(again), "is gone" in again.note) == ("COMPLETE", True)
    assert lab.states(Source()) == {"Source": "CACHED"}


def test_an_object_that_was_changed_is_found_by_verify_and_when_it_is_read(lab: Lab, store: ObjectStore) -> None:
    source = Source()
    made = lab.run(source).executions["Source"]
    store.write(f"Source/{made.id}/rows/rows.txt", b"other")
    failed = lab.run(source, Copy(rows=source.rows)).executions
    assert state_of(failed["Source"]) == "CACHED"
    status = failed["Copy"].status
    assert isinstance(status, Failed)
    assert (status.type, status.permanent, "rows.txt has changed" in status.message) == ("UnreachableRoot", False, True)
    nodes = [source, Copy(rows=source.rows)]
    assert lab.states(*nodes, rules=CacheRules(verify=True)) == {"Source": "COMPLETE", "Copy": "COMPLETE"}


def test_volatile_outputs_and_resolvers_work_at_a_url(lab: Lab) -> None:
    first = lab.run(Source(), name="older")
    assert set(states(first).values()) == {"COMPLETE"}
    second = lab.run(Newest(), name="older")
    assert set(states(second).values()) == {"COMPLETE"}
    noted = Noted()
    assert set(lab.states(noted, Digested(journal=noted.journal)).values()) == {"COMPLETE"}


@pytest.mark.parametrize("before", ["rows.manifest.json", "rows.txt"])
def test_a_run_that_dies_while_it_uploads_leaves_nothing_that_is_read(
    tmp_path: Path, pool: Pool, root: UrlRoot, store: ObjectStore, before: str
) -> None:
    command = [sys.executable, "-m", "tests.storage.shown", str(tmp_path), root.url, before]
    died = subprocess.run(command, cwd=Path.cwd(), capture_output=True, text=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr
    lab = Lab(tmp_path, pool, kept_at=root)
    (left,) = [e for run in lab.store.runs() for e in lab.store.in_run(run.id)]
    assert (left.node, left.status) == ("Source", Running())
    assert bool(store.below(f"Source/{left.id}")) == (before == "rows.manifest.json")
    assert root.defect(root.location(f"Source/{left.id}/rows")).endswith("rows is gone")
    assert set(lab.states(*all_nodes(tmp_path)).values()) <= FINE
    assert store.below(f"Source/{left.id}") == []
    assert [*lab.workspace.place.state.staging.glob("*/*")] == []


def verb(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "headrace.cli.main", *arguments]
    variables = {**os.environ, "PYTHONPATH": str(Path.cwd()), **environment}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=variables)


@pytest.fixture
def project(tmp_path: Path, root: UrlRoot) -> Path:
    """Make a project of one pipeline whose root is at the URL."""
    source = Source(texts=["a", "b"])
    shown = Shown(rows=source.rows)
    (tmp_path / "spec.json").write_text(write(Lab(tmp_path).spec(source, shown)), encoding="utf-8")
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "local.yaml").write_text(f"root: {root.url}\n", encoding="utf-8")
    return tmp_path


def test_every_verb_works_on_what_is_at_a_url(project: Path, root: UrlRoot) -> None:
    ran = verb(project, "run", "spec.json")
    assert (ran.returncode, "Shown.shown: 2 rows" in ran.stdout) == (0, True), ran.stderr
    shown = json.loads(verb(project, "show", "Shown.shown", "-o", "json").stdout)
    assert (shown["exists"], shown["preview"]["summary"]) == (True, "2 rows")
    assert shown["path"].startswith(f"{root.url}/Shown/")
    by_path = verb(project, "show", f"{shown['path']}/rows.txt", "-o", "json")
    assert json.loads(by_path.stdout)["id"] == shown["id"]
    assert "Source" in verb(project, "lineage", shown["path"]).stdout
    plan = verb(project, "plan", "spec.json", "-o", "json")
    assert {step["answer"] for step in json.loads(plan.stdout)} == {"cached"}
    assert root.url in verb(project, "config", "show").stdout


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "endpoint"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_EC2_METADATA_DISABLED": "true"}, "credentials"),
        ({"HEADRACE_ROOT": "s3://no-such-bucket/a"}, "bucket"),
        ({"HEADRACE_ROOT": "gs://bucket/a"}, r"headrace\[gs\]"),
    ],
    ids=["endpoint", "credentials", "bucket", "extra"],
)
def test_a_place_that_cannot_be_reached_is_one_line_and_exit_code_5(
    project: Path, environment: dict[str, str], said: str
) -> None:
    refused = verb(project, "run", "spec.json", HOME=str(project), **environment)
    (line,) = refused.stderr.strip().splitlines()
    assert (refused.returncode, bool(re.search(said, line))) == (5, True), line
    assert "very-secret" not in line


def test_a_folder_does_without_fsspec(tmp_path: Path) -> None:
    imports = "import sys; from pathlib import Path; from tests.conftest import *; from tests.parts import Source"
    code = f"{imports}; print(states(Lab(Path(sys.argv[1])).run(Source())), 'fsspec' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{'Source': 'COMPLETE'} False"


def test_nodes_that_read_one_input_at_once_download_it_once(lab: Lab) -> None:
    source = Source()
    readers = [Copy(rows=source.rows), Count(rows=source.rows), Shown(rows=source.rows)]
    assert set(lab.states(source, *readers).values()) == {"COMPLETE"}
    assert len([*lab.workspace.place.state.inputs.iterdir()]) == 1
