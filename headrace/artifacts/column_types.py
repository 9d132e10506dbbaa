"""Column types by name, as the properties of examples hold them, and as an Arrow schema."""

from collections.abc import Mapping

import pyarrow as pa

from headrace.errors import DataError

_VALUES = {
    "int64": pa.int64(),
    "float32": pa.float32(),
    "float64": pa.float64(),
    "string": pa.string(),
    "bytes": pa.binary(),
    "null": pa.null(),
}
_NAMES = {kind: name for name, kind in _VALUES.items()}


def column_types(names: Mapping[str, str]) -> pa.Schema:
    """Turn names of types into an Arrow schema: `{"x": "float32", "words": "list<string>"}`."""
    return pa.schema([(column, _type_of(name)) for column, name in names.items()])


def type_names(schema: pa.Schema) -> dict[str, str]:
    """Turn an Arrow schema into names of types; raises DataError for a type that examples do not hold."""
    return {field.name: _name_of(field) for field in schema}


def _type_of(name: str) -> pa.DataType:
    if name.startswith("list<"):
        return pa.list_(_VALUES[name[len("list<") : -1]])
    return _VALUES[name]


def _name_of(field: pa.Field) -> str:
    if pa.types.is_list(field.type) and field.type.value_type in _NAMES:
        return f"list<{_NAMES[field.type.value_type]}>"
    if field.type not in _NAMES:
        raise DataError(
            found=f"the column {field.name!r} of type {field.type}",
            expected=f"one of {[*_VALUES]}, or a list of it",
            do="Convert it before it is written",
        )
    return _NAMES[field.type]
