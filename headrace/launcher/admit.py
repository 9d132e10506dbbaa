"""Whether a node may run at all, before its driver is asked: gates, skipped upstream nodes, its condition."""

from headrace.launcher.values import holds, upstream
from headrace.metadata.reader import Reader
from headrace.metadata.records import Execution
from headrace.spec.messages import Block, NodeRun, Skip
from headrace.spec.order import nodes_in, optional, required


def admit(node_run: NodeRun, reader: Reader) -> Skip | Block | None:
    """Return what stands in the node's way, or None."""
    options = node_run.node.options
    stopped = None if options.run_if == "always" else _stopped_upstream(node_run, reader)
    if stopped:
        return stopped
    for name in nodes_in([*node_run.node.parameters.values(), options.when]):
        if not ((execution := upstream(name, node_run, reader)) and execution.succeeded):
            return Skip(f"it reads a property of {name}, which made nothing in this run")
    fits = options.when is None or holds(options.when, node_run, reader)
    return None if fits else Skip("its condition is false")


def _stopped_upstream(node_run: NodeRun, reader: Reader) -> Skip | Block | None:
    """Find a gate that blocks, or a node that had to succeed and did not."""
    node = node_run.node
    above = {name: upstream(name, node_run, reader) for name in (*required(node), *optional(node))}
    for name, execution in above.items():
        if execution and (gate := _gate(execution, node.gates.get(name, ()))):
            return Block(gate)
    stopped = [name for name in required(node) if not ((execution := above[name]) and execution.succeeded)]
    return Skip(f"{stopped[0]} made nothing in this run") if stopped else None


def _gate(execution: Execution, outputs: tuple[str, ...]) -> str:
    """Name the gate that blocks: this node by its verdict, or the one that blocked it."""
    if isinstance(execution.status, Block):
        return execution.status.gate
    made = [artifact for output in outputs for artifact in execution.outputs.get(output, ())]
    return execution.node if any(artifact.properties.get("verdict") == "block" for artifact in made) else ""
