"""The publisher that most components share, and the records of what was made."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from headrace.errors import LaunchError
from headrace.launcher.decide import failure
from headrace.spec.codec import to_json
from headrace.spec.messages import ArtifactRecord, Canceled, Failed, Invocation, Result, Succeeded
from headrace.spec.records import Json, NodeSpec
from headrace.storage.digest import content_digest
from headrace.storage.root import Staged
from headrace.user_code.load import load

Publisher: TypeAlias = Callable[[Invocation, Result], Result]


def publish_outputs(invocation: Invocation, result: Result) -> Result:  # noqa: ARG001  a publisher's signature
    """Record what the executor made, as it is."""
    return result


def publish(reference: str, invocation: Invocation, result: Result) -> Result:
    """Have a publisher decide what is recorded."""
    try:
        publisher: Publisher = load(reference)
        answer = publisher(invocation, result)
        if not isinstance(answer, Succeeded | Failed | Canceled):
            raise LaunchError(found=f"{reference} answered {answer!r}", expected="a Result", do="Return one")
        return _checked(reference, invocation, answer)
    except Exception as error:  # a border to foreign code
        return failure(error)


def _checked(reference: str, invocation: Invocation, answer: Result) -> Result:
    """Refuse properties of other outputs than the node's, and what JSON cannot hold."""
    if isinstance(answer, Succeeded):
        if answer.properties.keys() != invocation.outputs.keys():
            raise LaunchError(
                found=f"{reference} answered with the properties of {sorted(answer.properties)}",
                expected=f"those of the outputs {sorted(invocation.outputs)}",
                do="Answer with result.with_property(…), which keeps the others",
            )
        to_json(answer.properties)
    return answer


def put_in_place(
    node: NodeSpec, staging: Staged, properties: Mapping[str, Mapping[str, Json]]
) -> dict[str, tuple[ArtifactRecord, ...]]:
    """Put the outputs into their place and describe them."""
    volatile = frozenset(name for name, made in node.outputs.items() if made.volatile)
    published = staging.publish(node.outputs, volatile)
    return {
        name: (
            ArtifactRecord(
                type=made.type,
                layout=made.layout,
                path=staging.location(name),
                digest=content_digest(published[name].manifest, properties[name]),
                size=published[name].size,
                properties=properties[name],
            ),
        )
        for name, made in node.outputs.items()
    }
