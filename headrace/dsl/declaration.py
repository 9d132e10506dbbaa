"""What a component declares, read from its annotations, and whether its executor fits."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass
from inspect import formatannotation
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from headrace.dsl.artifact import Artifact
from headrace.dsl.channel import Channel
from headrace.dsl.function import Function
from headrace.dsl.parameter import Location, Placeholder
from headrace.errors import DeclarationError


@dataclass(frozen=True)
class Input:
    """One input: `Channel[A]`, `Channel[A] | None` or `Sequence[Channel[A]]`."""

    kind: type[Artifact]
    required: bool
    several: bool

    @property
    def annotation(self) -> str:
        name = self.kind.__name__
        return f"Sequence[{name}]" if self.several else name if self.required else f"{name} | None"


@dataclass(frozen=True)
class Declaration:
    """The inputs, outputs and parameters of a component."""

    inputs: Mapping[str, Input]
    outputs: Mapping[str, type[Artifact]]
    parameters: Mapping[str, object]

    @property
    def annotations(self) -> dict[str, str]:
        """How an executor annotates each of them."""
        return {
            **{name: declared.annotation for name, declared in self.inputs.items()},
            **{name: kind.__name__ for name, kind in self.outputs.items()},
            **{name: formatannotation(_bare(kind)) for name, kind in self.parameters.items()},
        }

    @property
    def locations(self) -> tuple[str, ...]:
        """The parameters that say where something outside the pipeline is."""
        return tuple(name for name, kind in self.parameters.items() if Location in (kind, *get_args(kind)))

    def accepts(self, name: str, annotation: str) -> bool:
        """Tell whether an executor may annotate an argument so; what a user's function takes is its own affair."""
        declared = self.parameters.get(name)
        if not annotation or Function in (declared, *get_args(declared)):
            return True
        kind = self.inputs[name].kind if name in self.inputs else self.outputs.get(name)
        return _words(annotation, kind) == _words(self.annotations[name], kind)


def read_declaration(hints: Mapping[str, object], fields: Iterable[Field[object]]) -> Declaration:
    """Sort the fields of a component by their shape."""
    inputs, outputs, parameters = dict[str, Input](), dict[str, type[Artifact]](), dict[str, object]()
    for field in fields:
        hint = hints[field.name]
        arms = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
        shapes = {get_origin(arm): get_args(arm) for arm in arms}
        several = [get_args(arm)[0] for arm in shapes.get(Sequence, ()) if get_origin(arm) is Channel]
        if Placeholder in shapes:
            (parameters[field.name],) = shapes[Placeholder]
        elif Channel in shapes and not field.init:
            (outputs[field.name],) = shapes[Channel]
        elif Channel in shapes:
            inputs[field.name] = Input(shapes[Channel][0], required=type(None) not in arms, several=False)
        elif several:
            inputs[field.name] = Input(several[0], required=field.default is MISSING, several=True)
        else:
            raise DeclarationError(
                found=f"{field.name}: {formatannotation(hint)}",
                expected="Channel[A], Channel[A] | None or Sequence[Channel[A]] (input), "
                "Channel[A] = output() (output) or Parameter[T]",
                do="Give the field one of these shapes",
            )
    return Declaration(inputs, outputs, parameters)


def _bare(kind: object) -> Any:
    """Take the marks off an annotation: `Annotated[str, ...]` is a str."""
    if get_origin(kind) is Annotated:
        return get_args(kind)[0]
    if get_origin(kind) in (Union, UnionType):
        return Union[tuple(_bare(arm) for arm in get_args(kind))]  # noqa: UP007  the arms are known at run time only
    return kind


def check_executor(component: str, declaration: Declaration, executor: Function) -> None:
    """Refuse an executor that does not fit its component; its module is parsed, not imported."""
    arguments = executor.parse().args
    taken = {
        argument.arg: ast.unparse(argument.annotation) if argument.annotation else ""
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    }
    declared = declaration.annotations
    wrong = [
        name
        for name in sorted(taken.keys() | declaration.outputs.keys())
        if name not in taken or name not in declared or not declaration.accepts(name, taken[name])
    ]
    if wrong:
        raise DeclarationError(
            found=f"{executor.reference} takes {_list(wrong, taken)}",
            expected=f"{_list(wrong, declared)}, as {component} declares {sorted(declared)}",
            do="Make them agree: every output, and inputs and parameters by name and type",
        )


def _list(names: Iterable[str], annotations: Mapping[str, str]) -> str:
    return ", ".join(f"{name}: {annotations[name]}" if name in annotations else f"no {name!r}" for name in names)


def _words(annotation: str, kind: type[Artifact] | None) -> set[str]:
    """Reduce an annotation to its names; an executor may take a parent of the artifact type, and a list."""
    words: set[str] = {word.rpartition(".")[2] for word in re.findall(r"[\w.]+", annotation)}
    same = {"list": "Sequence", "tuple": "Sequence", "dict": "Mapping", "Optional": "None", "NoneType": "None"}
    same |= {"Location": "str"}
    same |= {parent.__name__: "the artifact" for parent in (kind.__mro__ if kind else ())}
    return {same.get(word, word) for word in words if word not in ("", "Union", "Placeholder")}
