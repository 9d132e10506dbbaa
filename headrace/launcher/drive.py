"""The driver that most components share."""

from collections.abc import Callable
from typing import TypeAlias

from headrace.errors import LaunchError
from headrace.launcher.values import artifacts_of, evaluate
from headrace.metadata.reader import Reader
from headrace.spec.messages import ArtifactRecord, NodeRun, Ready, Skip
from headrace.spec.records import FromQuery

Driver: TypeAlias = Callable[[NodeRun, Reader], Ready | Skip]


def resolve_inputs(node_run: NodeRun, reader: Reader) -> Ready | Skip:
    """Fetch the inputs, resolvers last, and evaluate the parameters."""
    node = node_run.node
    inputs: dict[str, tuple[ArtifactRecord, ...]] = {}
    by_query = {name: any(isinstance(s, FromQuery) for s in wanted.sources) for name, wanted in node.inputs.items()}
    for name in sorted(node.inputs, key=by_query.__getitem__):
        wanted = node.inputs[name]
        found = [artifact for s in wanted.sources for artifact in artifacts_of(s, node_run, reader, inputs)]
        if wanted.required and not found:
            return Skip(f"there is nothing for its input {name!r}")
        if len(found) > 1 and not wanted.several:
            raise LaunchError(
                found=f"{len(found)} artifacts for {node.id}.{name}",
                expected="one",
                do=f"Declare {name}: Sequence[Channel[...]]",
            )
        inputs[name] = tuple(found)
    return Ready(inputs=inputs, parameters={n: evaluate(e, node_run, reader) for n, e in node.parameters.items()})
