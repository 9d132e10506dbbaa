"""Two models beside each other: the data, statistics, schema and metrics behind them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from headrace.compare.comparison import Comparison, compare_artifacts
from headrace.compare.contents import Of
from headrace.compare.fail_on import limits_of, past_limits
from headrace.lineage.load import load
from headrace.metadata.catalogue import Catalogue
from headrace.metadata.records import CacheKey, Complete
from headrace.metadata.store import Store
from headrace.spec.messages import ArtifactRecord
from headrace.spec.records import OutputSpec
from tests.compare.test_comparison import SCHEMA, evaluation
from tests.compare.test_statistics import statistics, words
from tests.metadata.executions import artifact, running, store_in


class Lab:
    """Records nodes with their contents, and compares what they made."""

    def __init__(self, folder: Path) -> None:
        self.store: Store = store_in(folder)

    def node(
        self,
        run: str,
        node: str,
        type_id: str,
        content: Any = None,
        parameters: Any = None,
        facts: Any = None,
        **inputs: Any,
    ) -> ArtifactRecord:
        """Record a node that made one artifact of what it read."""
        read = {name: (record,) for name, record in inputs.items()}
        parts = {f"input {name}[0]": record.digest for name, record in inputs.items()}
        key = CacheKey({**parts, **{f"fact {n}": v for n, v in (facts or {}).items()}}, {"m": "0" * 64})
        begun = self.store.begin(running(run=run, node=node, inputs=read, parameters=parameters or {}, key=key))
        path = f"{node}/{begun.id}/made"
        properties = {"span": int(facts["span"])} if facts else {}
        made = artifact(self.store, path, type=type_id, digest=f"{run} {node}", properties=properties)
        spec = OutputSpec(type=type_id, layout=1, gate=False, volatile=False, system_type="")
        ended = self.store.commit(replace(begun, status=Complete(), outputs={"made": (made,)}), {"made": spec})
        if content is not None:
            preview = Path(f"{made.path}.preview.json")
            preview.parent.mkdir(parents=True, exist_ok=True)
            preview.write_text(json.dumps({"version": 1, "type": type_id, "summary": "", "content": content}))
        return ended.outputs["made"][0]

    def train(
        self, run: str, span: int, share: int, auc: float, **baseline: ArtifactRecord
    ) -> dict[str, ArtifactRecord]:
        """Read data, measure it, train on it with a schema that was written by hand, and judge the model."""
        facts = {"source": f"files of {span}", "span": str(span)}
        rows = self.node(run, "Gen", "Examples", parameters={"source": "data/{SPAN}.csv"}, facts=facts)
        schema = self.node(run, "Import", "Schema", {"features": SCHEMA["features"][:span]})
        measured = statistics(words(a=share, b=100 - share))
        told = self.node(run, "Measure", "ExampleStatistics", measured, examples=rows, schema=schema)
        model = self.node(run, "Train", "Model", examples=rows, schema=schema)
        judged = self.node(
            run, "Judge", "ModelEvaluation", evaluation(overall={"auc": auc}), model=model, examples=rows, **baseline
        )
        return {"rows": rows, "schema": schema, "statistics": told, "model": model, "evaluation": judged}

    def compare(self, first: ArtifactRecord, second: ArtifactRecord) -> Comparison:
        snapshot = load(Catalogue(self.store))
        one, other = snapshot.artifacts_with([first.id, second.id])
        return compare_artifacts(snapshot, one, other)


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def test_what_stands_behind_two_models_is_compared(lab: Lab) -> None:
    one = lab.train("r1", span=1, share=50, auc=0.9)
    other = lab.train("r2", span=2, share=80, auc=0.8, baseline=one["model"])
    found = lab.compare(one["model"], other["model"])

    def of(node: str, name: str) -> Of:
        return Of(node=node, output="made", before=one[name].id, after=other[name].id)

    ((where, (feature,)),) = found.statistics
    assert (where, feature.feature, round(feature.drift, 6)) == (of("Measure", "statistics"), "w", 0.3)
    ((where, (change,)),) = found.schema
    assert (where, change.feature, change.what) == (of("Import", "schema"), "b", "feature")
    ((where, (metric,)),) = found.metrics
    assert (where, metric.before, metric.after) == (of("Judge", "evaluation"), 0.9, 0.8)
    assert past_limits(found, limits_of("drift=0.1,metric.auc=-0.01"))
    assert not past_limits(found, limits_of("drift=0.4,metric.auc=-0.5"))


def test_data_differs_by_span_fingerprint_and_content(lab: Lab) -> None:
    one, other = lab.train("r1", 1, 50, 0.9), lab.train("r2", 2, 50, 0.9)
    change = next(c for c in lab.compare(one["model"], other["model"]).data if c.type == "Examples")
    assert (change.node, change.before, change.after) == ("Gen", one["rows"].id, other["rows"].id)
    assert [(c.part, c.before, c.after) for c in change.changes] == [
        ("span", "1", "2"),
        ("fingerprint", "files of 1", "files of 2"),
        ("content", "r1 Gen", "r2 Gen"),
    ]


def test_only_the_newest_evaluation_of_a_model_counts(lab: Lab) -> None:
    one, other = lab.train("r1", 1, 50, 0.9), lab.train("r2", 2, 50, 0.8)
    lab.node("r3", "Judge", "ModelEvaluation", evaluation(overall={"auc": 0.7}), model=other["model"])
    ((_, (metric,)),) = lab.compare(one["model"], other["model"]).metrics
    assert (metric.before, metric.after) == (0.9, 0.7)


def test_nodes_of_other_names_are_paired_by_type(lab: Lab) -> None:
    made = {name: lab.node(name, "Train", "Model", examples=lab.node(name, "Gen", "Examples")) for name in ("r1", "r2")}
    for name, auc in (("r1", 0.9), ("r2", 0.8)):
        lab.node(name, f"Judge{name}", "ModelEvaluation", evaluation(overall={"auc": auc}), model=made[name])
    ((of, (metric,)),) = lab.compare(made["r1"], made["r2"]).metrics
    assert (of.node, metric.before, metric.after) == ("Judger2", 0.9, 0.8)


def test_a_statistic_without_a_preview_is_named(lab: Lab) -> None:
    one, other = lab.train("r1", 1, 50, 0.9), lab.train("r2", 2, 80, 0.9)
    Path(f"{other['statistics'].path}.preview.json").unlink()
    found = lab.compare(one["model"], other["model"])
    assert found.unread == [other["statistics"].id]
    assert past_limits(found, limits_of("drift=0.9")) == [
        f"drift: artifact:{other['statistics'].id} cannot be read, nothing of it was compared"
    ]
