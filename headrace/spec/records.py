"""A pipeline as plain data: all that a launcher or an orchestrator reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None


@dataclass(frozen=True)
class FromNode:
    """An output of a node in the same run."""

    node: str
    output: str


@dataclass(frozen=True)
class FromItems:
    """An output of a node inside `for_each`, for every item, in their order (reserved)."""

    node: str
    output: str


@dataclass(frozen=True)
class FromQuery:
    """What a resolver finds among artifacts older than the run."""

    resolver: str
    arguments: Mapping[str, str]
    keyed: bool


@dataclass(frozen=True)
class FromUri:
    """A folder that no pipeline made."""

    type: str
    layout: int
    uri: str
    properties: Mapping[str, Json]


SourceSpec: TypeAlias = FromNode | FromItems | FromQuery | FromUri


@dataclass(frozen=True)
class Constant:
    """A value known when the pipeline was declared."""

    value: Json


@dataclass(frozen=True)
class RunValue:
    """A parameter of the run."""

    name: str


@dataclass(frozen=True)
class SecretValue:
    """A value that only the executor's process reads from its environment."""

    name: str


@dataclass(frozen=True)
class ItemValue:
    """The item that the node runs for (reserved)."""


@dataclass(frozen=True)
class PropertyValue:
    """A property of the one artifact of a source."""

    source: SourceSpec
    property: str


@dataclass(frozen=True)
class ListOf:
    """A list with something unknown in it."""

    items: tuple[Expression, ...]


@dataclass(frozen=True)
class DictOf:
    """A mapping with something unknown in it."""

    items: Mapping[str, Expression]


@dataclass(frozen=True)
class Equals:
    """Two values are the same."""

    left: Expression
    right: Expression


@dataclass(frozen=True)
class AtLeast:
    """A number is not below another."""

    left: Expression
    right: Expression


@dataclass(frozen=True)
class And:
    """Both hold."""

    left: ConditionSpec
    right: ConditionSpec


@dataclass(frozen=True)
class Or:
    """One of them holds."""

    left: ConditionSpec
    right: ConditionSpec


@dataclass(frozen=True)
class Not:
    """It does not hold."""

    condition: ConditionSpec


Expression: TypeAlias = Constant | RunValue | SecretValue | ItemValue | PropertyValue | ListOf | DictOf
ConditionSpec: TypeAlias = Equals | AtLeast | And | Or | Not


@dataclass(frozen=True)
class InputSpec:
    """What one input of a node reads."""

    type: str
    sources: tuple[SourceSpec, ...]
    required: bool
    several: bool


@dataclass(frozen=True, kw_only=True)
class OutputSpec:
    """What one output of a node holds."""

    type: str
    layout: int
    gate: bool
    volatile: bool
    system_type: str


@dataclass(frozen=True, kw_only=True)
class ResourcesSpec:
    """What the pod of a node asks for; an empty text asks for nothing."""

    cpu: str
    memory: str
    cpu_request: str
    memory_request: str
    accelerator: str
    accelerators: int


@dataclass(frozen=True, kw_only=True)
class OptionsSpec:
    """Order, condition, cache use, attempts and resources of a node; times are in seconds."""

    after: tuple[str, ...]
    when: ConditionSpec | None
    run_if: Literal["upstream_succeeded", "always"]
    cache: Literal["on", "off", "refresh"]
    retries: int
    backoff: float
    timeout: float | None
    beam_args: tuple[str, ...]
    resources: ResourcesSpec | None


@dataclass(frozen=True, kw_only=True)
class NodeSpec:
    """One node: its component, its roles by name, and what it reads and makes.

    `gates` are the outputs, by node, of those above it that can block it.
    """

    id: str
    component: str
    version: int
    process_type: str
    environment: str
    distributions: tuple[str, ...]
    extra_sources: tuple[str, ...]
    driver: str
    executor: str
    publisher: str
    freezer: str | None
    inputs: Mapping[str, InputSpec]
    parameters: Mapping[str, Expression]
    locations: tuple[str, ...]
    functions: Mapping[str, str]
    outputs: Mapping[str, OutputSpec]
    gates: Mapping[str, tuple[str, ...]]
    items: Expression | None
    options: OptionsSpec


@dataclass(frozen=True)
class RunParameter:
    """A parameter that a run can be given."""

    type: str
    default: Json


@dataclass(frozen=True)
class PipelineSpec:
    """A pipeline."""

    name: str
    parameters: Mapping[str, RunParameter]
    nodes: tuple[NodeSpec, ...]
    on_exit: str | None
