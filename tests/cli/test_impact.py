import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from headrace.cli.main import group
from headrace.metadata.catalogue import Catalogue
from headrace.metadata.states import state_of
from headrace.workers.pool import Pool
from tests.cli.conftest import Ask
from tests.conftest import Lab
from tests.lineage.conftest import History, training


def test_all_that_was_made_is_listed(ask: Ask, history: History) -> None:
    rows = f"artifact:{history.artifact(history.first, 'Source', 'rows')}"
    answered = ask("impact", rows, "-o", "json")
    told = answered.json
    assert isinstance(told, dict)
    assert told["artifacts"]["Model"] == [history.artifact(history.first, "Train", "model")]
    assert told["models"][0]["marks"]["blessed"] is True
    table = ask("impact", rows)
    assert "blessed" in table.out
    assert table.err == "5 artifacts made in 2 runs, 1 model; 2 more runs only read or reused\n"


def test_every_artifact_is_listed_with_its_run_and_node(ask: Ask, history: History) -> None:
    rows = f"artifact:{history.artifact(history.first, 'Source', 'rows')}"
    told = [json.loads(line) for line in ask("impact", rows, "-o", "ndjson").out.splitlines()]
    assert all(row["run"] and row["node"] for row in told)
    assert {(row["node"], row["run"]) for row in told} >= {("Judge", history.first.id), ("Train", history.first.id)}
    head = ask("impact", rows).out.splitlines()[0].split()
    assert head[:5] == ["TYPE", "ARTIFACT", "SPAN", "NODE", "RUN"]


@pytest.mark.parametrize(
    "options",
    [
        ["--mark", "tainted"],
        ["--mark", "tainted", "--reason", " "],
        ["--reason", "x"],
        ["--mark", "tainted", "--reason", "x", "--unmark"],
    ],
    ids=["without a reason", "with a blank reason", "without a mark", "both ways"],
)
def test_a_mark_says_why(ask: Ask, options: list[str]) -> None:
    assert ask("impact", "@latest", *options).code == 2


@pytest.fixture
def own(tmp_path: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A store of the test's own, with one run, in the working directory."""
    lab = Lab(tmp_path, pool, project=tmp_path)
    monkeypatch.chdir(tmp_path)
    lab.run(*training(["a", "b"]))
    return lab


def said(*words: str) -> Result:
    result = CliRunner().invoke(group, [*words])
    assert result.exit_code == 0, result.output
    return result


def mark(reference: str, reason: str) -> Result:
    return said("impact", reference, "--mark", "tainted", "--reason", reason)


def number(lab: Lab, node: str, output: str) -> int:
    return {e.node: e for e in lab.store.in_run(lab.store.runs()[-1].id)}[node].outputs[output][0].id


def tainted(lab: Lab) -> dict[str, str]:
    """Say by type why the artifacts of a store are tainted."""
    return {artifact.type: artifact.tainted for artifact in Catalogue(lab.store).artifacts() if artifact.tainted}


def test_what_is_tainted_is_not_reused(own: Lab) -> None:
    assert "marked as tainted" in mark("Source.rows", "wrong labels").stderr
    again = own.run(*training(["a", "b"])).run
    assert {e.node: state_of(e) for e in own.store.in_run(again.id)}["Train"] == "COMPLETE"


def test_a_mark_is_taken_back(own: Lab) -> None:
    mark("Source.rows", "a mistake")
    said("impact", "Source.rows", "--unmark")
    again = own.run(*training(["a", "b"])).run
    assert {state_of(e) for e in own.store.in_run(again.id)} == {"CACHED"}


def test_what_another_source_taints_stays_tainted(own: Lab) -> None:
    mark("Source.rows", "wrong labels")
    mark("Train.model", "a bad seed")
    assert tainted(own)["Model"] == f"wrong labels (from artifact:{number(own, 'Source', 'rows')}); a bad seed"
    ended = said("impact", "Source.rows", "--unmark")
    assert tainted(own).keys() == {"Model", "ModelBlessing"}
    assert tainted(own)["Model"] == "a bad seed"
    assert "2 artifacts still tainted by other marks" in ended.stderr


def test_a_second_reason_of_one_source_stands_beside_the_first(own: Lab) -> None:
    mark("Train.model", "a bad seed")
    mark("Train.model", "a bad split")
    assert tainted(own)["Model"] == "a bad seed, a bad split"


def test_an_older_mark_without_a_source_is_read_and_taken_back(own: Lab) -> None:
    (artifact,) = own.store.artifacts_with([number(own, "Source", "rows")])
    artifact.properties["tainted"].string_value = "a sensor was broken"
    own.store.connection.mlmd.put_artifacts([artifact])
    assert [*tainted(own).values()] == ["a sensor was broken"]
    said("impact", "Source.rows", "--unmark")
    assert tainted(own) == {}


@pytest.mark.usefixtures("own")
def test_a_mark_shows_and_counts_what_it_changed() -> None:
    marked = mark("Source.rows", "wrong labels")
    assert sum("TAINTED" in line for line in marked.stdout.splitlines()[1:]) == 4
    assert "5 artifacts marked as tainted" in marked.stderr
    assert "nothing changed: 5 artifacts had this mark already" in mark("Source.rows", "wrong labels").stderr
    ended = said("impact", "Source.rows", "--unmark")
    assert "TAINTED" not in ended.stdout
    assert "5 artifacts no longer marked" in ended.stderr
    assert "nothing changed" in said("impact", "Source.rows", "--unmark").stderr


def test_why_and_plan_name_what_is_tainted(own: Lab) -> None:
    mark("Train.model", "a bad seed")
    tainted_model = f"artifact:{number(own, 'Train', 'model')} is tainted (a bad seed)"
    assert own.plan(*training(["a", "b"]))["Train"].reasons == [tainted_model]
    own.run(*training(["a", "b"]))
    assert tainted_model in said("why", "Train").stdout
