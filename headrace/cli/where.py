"""`--where`: the rows of a list for which all terms hold, in the grammar that the page has, too."""

from collections.abc import Mapping

from headrace.lineage.filter import Facts, matches, parsed
from headrace.lineage.filter_check import STATES, check_terms
from headrace.lineage.lists import Listed, Row
from headrace.lineage.marks import Marks, states_of
from headrace.lineage.shelf import Records
from headrace.spec.records import Json


def where_holds(listed: Listed[Row], where: str, catalogue: Records, most: int | None) -> Listed[Row]:
    """Keep the rows that fit; `param.NAME` is a value of the run that a row belongs to. Raises ConfigError."""
    terms = parsed(where)
    values = {run.id: run.values for run in catalogue.runs()}
    facts = [_facts(row, values) for row in listed.shown]
    if facts:
        known = {*(name for each in facts for name in each.fields), *(f"param.{n}" for v in values.values() for n in v)}
        check_terms(terms, known, {"state": STATES, "type": catalogue.artifact_types()})
    found = [row for row, each in zip(listed.shown, facts, strict=True) if matches(terms, each)]
    return Listed(found[:most], len(found))


def _facts(row: Row, values: Mapping[str, Mapping[str, Json]]) -> Facts:
    run = str(row.get("run") or row.get("id"))
    parameters = {f"param.{name}": value for name, value in values.get(run, {}).items()}
    moment = row.get("started") or row.get("created")
    return Facts(
        fields={**row, **parameters, "state": _states(row)},
        time=float(moment) if isinstance(moment, int | float) else 0.0,
        texts=[value for value in row.values() if isinstance(value, str)],
    )


def _states(row: Row) -> list[str]:
    blessed = row.get("blessed")
    marks = Marks(blessed if isinstance(blessed, bool) else None, ("somewhere",) if row.get("pushed") else ())
    return states_of(str(row.get("state") or ""), marks)
