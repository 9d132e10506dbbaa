"""A pipeline: nodes with ids, each reading only from the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from headrace.dsl.component import Component, channels_of, placeholders_of
from headrace.dsl.parameter import PropertyOf
from headrace.dsl.source import Output, Producer, Source
from headrace.errors import PipelineError


@dataclass(frozen=True)
class Pipeline:
    """Named nodes in any order; `on_exit` is a node that runs last, however the run ended."""

    name: str
    nodes: Sequence[Component]
    on_exit: Component | None = None
    ids: Mapping[Producer, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not self.name.replace("-", "_").isidentifier():
            raise PipelineError(
                found=f"a pipeline called {self.name!r}", expected="letters, digits, - and _", do="Rename it"
            )
        for entry in self.members:
            if not isinstance(entry, Component):
                raise PipelineError(
                    found=f"{entry!r} among the nodes", expected="components", do="List the node itself"
                )
        object.__setattr__(self, "ids", _ids(self.members))
        for node in self.members:
            self._check_reads(node)

    @property
    def members(self) -> list[Component]:
        """List the nodes, the exit handler last."""
        return [*self.nodes, *([self.on_exit] if self.on_exit else [])]

    def _check_reads(self, node: Component) -> None:
        needed = [*node.options.after, *(s.producer for s in sources_of(node) if isinstance(s, Output))]
        for producer in needed:
            if producer not in self.ids:
                raise PipelineError(
                    found=f"{self.ids[node]} ({node.declared_at}) needs {type(producer).__name__} "
                    f"({producer.declared_at}), which is not in the pipeline {self.name!r}",
                    expected="every node that another one needs to be listed",
                    do=f"Add it to Pipeline({self.name!r}, [...])",
                )


def _ids(members: Sequence[Component]) -> dict[Producer, str]:
    """Name every node: its own id, or its class."""
    taken: dict[str, Component] = {}
    for node in members:
        name = node.options.id or type(node).__name__
        if name in taken:
            raise PipelineError(
                found=f"two nodes are called {name!r}: {taken[name].declared_at} and {node.declared_at}",
                expected="an id of its own for every node",
                do="Give one of them options=NodeOptions(id=...)",
            )
        taken[name] = node
    return {node: name for name, node in taken.items()}


def sources_of(node: Component) -> Iterator[Source]:
    """Find where a node's inputs and placeholders come from."""
    yield from (channel.source for name in node.declaration.inputs for channel in channels_of(node, name))
    yield from (placeholder.source for placeholder in placeholders_of(node) if isinstance(placeholder, PropertyOf))
