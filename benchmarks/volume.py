"""Rows a second, CPU and peak memory of ExampleGen, StatisticsGen and Transform as the data grows."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Figure
from benchmarks.project import HERE, make_project
from components.example_gen import ExampleGen
from components.schema_gen import SchemaGen
from components.statistics_gen import StatisticsGen
from components.transform import Transform
from headrace import Function, Pipeline
from headrace.metadata.records import Usage
from headrace.orchestrators.local import run
from headrace.orchestrators.request import Request
from headrace.spec.from_pipeline import spec_of
from headrace.testing import workspace_in
from pipelines.flights.bootstrap import Recipe, bootstrap
from pipelines.flights.data import main as prepare_flights

SIZES = (300_000, 1_000_000, 3_000_000)
NODES = ("ExampleGen", "StatisticsGen", "Transform")


@dataclass(frozen=True)
class Growth:
    """What one component used at each size."""

    node: str
    usages: tuple[Usage, ...]

    @property
    def memory(self) -> float:
        """Peak memory at the largest size, over that at the smallest."""
        return self.usages[-1].peak_memory / self.usages[0].peak_memory

    @property
    def marginal(self) -> float:
        """CPU that one more row costs between the two larger sizes, over that between the two smaller ones."""
        small, middle, large = (usage.cpu_seconds for usage in self.usages)
        first = (middle - small) / (SIZES[1] - SIZES[0])
        return (large - middle) / (SIZES[2] - SIZES[1]) / first

    @property
    def fixed(self) -> float:
        """CPU seconds that are left at no rows, on the line through the two smaller sizes."""
        small, middle = self.usages[0].cpu_seconds, self.usages[1].cpu_seconds
        return small - (middle - small) / (SIZES[1] - SIZES[0]) * SIZES[0]


def figures() -> Iterator[Figure]:
    """Run the three components on bootstrapped flights of three sizes."""
    with tempfile.TemporaryDirectory() as name:
        found = [_run(Path(name), rows) for rows in SIZES]
    for node in NODES:
        growth = Growth(node, tuple(usages[node] for usages in found))
        for rows, usage in zip(SIZES, growth.usages, strict=True):
            speed = rows / usage.wall_seconds
            told = f"{speed:,.0f} rows/s, {usage.cpu_seconds:.1f} CPU s, {usage.peak_memory / 2**20:,.0f} MiB"
            yield Figure(f"{node}, {rows / 1e6:g} million rows", told)
        yield Figure(f"{node}: peak memory, 3 million over 0.3 million", f"{growth.memory:.2f}", "≤ 1.5")
        yield Figure(f"{node}: CPU per row, 1→3 over 0.3→1 million", f"{growth.marginal:.2f}", "≤ 1.2")
        yield Figure(f"{node}: fixed cost", f"{growth.fixed:.1f} CPU s")


def _run(folder: Path, rows: int) -> dict[str, Usage]:
    place = folder / str(rows)
    place.mkdir()
    make_project(place)
    prepare_flights(["--to", str(place / "months"), "--spans", "1"])
    source = place / "flights.parquet"
    bootstrap(place / "months" / "flights-1.parquet", source, Recipe(rows=rows, seed=1))
    here = Path.cwd()
    os.chdir(HERE)
    try:
        spec = spec_of(_pipeline(source))
        finished = run(Request(spec=spec), workspace_in(place, project=place, jobs=1))
    finally:
        os.chdir(here)
    if finished.exit_code():
        raise SystemExit(f"{rows} rows ended as {finished.run.state}: {finished.executions}")
    return {name: execution.usage for name, execution in finished.executions.items()}


def _pipeline(source: Path) -> Pipeline:
    gen = ExampleGen(source=str(source), splits={"train": 2, "eval": 1})
    stats = StatisticsGen(examples=gen.examples)
    schema = SchemaGen(statistics=stats.statistics, curated="schemas/flights/schema.pbtxt")
    preprocess = Function("pipelines.flights.features:preprocessing_fn")
    transform = Transform(examples=gen.examples, schema=schema.schema, preprocessing_fn=preprocess)
    return Pipeline("volume", [gen, stats, schema, transform])
