"""A component: typed inputs, parameters and outputs, and the three roles."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from inspect import get_annotations
from pathlib import Path
from typing import Any, ClassVar, Literal, dataclass_transform, get_type_hints

from headrace.dsl.artifact import Artifact
from headrace.dsl.channel import Channel
from headrace.dsl.declaration import Declaration, check_executor, read_declaration
from headrace.dsl.function import Function
from headrace.dsl.node_options import NodeOptions
from headrace.dsl.parameter import Placeholder, placeholders
from headrace.dsl.source import Output
from headrace.errors import DeclarationError

resolve_inputs = Function("headrace.launcher.drive:resolve_inputs")
publish_outputs = Function("headrace.launcher.publish:publish_outputs")

Environment = Literal["bare", "beam", "tf_keras", "keras3"]
ProcessType = Literal["PROCESS", "TRAIN", "TRANSFORM", "EVALUATE", "DEPLOY"]


def output(*, init: Literal[False] = False) -> Any:
    """Mark a channel as an output: the component makes it, callers read it."""
    return field(init=init, repr=False)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(output, field))
class _Declared:
    def __init_subclass__(cls) -> None:
        try:
            dataclass(kw_only=True, frozen=True, eq=False)(cls)
        except ValueError as error:
            raise DeclarationError(
                found=f"{cls.__name__}: {error}",
                expected="a default that nobody can change",
                do="Write () for an empty list, or field(default_factory=dict) for an empty mapping",
            ) from error


class Component(_Declared):
    """Subclass it to declare a component; an instance is a node of a pipeline.

    `freezer` names a function that a run asks once, at its start, for what must not change while it goes on (the span
    of a source). `environment` is the set of imports that the executor's process starts with; the versions of
    `distributions` are parts of the cache key; `extra_sources` are modules that the executor reaches by other ways
    than imports.
    """

    driver: ClassVar[Function] = resolve_inputs
    executor: ClassVar[Function]
    publisher: ClassVar[Function] = publish_outputs
    freezer: ClassVar[Function | None] = None
    component_id: ClassVar[str]
    component_version: ClassVar[int] = 1
    process_type: ClassVar[ProcessType] = "PROCESS"
    environment: ClassVar[Environment] = "bare"
    distributions: ClassVar[Sequence[str]] = ()
    extra_sources: ClassVar[Sequence[str]] = ()
    declaration: ClassVar[Declaration]

    options: NodeOptions = NodeOptions()
    declared_at: str = field(init=False, repr=False)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        own = {f.name for f in fields(Component)}
        taken = own | vars(Component).keys() | get_annotations(Component).keys()
        if reserved := sorted(taken & get_annotations(cls).keys()):
            raise DeclarationError(
                found=f"{cls.__name__} declares {reserved}",
                expected="names that Component does not use itself",
                do="Rename them",
            )
        hints = get_type_hints(cls, include_extras=True)
        cls.declaration = read_declaration(hints, (f for f in fields(cls) if f.name not in own))
        if "executor" not in vars(cls) and not hasattr(cls, "executor"):
            raise DeclarationError(
                found=f"{cls.__name__} has no executor",
                expected="executor = Function('module:name')",
                do="Name the function that does the work",
            )
        check_executor(cls.__name__, cls.declaration, cls.executor)
        if "component_id" not in vars(cls):
            cls.component_id = cls.__name__

    def __post_init__(self) -> None:
        caller = sys._getframe(2)  # who called the generated __init__
        object.__setattr__(self, "declared_at", f"{Path(caller.f_code.co_filename).name}:{caller.f_lineno}")
        for name, kind in self.declaration.outputs.items():
            object.__setattr__(self, name, Channel(kind, Output(self, name)))
        for name, wanted in self.declaration.inputs.items():
            for given in channels_of(self, name):
                if not _is_channel_of(wanted.kind, given):
                    raise DeclarationError(
                        found=f"{type(self).__name__}.{name} ({self.declared_at}) is given {_described(given)}",
                        expected=f"a channel of {wanted.kind.__name__}",
                        do="Give it an output such as node.output, or given(artifact) in a test",
                    )


def _is_channel_of(kind: type[Artifact], given: object) -> bool:
    return isinstance(given, Channel) and issubclass(given.kind, kind)


def _described(given: object) -> str:
    """Name what stands where a channel should."""
    match given:
        case Channel(kind=kind, source=Output(producer, name)):
            return f"a channel of {kind.__name__} ({type(producer).__name__}.{name})"
        case Channel(kind=kind):
            return f"a channel of {kind.__name__}"
        case Component():
            return f"the node {type(given).__name__}"
        case _:
            return repr(given)


def channels_of(node: Component, name: str) -> tuple[Channel[Artifact], ...]:
    """Return what one input of a node is given: none, one or several channels."""
    match getattr(node, name):
        case None:
            return ()
        case [*several]:
            return tuple(several)
        case single:
            return (single,)


def parameters_of(node: Component) -> dict[str, object]:
    return {name: getattr(node, name) for name in node.declaration.parameters}


def placeholders_of(node: Component) -> Iterator[Placeholder[object]]:
    """Find all that a node cannot know before a run: in its parameters and its condition."""
    return placeholders([parameters_of(node), node.options.when])
