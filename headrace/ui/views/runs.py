"""The list of runs: how each went, by its last attempts, and the headline of what came out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from headrace.lineage.filter import Facts, Term, matches, parsed
from headrace.lineage.filter_check import STATES, check_terms
from headrace.lineage.lists import Row
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.outline import ExecutionOutline
from headrace.metadata.records import Run
from headrace.spec.messages import ArtifactRecord
from headrace.spec.records import Json
from headrace.ui.previews import Previews

EVALUATION = "ModelEvaluation"
_NONE: Mapping[str, int] = {}
FIELDS = ("id", "run", "pipeline", "state", "host", "orchestrator", "commit", "seconds", "node", "failed")
KINDS = ("complete", "cached", "failed", "skipped", "blocked", "canceled", "running")


def runs_view(
    snapshot: Snapshot,
    previews: Previews,
    query: str = "",
    *,
    pipeline: str = "",
    state: str = "",
    limit: int = 100,
    offset: int = 0,
    planned: Mapping[str, int] = _NONE,
) -> Row:
    """List runs, newest first, with how many there are of each pipeline and state.

    `planned` tells how many nodes runs have that go on: those that wait have no record.
    """
    terms = parsed(query)
    check_terms(terms, _fields(snapshot), {"state": STATES})
    fitting = [run for run in snapshot.runs() if not terms or matches(terms, _facts(run, snapshot, terms))]
    of_pipeline = [run for run in fitting if pipeline in ("", run.pipeline)]
    of_state = [run for run in fitting if state in ("", run.state)]
    both = [run for run in of_pipeline if state in ("", run.state)]
    shown = both[offset : offset + limit]
    return {
        "total": len(both),
        "shown": len(shown),
        "runs": run_rows(shown, snapshot, previews, planned),
        "facets": {
            "pipeline": dict(Counter(run.pipeline for run in of_state).most_common()),
            "state": dict(Counter(run.state for run in of_pipeline).most_common()),
        },
    }


def run_rows(
    runs: Sequence[Run], snapshot: Snapshot, previews: Previews, planned: Mapping[str, int] = _NONE
) -> list[Row]:
    """Describe runs, reading what they evaluated at once."""
    headlines = headlines_of(runs, snapshot, previews)
    return [{**run_row(run, snapshot, planned.get(run.id, 0)), "headline": headlines.get(run.id)} for run in runs]


def run_row(run: Run, snapshot: Snapshot, planned: int) -> Row:
    """Describe a run, but for its headline."""
    nodes = counts(snapshot.members(run.id))
    return {
        "id": run.id,
        "pipeline": run.pipeline,
        "state": run.state,
        "started": run.started or None,
        "seconds": run.ended - run.started if run.ended and run.started else None,
        "nodes": {**nodes, "total": max(planned, sum(nodes.values()))},
        "values": dict(run.values),
        "headline": None,
        "orchestrator": run.orchestrator,
        "git": {"commit": run.git_commit, "dirty": run.git_dirty},
        "host": run.host,
    }


def counts(members: Iterable[ExecutionOutline]) -> dict[str, int]:
    """Count the last attempts of a run's nodes by their states."""
    last = {(member.node, member.item): member.state.lower() for member in members}
    found = Counter(last.values())
    other = sum(number for state, number in found.items() if state not in KINDS)
    return {**{kind: found[kind] for kind in KINDS}, "other": other}


def headlines_of(runs: Sequence[Run], snapshot: Snapshot, previews: Previews) -> Mapping[str, Row]:
    """Find for each run the first metric of the last evaluation that it made or reused."""
    made: dict[str, int] = {}
    for run in runs:
        for member in snapshot.members(run.id):
            for event in snapshot.events.get(member.id, ()):
                artifact = snapshot.by_artifact.get(event.artifact)
                if not event.reads and artifact and artifact.type == EVALUATION:
                    made[run.id] = event.artifact
    evaluations = {artifact.id: artifact for artifact in snapshot.artifacts_with(dict.fromkeys(made.values()))}
    found = {run: headline(evaluations[number].record, previews) for run, number in made.items()}
    return {run: row for run, row in found.items() if row}


def headline(record: ArtifactRecord, previews: Previews) -> Row | None:
    """Name the first metric of an evaluation, and what the best constant guess has of it, where that is known."""
    metrics = record.properties.get("metrics")
    numbers = metrics.items() if isinstance(metrics, Mapping) else ()
    for name, value in numbers:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return {"name": name, "value": value, "guess": previews.guess(record, name)}
    return None


def _fields(snapshot: Snapshot) -> set[str]:
    runs = snapshot.runs()
    return {
        *FIELDS,
        *(f"param.{name}" for run in runs for name in run.values),
        *(f"span.{node}" for run in runs for node in run.frozen),
    }


def _facts(run: Run, snapshot: Snapshot, terms: Sequence[Term]) -> Facts:
    fields: dict[str, Json] = {
        "id": run.id,
        "run": run.id,
        "pipeline": run.pipeline,
        "state": run.state,
        "host": run.host,
        "orchestrator": run.orchestrator,
        "commit": run.git_commit,
        "seconds": run.ended - run.started if run.ended else None,
        **{f"param.{name}": value for name, value in run.values.items()},
        **{f"span.{node}": facts["span"] for node, facts in run.frozen.items() if "span" in facts},
    }
    members = snapshot.members(run.id) if any(term.name in ("node", "failed", "") for term in terms) else ()
    if members:
        fields["node"] = [member.node for member in members]
        fields["failed"] = [member.node for member in members if member.state == "FAILED"]
    values = [f"{name}={value}" for name, value in run.values.items()]
    texts = [run.id, run.pipeline, run.state, run.host, run.git_commit, *values, *(m.node for m in members)]
    return Facts(fields, run.started, texts)
