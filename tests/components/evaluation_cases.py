"""Examples and models for the tests of Evaluator and Pusher."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from headrace.artifacts.evaluation import ModelBlessing, ModelEvaluation
from headrace.artifacts.examples import Examples
from headrace.artifacts.examples_writer import SplitWriter, seal
from headrace.artifacts.model import Model
from tests.serving.saved_models import save_linear


def make_examples(folder: Path, table: pa.Table, split: str = "eval", payload: str = "parquet") -> Examples:
    """Write the rows of a table as one split."""
    examples = Examples(folder)
    with SplitWriter(examples.split_folder(split), "part-00000", table.schema, payload) as writer:
        for batch in table.to_batches():
            writer.write(batch)
    seal(examples, table.schema, {split: table.num_rows}, payload=payload)
    examples.span, examples.version = 1, 0
    return examples


def noisy_rows(count: int, seed: int = 0) -> pa.Table:
    """Make rows whose label `late` follows `x` through a logistic curve of slope 2, and what to slice them by."""
    draw = np.random.default_rng(seed)
    x = draw.normal(size=count).astype(np.float32)
    late = (draw.random(count) < 1 / (1 + np.exp(-2 * x))).astype(np.int64)
    kind = draw.choice(["a", "b"], count, p=[0.9, 0.1])
    return pa.table({"x": x, "kind": kind, "distance": draw.integers(0, 100, count), "late": late})


def make_model(folder: Path, *, weight: float = 2.0, bias: float = 0.0, span: int = 1) -> Model:
    """Save a linear model as a Model artifact."""
    model = Model(folder, {"span": span})
    save_linear(model.serving, weight=weight, bias=bias)
    return model


def outputs(folder: Path) -> tuple[ModelEvaluation, ModelBlessing]:
    """Make the empty folders that Evaluator writes to."""
    made = ModelEvaluation(folder / "evaluation"), ModelBlessing(folder / "blessing")
    for artifact in made:
        artifact.path.mkdir(parents=True)
    return made
