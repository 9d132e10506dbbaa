"""What a page shows of a model and of its training.

Model: `{"signatures": {name: {"inputs": [{"name", "type", "shape"}], "outputs": […]}}, "bytes", "parameters", "curves":
[{"epochs": [{metric: value}], "parameters"}]}`, a curve for each `fit`. ModelRun: the curves alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import isfinite

from headrace.artifacts.model import Model, ModelRun
from headrace.artifacts.preview import write_preview
from headrace.keras.watch import Curve


def preview_model(model: Model, signatures: Mapping[str, object], curves: Sequence[Curve]) -> None:
    size = sum(file.stat().st_size for file in model.serving.rglob("*") if file.is_file())
    parameters = curves[-1].parameters if curves else None
    content = {"signatures": signatures, "bytes": size, "parameters": parameters, "curves": _plain(curves)}
    counted = f"{parameters:,} parameters" if parameters is not None else "parameters not counted"
    last = curves[-1].epochs[-1] if curves and curves[-1].epochs else {}
    metrics = ", ".join(f"{name} {value:.4g}" for name, value in last.items())
    write_preview(model, ", ".join(filter(None, [counted, f"{size:,} bytes", metrics])), content)


def preview_run(run: ModelRun, curves: Sequence[Curve]) -> None:
    epochs = sum(len(curve.epochs) for curve in curves)
    write_preview(run, f"{epochs} epochs", {"curves": _plain(curves)})


def _plain(curves: Sequence[Curve]) -> list[dict[str, object]]:
    plain = [asdict(curve) for curve in curves]
    for curve in plain:
        curve["epochs"] = [{name: v if isfinite(v) else None for name, v in epoch.items()} for epoch in curve["epochs"]]
    return plain
