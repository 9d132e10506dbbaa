"""One run: its record, its nodes with their verdicts, the edges between them."""

from collections.abc import Mapping, Sequence

from headrace.lineage.earlier import earlier_of
from headrace.lineage.facts import error_facts
from headrace.lineage.lists import Row
from headrace.lineage.snapshot import Snapshot
from headrace.metadata.reader import last_attempts
from headrace.metadata.records import Cached, Execution, Run
from headrace.metadata.states import reason_of, state_of
from headrace.ui.planned import Plan
from headrace.ui.previews import Previews
from headrace.ui.views.edges import edges_of
from headrace.ui.views.runs import run_rows
from headrace.ui.views.slots import inputs_of, outputs_of
from headrace.ui.views.verdict import not_recorded, verdict


def run_view(run: Run, snapshot: Snapshot, plan: Plan | None, previews: Previews) -> Row:
    """Describe a run with its graph."""
    nodes = node_rows(run, snapshot, plan, previews)
    order = [str(node["id"]) for node in nodes]
    return {
        "run": run_details(run, snapshot, previews, len(nodes)),
        "nodes": nodes,
        "edges": edges_of(plan, snapshot.in_run(run.id), order),
        "order": order,
    }


def run_details(run: Run, snapshot: Snapshot, previews: Previews, nodes: int) -> Row:
    """Describe a run of so many nodes by itself."""
    return {
        **run_rows([run], snapshot, previews, {run.id: nodes})[0],
        "ended": run.ended or None,
        "origins": dict(run.origins),
        "frozen": {node: dict(facts) for node, facts in run.frozen.items()},
        "selected": list(run.selected),
        "environment": run.environment,
        "spec_digest": run.spec_digest,
    }


def node_rows(run: Run, snapshot: Snapshot, plan: Plan | None, previews: Previews) -> list[Row]:
    """Describe the nodes of a run, also those that have not started, in their order."""
    executions = snapshot.in_run(run.id)
    last = last_attempts(executions)
    components = plan.components if plan else {}
    planned = [node for node in components if not run.selected or node in run.selected]
    order = list(dict.fromkeys([*planned, *last]))
    earlier = earlier_of(executions, snapshot)
    waited = _waits(run, order, last, edges_of(plan, executions, order))
    return [
        {
            **_node(last[node], executions, verdict(last[node], earlier.get(node), snapshot), previews),
            "waited": waited.get(node),
        }
        if node in last
        else _waiting(node, components.get(node, ""), run)
        for node in order
    ]


def _node(execution: Execution, executions: Sequence[Execution], judged: Row, previews: Previews) -> Row:
    attempts = [each for each in executions if each.node == execution.node]
    usage = execution.usage
    worked = not isinstance(execution.status, Cached)
    return {
        "id": execution.node,
        "component": execution.component,
        "state": state_of(execution),
        "reason": reason_of(execution),
        "attempt": execution.attempt,
        "attempts": [_attempt(each) for each in attempts],
        "execution": execution.id,
        "started": execution.started or None,
        "ended": execution.ended or None,
        "wall": (usage.wall_seconds or _between(execution)) if worked else None,
        "cpu": usage.cpu_seconds or None if worked else None,
        "memory": usage.peak_memory or None if worked else None,
        "verdict": judged,
        "inputs": inputs_of(execution),
        "outputs": outputs_of(execution, previews),
        "parameters": dict(execution.parameters),
        "error": error_facts(execution),
        "has_log": bool(execution.log) or not worked,
    }


def _attempt(execution: Execution) -> Row:
    return {
        "attempt": execution.attempt,
        "state": state_of(execution),
        "started": execution.started or None,
        "ended": execution.ended or None,
        "execution": execution.id,
    }


def _between(execution: Execution) -> float | None:
    return execution.ended - execution.started if execution.ended and execution.started else None


def _waiting(node: str, component: str, run: Run) -> Row:
    empty: Row = dict.fromkeys(("started", "ended", "waited", "wall", "cpu", "memory", "execution", "error"))
    return {
        **empty,
        "id": node,
        "component": component,
        "state": "WAITING" if run.state == "RUNNING" else "NOT_STARTED",
        "reason": "",
        "attempt": 0,
        "attempts": [],
        "verdict": not_recorded(run),
        "inputs": [],
        "outputs": [],
        "parameters": {},
        "has_log": False,
    }


def _waits(
    run: Run, order: Sequence[str], last: Mapping[str, Execution], edges: Sequence[Row]
) -> Mapping[str, float | None]:
    """Tell for how long each node could have started and did not: other nodes had the places."""
    ready: dict[str, float] = dict.fromkeys(order, run.started)
    for edge in edges:
        before = last.get(str(edge["from"]))
        if before and before.ended:
            ready[str(edge["to"])] = max(ready[str(edge["to"])], before.ended)
    return {
        node: max(0.0, execution.started - ready[node]) if execution.started and node in ready else None
        for node, execution in last.items()
    }
