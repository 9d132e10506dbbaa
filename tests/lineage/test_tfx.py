"""A store that TFX itself wrote: four runs of nine nodes, with cached ones, a resolver, a blessing and a failure."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from headrace.cli.main import group
from headrace.lineage.blame import Blame, blame
from headrace.lineage.load import load
from headrace.lineage.marks import mark_of, marks_in
from headrace.lineage.query import ancestors, descendants, folded_in
from headrace.lineage.reference import resolve
from headrace.lineage.run_diff import diff_runs
from headrace.lineage.snapshot import Snapshot, Vertex
from headrace.lineage.summary import summary
from headrace.metadata.records import Cached, StoredArtifact
from headrace.metadata.states import reason_of
from tests.lineage.foreign import opened, real_tfx_store

FIRST, AGAIN, ANEW, FAILED = (
    "2026-11-24T17:57:25.104627",
    "2026-11-24T17:58:37.171827",
    "2026-11-24T17:59:06.537926",
    "2026-11-24T18:00:26.778976",
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return real_tfx_store(tmp_path_factory.mktemp("tfx") / "metadata.db")


@pytest.fixture(scope="module")
def snapshot(file: Path) -> Snapshot:
    return load(opened(file))


def named(snapshot: Snapshot, reference: str) -> StoredArtifact:
    found = resolve(reference, snapshot, Path("/"))
    assert isinstance(found, StoredArtifact)
    return found


def blamed(snapshot: Snapshot, reference: str) -> Blame:
    return blame(snapshot, [Vertex("artifact", named(snapshot, reference).id)])


def said(file: Path, *words: str) -> str:
    result = CliRunner().invoke(group, [*words, "--db", str(file)], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_what_a_cached_node_or_a_resolver_gives_was_made_by_the_first_to_give_it(snapshot: Snapshot) -> None:
    model = named(snapshot, f"{FIRST}/Trainer.model")
    assert named(snapshot, f"{AGAIN}/Trainer.model") == named(snapshot, f"{FAILED}/latest_blessed_model.model") == model
    made = snapshot.made_by(model.id)
    assert made
    maker = snapshot.by_execution[made.execution]
    assert (maker.pipeline, maker.run, maker.node) == ("taxi", FIRST, "Trainer")
    walk = ancestors(snapshot, [Vertex("artifact", model.id)])
    runs = {snapshot.by_execution[v.number].run for v in walk.distances if v.kind == "execution"}
    assert runs == {FIRST}
    assert sum(map(len, walk.folded.values())) == 9
    assert folded_in(walk.folded, walk.distances) == 8  # a Transform that gave two artifacts is one


def test_a_cached_execution_is_told_by_the_one_that_it_repeats(snapshot: Snapshot) -> None:
    (trainer,) = (e for e in snapshot.in_run(AGAIN) if e.node == "Trainer")
    (original,) = (e for e in snapshot.in_run(FIRST) if e.node == "Trainer")
    assert trainer.status == Cached(original.id)
    assert snapshot.maker(snapshot.by_execution[trainer.id]).id == original.id


def test_blame_names_data_code_parameters_and_version(snapshot: Snapshot) -> None:
    found = blamed(snapshot, f"{ANEW}/Trainer.model")
    ((leaf,), (code,)) = found.data, found.code
    assert (leaf.node, leaf.source, leaf.span) == ("CsvExampleGen", "/srv/taxi/data", 0)
    assert leaf.facts["source"].startswith("split:single_split,num_files:1,total_bytes:10363")
    assert (code.module, code.nodes) == ("taxi_utils", ["Transform", "Trainer"])
    assert code.digest.startswith("d1d505ec1a39412a")
    assert {(p.node, p.name): p.value for p in found.parameters}["Trainer", "train_args"] == {"num_steps": 40}
    assert not {"module_path", "input_base", "input_fingerprint"} & {p.name for p in found.parameters}
    assert [(e.name, e.version) for e in found.environment] == [("tfx", "1.16.0")]


def test_impact_of_old_rows_reaches_what_a_resolver_carried_on(snapshot: Snapshot) -> None:
    rows = named(snapshot, f"{FIRST}/CsvExampleGen.examples")
    walk = descendants(snapshot, [Vertex("artifact", rows.id)])
    judged = named(snapshot, f"{ANEW}/Evaluator.blessing")  # by the old model as a baseline
    assert Vertex("artifact", judged.id) in walk.distances
    assert Vertex("artifact", named(snapshot, f"{ANEW}/Trainer.model").id) not in walk.distances


def test_models_are_blessed_and_pushed_as_tfx_recorded_it(snapshot: Snapshot) -> None:
    old, new = (named(snapshot, f"{run}/Trainer.model") for run in (FIRST, ANEW))
    marks = marks_in(snapshot)
    assert (mark_of(old, marks).blessed, mark_of(new, marks).blessed) == (True, False)
    assert mark_of(old, marks).pushed == ("/srv/taxi/served/1795543103", "/srv/taxi/served/1795543132")
    assert mark_of(new, marks).pushed == ()
    assert named(snapshot, "Model@blessed") == named(snapshot, "Model@pushed") == old
    assert named(snapshot, "Model@latest") == new


def test_two_runs_differ_by_what_was_changed_between_them(snapshot: Snapshot) -> None:
    before, after = (snapshot.by_run[run] for run in (ANEW, FAILED))
    changed = {n.node: [c.part for c in n.changes] for n in diff_runs(snapshot, before, after).nodes}
    assert changed["CsvExampleGen"] == changed["SchemaGen"] == []
    assert changed["Transform"] == ["code taxi_utils"]
    assert {"parameter train_args", "code taxi_utils"} <= {*changed["Trainer"]}
    assert not [part for part in changed["Trainer"] if part.startswith(("fact ", "distribution "))]
    again = diff_runs(snapshot, snapshot.by_run[FIRST], snapshot.by_run[AGAIN])
    assert [n.node for n in again.nodes if n.verdict != "same"] == ["Evaluator", "Pusher"]


def test_types_are_drawn_in_the_order_of_the_pipeline(snapshot: Snapshot) -> None:
    drawn = [each.type.rpartition(".")[2] for each in sorted(summary(snapshot).types, key=lambda each: each.first)]
    assert drawn[:7] == [
        "CsvExampleGen",
        "Examples",
        "Resolver",
        "StatisticsGen",
        "ExampleStatistics",
        "SchemaGen",
        "Schema",
    ]


def test_why_says_what_is_recorded_and_what_is_not(file: Path, snapshot: Snapshot) -> None:
    ran = said(file, "why", f"{ANEW}/Trainer")
    assert ran.splitlines()[0] == f"Trainer in {ANEW}: COMPLETE; its store keeps no cache key"
    assert '  parameter train_args: {"num_steps": 30} -> {"num_steps": 40}' in ran
    cached = said(file, "why", f"{AGAIN}/Trainer")
    assert f"({FIRST}/Trainer/1) stands for it" in cached
    failed = said(file, "why", "Trainer")
    assert "  code taxi_utils: d1d505ec1a39 -> 76fe502f3cfb" in failed
    assert "Failed: its store does not say why" in failed
    (trainer,) = (e for e in snapshot.in_run(FAILED) if e.node == "Trainer")
    assert reason_of(trainer) == "Failed: its store does not say why"


def test_a_node_without_a_run_is_that_of_the_newest_run_that_has_it(file: Path) -> None:
    assert said(file, "why", "Evaluator").startswith(f"Evaluator in {ANEW}: ")


@pytest.mark.parametrize(
    "words",
    [
        ("ls", "artifacts", "--limit", "0", "-o", "json"),
        ("show", "ExampleAnomalies@latest", "-o", "json"),
        ("show", f"{ANEW}/StatisticsGen", "-o", "json"),
        ("lineage", "PushedModel@latest", "-o", "json"),
        ("blame", "PushedModel@latest", "-o", "json"),
        ("impact", f"{FIRST}/CsvExampleGen.examples", "-o", "json"),
        ("diff", "@prev", "@latest", "-o", "json"),
    ],
    ids=" ".join,
)
def test_every_answer_is_json(file: Path, words: tuple[str, ...]) -> None:
    assert json.loads(said(file, *words))


def test_events_hold_values_of_every_kind(file: Path) -> None:
    events = [
        json.loads(line) for line in said(file, "lineage", "PushedModel@latest", "-o", "openlineage").splitlines()
    ]
    assert {event["eventType"] for event in events} == {"START", "COMPLETE"}
    outputs = [
        output for event in events for output in event.get("outputs", ()) if output["name"].endswith("statistics")
    ]
    held = [output["facets"]["headrace_artifact"]["properties"] for output in outputs]
    assert {"train": 1.0, "eval": 1.0} in [properties["sample_rate_by_split"] for properties in held]


def test_a_size_that_tfx_does_not_record_is_not_nothing(file: Path) -> None:
    assert {row["size"] for row in json.loads(said(file, "ls", "artifacts", "--limit", "0", "-o", "json"))} == {None}
    assert "0 B" not in said(file, "show", "Model@latest")
