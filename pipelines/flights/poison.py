"""Ways in which a month of flights goes wrong: what the Validator must stop before training."""

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

KILOMETRES_PER_MILE = 1.609344


def distance_in_kilometres(flights: pa.Table) -> pa.Table:
    """Give the distance in kilometres instead of miles."""
    kilometres = pc.cast(pc.round(pc.multiply(flights["distance"], KILOMETRES_PER_MILE)), pa.int64())
    return _replace(flights, "distance", kilometres)


def temperature_in_celsius(flights: pa.Table) -> pa.Table:
    """Give the temperature in Celsius instead of Fahrenheit."""
    return _replace(flights, "temp", pc.divide(pc.subtract(flights["temp"], 32.0), 1.8))


def unseen_carrier(flights: pa.Table) -> pa.Table:
    """Give a fiftieth of the flights to a carrier that nobody knows."""
    chosen = pa.array(np.arange(flights.num_rows) % 50 == 0)
    return _replace(flights, "carrier", pc.if_else(chosen, "ZZ", flights["carrier"]))


def half_the_rows(flights: pa.Table) -> pa.Table:
    """Keep every second flight."""
    return flights.take(np.arange(0, flights.num_rows, 2))


POISONS: Mapping[str, Callable[[pa.Table], pa.Table]] = {
    poison.__name__: poison
    for poison in (distance_in_kilometres, temperature_in_celsius, unseen_carrier, half_the_rows)
}


def _replace(flights: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    return flights.set_column(flights.column_names.index(name), name, column)
