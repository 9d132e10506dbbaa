"""Months of any size drawn from a real one, for benchmarks and drills.

    python -m pipelines.flights.bootstrap data/flights/flights-1.parquet big.parquet --rows 1000000 --drift 0.2
    python -m pipelines.flights.bootstrap data/flights/flights-4.parquet bad.parquet --poison unseen_carrier

Rows are drawn with replacement and their weather is shaken, so that they are not copies. One chunk is in memory at a
time; a chunk's randomness depends on the seed and its number alone, so the same call makes the same bytes.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from headrace.errors import DataError, HeadraceError
from pipelines.flights.poison import POISONS
from pipelines.package_data import write_whole

CHUNK = 1 << 16
SHAKEN = {"temp": 3.0, "dewp": 3.0, "wind_speed": 1.5, "pressure": 1.0}
"""Standard deviation of the noise, in the column's unit; `drift` moves the mean by ten of these times its value."""
KEPT_WITHIN = {"temp": (0.0, 115.0), "dewp": (-30.0, 90.0), "wind_speed": (0.0, 120.0), "pressure": (950.0, 1060.0)}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How to draw a month; without `rows` the source's own rows are taken as they are.

    `drift` moves the weather: 0.1 by one standard deviation of the noise. `poison` names one of POISONS.
    """

    rows: int | None = None
    seed: int = 0
    drift: float = 0.0
    poison: str | None = None


def bootstrap(source: Path, target: Path, recipe: Recipe) -> None:
    """Write a month drawn from another one."""
    if not source.is_file():
        raise DataError(
            found=f"no file {source}", expected="a month to draw from", do="Run python -m pipelines.flights.data"
        )
    flights = pq.read_table(source).combine_chunks()
    if flights.num_rows == 0:
        raise DataError(found=f"{source} has no rows", expected="a month to draw from", do="Prepare that month again")
    write_whole(target, lambda staged: _write(staged, flights.schema, _chunks(flights, recipe)))


def _write(target: Path, schema: pa.Schema, chunks: Iterator[pa.Table]) -> None:
    with pq.ParquetWriter(target, schema) as writer:
        for chunk in chunks:
            writer.write_table(chunk.cast(schema))


def _chunks(flights: pa.Table, recipe: Recipe) -> Iterator[pa.Table]:
    spoil = POISONS[recipe.poison] if recipe.poison else lambda table: table
    if recipe.rows is None:
        yield spoil(flights)
        return
    for number, start in enumerate(range(0, recipe.rows, CHUNK)):
        random = np.random.default_rng([recipe.seed, number])
        drawn = flights.take(random.integers(0, flights.num_rows, min(CHUNK, recipe.rows - start)))
        yield spoil(_shaken(drawn, random, recipe.drift))


def _shaken(flights: pa.Table, random: np.random.Generator, drift: float) -> pa.Table:
    for name, spread in SHAKEN.items():
        low, high = KEPT_WITHIN[name]
        noise = pa.array(random.normal(drift * 10 * spread, spread, flights.num_rows))
        moved = pc.max_element_wise(pc.add(flights[name], noise), low, skip_nulls=False)
        moved = pc.min_element_wise(moved, high, skip_nulls=False)
        flights = flights.set_column(flights.column_names.index(name), name, moved)
    return flights


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw a month from the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.flights.bootstrap", description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="the month to draw from")
    parser.add_argument("target", type=Path, help="the file to write")
    parser.add_argument("--rows", type=int, help="how many rows; without it, the source's own")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--drift", type=float, default=0.0, help="how far the weather moves")
    parser.add_argument("--poison", choices=sorted(POISONS), help="what goes wrong")
    options = parser.parse_args(arguments)
    recipe = Recipe(rows=options.rows, seed=options.seed, drift=options.drift, poison=options.poison)
    try:
        bootstrap(options.source, options.target, recipe)
    except HeadraceError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(options.target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
