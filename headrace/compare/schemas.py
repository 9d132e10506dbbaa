"""Two schemas beside each other, feature by feature, from their previews."""

from collections.abc import Mapping
from dataclasses import dataclass
from json import dumps

from headrace.lineage.plain import Table, rows_at, text_at


@dataclass(frozen=True, kw_only=True)
class SchemaChange:
    """What a schema says of a feature that differs; empty on the side that does not say it."""

    feature: str
    what: str
    before: str
    after: str


def diff_schemas(before: Table, after: Table) -> list[SchemaChange]:
    """List what differs; a feature that one side lacks is one change, `feature`."""
    one, other = (_by_name(side) for side in (before, after))
    changes: list[SchemaChange] = []
    for name in dict.fromkeys([*other, *one]):
        if name not in one or name not in other:
            said = [text_at(side.get(name, {}), "type") for side in (one, other)]
            changes.append(SchemaChange(feature=name, what="feature", before=said[0], after=said[1]))
            continue
        for what in dict.fromkeys([*other[name], *one[name]]):
            said = [_said(side[name], what) for side in (one, other)]
            if said[0] != said[1]:
                changes.append(SchemaChange(feature=name, what=what, before=said[0], after=said[1]))
    return changes


def _by_name(schema: Table) -> Mapping[str, Table]:
    return {text_at(row, "name"): row for row in rows_at(schema, "features")}


def _said(feature: Table, what: str) -> str:
    value = feature.get(what)
    return value if isinstance(value, str) else "" if value is None else dumps(value)
