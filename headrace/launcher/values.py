"""What sources, expressions and conditions stand for in a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias, cast

from headrace.errors import LaunchError
from headrace.metadata.reader import Reader, last_attempts
from headrace.metadata.records import Execution, Made
from headrace.spec import records
from headrace.spec.messages import SECRET, ArtifactRecord, NodeRun
from headrace.spec.records import FromNode, FromQuery, FromUri, Json, SourceSpec
from headrace.storage.digest import content_digest, manifest_of
from headrace.user_code.load import load

Inputs: TypeAlias = Mapping[str, Sequence[ArtifactRecord]]


@dataclass(frozen=True)
class Older:
    """What a resolver sees: the artifacts that older runs of the same pipeline made (run ids sort by time)."""

    reader: Reader
    node_run: NodeRun

    def made(self, type_id: str, like: str = "") -> list[Made]:
        """Return the artifacts of a type, newest first, that are still there.

        `like` names an input: the artifacts are then of the nodes that it comes from.
        """
        return self._held(self._recorded(type_id, like))

    def newest(self, type_id: str) -> Made | None:
        """Return the newest artifact of a type that is still there; the root is asked about no older one."""
        return next((made for made in self._recorded(type_id) if self._held([made])), None)

    def _recorded(self, type_id: str, like: str = "") -> list[Made]:
        wanted = self.node_run.node.inputs.get(like)
        nodes = {source.node for source in wanted.sources if isinstance(source, FromNode)} if wanted else set()
        found = self.reader.made(self.node_run.pipeline, type_id)
        return [made for made in found if made.run < self.node_run.run and (not nodes or made.node in nodes)]

    def _held(self, older: Sequence[Made]) -> list[Made]:
        held = self.reader.root.held(made.artifact.path for made in older)
        return [made for made in older if made.artifact.path in held]


class Resolver(Protocol):
    """Finds artifacts older than the run, knowing the inputs that the run itself made."""

    def __call__(self, arguments: Mapping[str, str], inputs: Inputs, older: Older) -> Sequence[ArtifactRecord]: ...


def upstream(name: str, node_run: NodeRun, reader: Reader) -> Execution | None:
    """Return the last attempt of a node in this run."""
    return last_attempts(reader.in_run(node_run.run)).get(name)


def artifacts_of(source: SourceSpec, node_run: NodeRun, reader: Reader, inputs: Inputs) -> list[ArtifactRecord]:
    """Return the artifacts that a source holds for a node."""
    match source:
        case FromNode(node, output):
            made = upstream(node, node_run, reader)
            return [*made.outputs.get(output, ())] if made and made.succeeded else []
        case FromQuery(resolver, arguments):
            resolve: Resolver = load(resolver)
            return [*resolve(arguments, inputs, Older(reader, node_run))]
        case FromUri(type_id, layout, uri, properties):
            digest = content_digest(manifest_of(Path(uri)), properties)
            return [ArtifactRecord(type=type_id, layout=layout, path=uri, digest=digest, properties=properties)]
        case records.FromItems():
            raise LaunchError(found="for_each", expected="nodes one by one: it is reserved", do="Write the spec again")


def evaluate(expression: records.Expression, node_run: NodeRun, reader: Reader) -> Json:
    """Return the value that a parameter has for a node."""
    match expression:
        case records.Constant(value):
            return value
        case records.RunValue(name):
            return node_run.values[name]
        case records.SecretValue(name):
            return {SECRET: name}
        case records.ItemValue():
            return node_run.item.value if node_run.item else None
        case records.PropertyValue(source, name):
            return _property(artifacts_of(source, node_run, reader, {}), name, node_run)
        case records.ListOf(items):
            return [evaluate(item, node_run, reader) for item in items]
        case records.DictOf(named):
            return {key: evaluate(item, node_run, reader) for key, item in named.items()}


def holds(condition: records.ConditionSpec, node_run: NodeRun, reader: Reader) -> bool:
    """Tell whether a condition is true."""
    match condition:
        case records.Equals(left, right):
            return evaluate(left, node_run, reader) == evaluate(right, node_run, reader)
        case records.AtLeast(left, right):
            # The dsl compares numbers only.
            return cast(float, evaluate(left, node_run, reader)) >= cast(float, evaluate(right, node_run, reader))
        case records.And(one, other):
            return holds(one, node_run, reader) and holds(other, node_run, reader)
        case records.Or(one, other):
            return holds(one, node_run, reader) or holds(other, node_run, reader)
        case records.Not(negated):
            return not holds(negated, node_run, reader)


def _property(found: Sequence[ArtifactRecord], name: str, node_run: NodeRun) -> Json:
    if len(found) != 1 or name not in found[0].properties:
        raise LaunchError(
            found=f"{node_run.node.id} needs the property {name!r} of {[artifact.path for artifact in found]}",
            expected="one artifact that has it",
            do="Set the property in the executor, or take it from a channel with one artifact",
        )
    return found[0].properties[name]
