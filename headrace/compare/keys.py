"""What decided two sets of executions, beside each other: parameters, code, environment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from json import dumps

from headrace.lineage.determinants import code_of, environment_of, parameters_of
from headrace.lineage.run_diff import PartChange, changes_between
from headrace.metadata.records import Execution, Run

Side = Mapping[str, Execution]
"""Executions by the names of their nodes."""


@dataclass(frozen=True, kw_only=True)
class ParameterChange:
    """A parameter that differs, as JSON: of the run where `node` is empty; with where each value came from."""

    node: str
    name: str
    before: str
    after: str
    origins: tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class CodeChange:
    """A module whose source differs: digests, empty on the side that did not use it, and the nodes that used it."""

    module: str
    before: str
    after: str
    nodes: Sequence[str]


def diff_values(before: Run, after: Run) -> list[ParameterChange]:
    """List the values of two runs that differ."""
    changes = changes_between(*({name: dumps(value) for name, value in run.values.items()} for run in (before, after)))
    return [
        ParameterChange(
            node="",
            name=change.part,
            before=change.before,
            after=change.after,
            origins=(before.origins.get(change.part, ""), after.origins.get(change.part, "")),
        )
        for change in changes
    ]


def diff_parameters(before: Side, after: Side) -> list[ParameterChange]:
    """List the parameters that differ, of nodes that are on both sides."""
    return [
        ParameterChange(node=node, name=change.part, before=change.before, after=change.after, origins=("", ""))
        for node in after
        if node in before
        for change in changes_between(_parameters(before[node]), _parameters(after[node]))
    ]


def diff_code(before: Side, after: Side) -> list[CodeChange]:
    """List the modules whose source differs; one that changed in the middle of a side is told by its last source."""
    one, other = (_modules(side) for side in (before, after))
    return [
        CodeChange(
            module=c.part, before=c.before, after=c.after, nodes=_users(c.part, [*before.values(), *after.values()])
        )
        for c in changes_between(one, other)
    ]


def diff_environment(before: Side, after: Side) -> list[PartChange]:
    """List the distributions, components and layouts that nodes depended on in other versions."""
    return changes_between(*(_environment(side) for side in (before, after)))


def _parameters(execution: Execution) -> dict[str, str]:
    return {name: dumps(value) for name, value in parameters_of(execution).items()}


def _modules(side: Side) -> dict[str, str]:
    return {module: digest for e in side.values() for module, digest in sorted(code_of(e).items())}


def _users(module: str, executions: Sequence[Execution]) -> list[str]:
    return list(dict.fromkeys(e.node for e in executions if module in code_of(e)))


def _environment(side: Side) -> dict[str, str]:
    parts: dict[str, str] = {}
    for execution in side.values():
        parts |= environment_of(execution)
        for name, value in (execution.key.parts if execution.key else {}).items():
            if name == "component" or name.startswith("layout of "):
                parts[f"{execution.node}: {name}"] = value
    return parts
