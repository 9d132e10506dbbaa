"""Three months of flights: one, one like it, and one that is poisoned; with their statistics, made once."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from components.schema_gen.executor import make_schema
from components.statistics_gen.executor import compute_statistics
from components.validator.executor import find_anomalies
from components.validator.publisher import add_verdict
from headrace.artifacts.anomalies import ExampleAnomalies
from headrace.artifacts.examples import Examples
from headrace.artifacts.schema import Schema
from headrace.artifacts.statistics import ExampleStatistics
from headrace.spec.messages import Invocation, Succeeded
from tests.components.rows import ingest, write_parquet

_scratch = tempfile.TemporaryDirectory(prefix="headrace-tests-")
ROWS = 6_000
KM = 1.609


@dataclass(frozen=True)
class Month:
    """A month's data: how many rows, in which unit the distance is, and which carriers fly."""

    span: int
    rows: int = ROWS
    unit: float = 1.0
    carriers: tuple[str, ...] = ("AA", "DL", "UA")
    splits: Mapping[str, int] = field(default_factory=lambda: {"train": 1}, hash=False)


@dataclass(frozen=True)
class Judged:
    """What a validation of a month gives."""

    anomalies: ExampleAnomalies
    verdict: str
    report: str = field(repr=False)


JANUARY = Month(1, splits={"train": 2, "eval": 1})
FEBRUARY = Month(2, rows=ROWS * 2 // 3 - 400)


def folder(name: str) -> Path:
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=_scratch.name))


@cache
def examples_of(month: Month) -> Examples:
    random = np.random.default_rng(month.span)
    distance = random.gamma(2, 500, month.rows) * month.unit
    columns = {
        "carrier": random.choice([*month.carriers], month.rows),
        "distance": pa.array(distance, mask=random.random(month.rows) < 0.1),
        "hour": random.integers(5, 24, month.rows),
    }
    where = folder("month")
    source = write_parquet(where / f"flights-{month.span}.parquet", columns)
    return ingest(where / f"flights-{{SPAN}}{source.suffix}", where / "out", splits=month.splits, span=month.span)


@cache
def statistics_of(month: Month) -> ExampleStatistics:
    statistics = ExampleStatistics(folder("statistics"))
    compute_statistics(examples_of(month), None, (), statistics)
    return statistics


def schema_of(month: Month, curated: Path | None = None, *, infer_feature_shape: bool = True) -> Schema:
    schema = Schema(folder("schema"))
    make_schema(statistics_of(month), str(curated) if curated else None, infer_feature_shape, (), schema)
    return schema


def judge(
    month: Month,
    baseline: Month | None = None,
    *,
    schema: Schema | None = None,
    drift: Mapping[str, Mapping[str, float]] | None = None,
    environment: str | None = None,
    min_rows_ratio: float = 0.6,
) -> Judged:
    """Validate a month against a schema, January's by default, as executor and publisher do."""
    anomalies = ExampleAnomalies(folder("anomalies"))
    find_anomalies(
        statistics_of(month),
        schema or schema_of(JANUARY),
        statistics_of(baseline) if baseline else None,
        drift or {},
        "block",
        min_rows_ratio,
        1.7,
        environment,
        (),
        anomalies,
    )
    result = add_verdict(_INVOCATION, Succeeded({"anomalies": anomalies.properties}))  # type: ignore[dict-item]  # JSON
    assert isinstance(result, Succeeded)
    verdict = str(result.properties["anomalies"]["verdict"])
    return Judged(anomalies, verdict, anomalies.report_file.read_text())


_INVOCATION = Invocation(
    executor="", inputs={}, parameters={}, functions={}, outputs={}, beam_args=(), project="", work=""
)
