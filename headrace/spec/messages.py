"""What passes between the launcher and the three roles, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeVar

from headrace.dsl.artifact import Artifact, PropertyName
from headrace.spec.records import Json, NodeSpec

SECRET = "secret of the environment"
"""The one key of the mapping that stands for a secret: its name travels, its value does not."""

A = TypeVar("A", bound=Artifact)
T = TypeVar("T", bound=Json)


@dataclass(frozen=True, kw_only=True)
class ArtifactRecord:
    """An artifact as the metadata tell of it; its digest covers bytes and properties; size in bytes.

    `id` is the store's, 0 before it has one.
    """

    type: str
    layout: int
    path: str
    digest: str
    properties: Mapping[str, Json]
    size: int = 0
    id: int = 0

    @property
    def known_size(self) -> int | None:
        """Its size; None for another program's artifact, whose size no store records."""
        return self.size if self.digest else None


@dataclass(frozen=True)
class Item:
    """One item of a `for_each` (reserved)."""

    index: int
    value: Json


@dataclass(frozen=True, kw_only=True)
class NodeRun:
    """One node in one run: the values of the run's parameters, and what the node's freezer answered at its start."""

    pipeline: str
    run: str
    node: NodeSpec
    values: Mapping[str, Json]
    frozen: Mapping[str, Json] = field(default_factory=dict)
    item: Item | None = None

    @property
    def index(self) -> int | None:
        return self.item.index if self.item else None


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A driver's answer: the node can run on this.

    `facts` are further parts of its cache key; `no_reuse` says why an earlier result cannot stand, when it cannot.
    """

    inputs: Mapping[str, tuple[ArtifactRecord, ...]]
    parameters: Mapping[str, Json]
    facts: Mapping[str, str] = field(default_factory=dict)
    no_reuse: str = ""


@dataclass(frozen=True)
class Skip:
    """There is nothing to do in this run; `refused` where a judgement said so (a model that is not blessed)."""

    reason: str
    refused: bool = False


@dataclass(frozen=True)
class Block:
    """A gate stopped the node."""

    gate: str


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """All that an executor's process is told: records of inputs, values, functions by name, folders of outputs.

    `work` is a folder that stays between attempts of one key; `project` is the folder it is called in.
    """

    executor: str
    inputs: Mapping[str, tuple[ArtifactRecord, ...]]
    parameters: Mapping[str, Json]
    functions: Mapping[str, str]
    outputs: Mapping[str, str]
    beam_args: tuple[str, ...]
    project: str
    work: str


@dataclass(frozen=True)
class Succeeded:
    """The executor returned; the properties that it set, by output."""

    properties: Mapping[str, Mapping[str, Json]]

    def with_property(self, output: str, name: PropertyName[A, T], value: T) -> Succeeded:
        """Set one property of an output: what a publisher decides."""
        changed = {**self.properties[output], name.name: value}
        return replace(self, properties={**self.properties, output: changed})


@dataclass(frozen=True, kw_only=True)
class Failed:
    """A role raised, or its process died.

    `permanent` when another attempt would end the same: an error of configuration or import. `frame` is the user's own
    line, as `file:line in function`; `log` the path of the node's log.
    """

    type: str
    message: str
    traceback: str = ""
    frame: str = ""
    log: str = ""
    permanent: bool = False


@dataclass(frozen=True)
class Canceled:
    """The run was interrupted while the executor worked."""

    reason: str


Result: TypeAlias = Succeeded | Failed | Canceled


@dataclass(frozen=True)
class Answer:
    """All that an executor's process tells."""

    result: Result
