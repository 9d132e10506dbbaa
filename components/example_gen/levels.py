"""The type of a column of text: the lowest level that all its values have.

Levels are ordered, so the level of a column is the highest of the levels of its pieces, in whatever order they come.
"""

from enum import IntEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


class Level(IntEnum):
    """What the values of a column look like; blank ones are missing and say nothing.

    BIG are whole numbers beyond 64 bits: they stay text, since a float would round what is most often an id. Beside a
    number with decimals they are numbers.
    """

    BLANK = 0
    INTEGER = 1
    BIG = 2
    NUMBER = 3
    TEXT = 4

    @property
    def type(self) -> pa.DataType:
        return _TYPES[self]


_TYPES = {
    Level.BLANK: pa.null(),
    Level.INTEGER: pa.int64(),
    Level.BIG: pa.string(),
    Level.NUMBER: pa.float64(),
    Level.TEXT: pa.string(),
}


def level_of(column: pa.StringArray, known: Level) -> Level:
    """Return the level of a column of which `known` is already certain."""
    values = column.drop_null() if column.null_count else column
    if known is Level.TEXT or not len(values):
        return known
    if known <= Level.INTEGER and cast_text(values, Level.INTEGER) is not None:
        return Level.INTEGER
    if known <= Level.BIG and pc.all(pc.match_substring_regex(values, r"^\s*-?[0-9]+\s*$")).as_py():
        return Level.BIG
    return Level.NUMBER if cast_text(values, Level.NUMBER) is not None else Level.TEXT


def cast_text(column: pa.StringArray, level: Level) -> pa.Array | None:
    """Turn text into values of a level, or return None where one does not fit; spaces around numbers do not count."""
    if level.type == column.type:
        return column
    if level is Level.BLANK:
        return pa.nulls(len(column)) if column.null_count == len(column) else None
    if level is Level.INTEGER and _has_hexadecimals(column):
        return None
    try:
        return column.cast(level.type)
    except pa.ArrowInvalid:
        pass
    try:
        return pc.utf8_trim_whitespace(column).cast(level.type)
    except pa.ArrowInvalid:
        return None


def _has_hexadecimals(column: pa.StringArray) -> bool:
    """Tell whether an x is in the bytes: Arrow would read 0x10 as 16, and a code is no number."""
    data = column.buffers()[2]
    return data is not None and bool((np.frombuffer(data, np.uint8) | 0x20 == ord("x")).any())
