import json
from dataclasses import replace
from pathlib import Path

import pytest

from headrace.errors import UnknownReference
from headrace.lineage.features import feature_lineage, trace_of
from headrace.lineage.load import load
from headrace.metadata.catalogue import Catalogue
from headrace.metadata.records import Complete
from headrace.spec.records import OutputSpec
from tests.metadata.executions import artifact, completed, running, store_in

GRAPH = {
    "features": [
        {"name": "age_z", "type": "float32", "from": ["age"]},
        {"name": "label", "type": "int64", "from": ["label"]},
    ],
    "analyzers": [{"name": "scale/mean_and_var", "from": ["age"], "values": [1.0, 2.0]}],
    "unused": ["id"],
}
MODEL = {"signatures": {"transform_features": {"inputs": [], "outputs": [{"name": "age_z"}]}}}


def spec(type_id: str) -> OutputSpec:
    return OutputSpec(type=type_id, layout=1, gate=False, volatile=False, system_type="")


def trained(folder: Path) -> tuple[Catalogue, int]:
    """Record a Transform graph and a model, with their previews."""
    store = store_in(folder)
    graph = store.begin(running(node="Transform"))
    made = artifact(store, "t/1/graph", type="TransformGraph")
    graph = store.commit(
        replace(graph, status=Complete(), outputs={"graph": (made,)}), {"graph": spec("TransformGraph")}
    )
    model = store.begin(running(node="Trainer", inputs={"graph": graph.outputs["graph"]}))
    fitted = artifact(store, "m/1/model", type="Model")
    model = store.commit(replace(model, status=Complete(), outputs={"model": (fitted,)}), {"model": spec("Model")})
    for path, content in ((made.path, GRAPH), (fitted.path, MODEL)):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"version": 1, "type": "x", "summary": "", "content": content})
        Path(f"{path}.preview.json").write_text(text, encoding="utf-8")
    return Catalogue(store), model.outputs["model"][0].id


def test_features_are_traced_from_columns_to_the_model(tmp_path: Path) -> None:
    catalogue, model = trained(tmp_path)
    found = feature_lineage(load(catalogue), model)
    age, label = found.features
    assert (age.feature, age.columns, age.is_input) == ("age_z", ["age"], True)
    assert [(analyzer.name, analyzer.values) for analyzer in age.analyzers] == [("scale/mean_and_var", [1.0, 2.0])]
    assert (label.is_input, found.unused) == (False, ["id"])


def test_a_feature_is_found_by_its_column(tmp_path: Path) -> None:
    catalogue, model = trained(tmp_path)
    found = feature_lineage(load(catalogue), model)
    assert [trace.feature for trace in trace_of(found, "age")] == ["age_z"]
    with pytest.raises(UnknownReference, match="Try age"):
        trace_of(found, "agee")


def test_what_was_made_without_transform_has_no_features(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    made = completed(store).outputs["made"][0].id
    with pytest.raises(UnknownReference, match="without a TransformGraph"):
        feature_lineage(load(Catalogue(store)), made)
