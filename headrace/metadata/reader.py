"""What drivers, resolvers and previews see of the metadata: a protocol that a preview can wrap."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from headrace.metadata.records import Execution, Made
from headrace.storage.root import Root


class WithKey(NamedTuple):
    """The executions of a cache key that may be reused, and why others may not: what they gave is tainted, or gone."""

    reusable: Sequence[Execution]
    barred: Sequence[str]


class Reader(Protocol):
    """Reads; nothing of it writes."""

    @property
    def root(self) -> Root:
        """Where artifacts are."""
        ...

    def in_run(self, run: str) -> Sequence[Execution]:
        """Return the executions of a run, oldest first."""
        ...

    def with_key(self, digest: str) -> WithKey:
        """Return the executions of a cache key, newest first, of whatever pipeline."""
        ...

    def of_node(self, pipeline: str, node: str, limit: int) -> Sequence[Execution]:
        """Return the last executions of a node, newest first."""
        ...

    def made(self, pipeline: str, type_id: str) -> Sequence[Made]:
        """Return the artifacts of a type that a pipeline made and that are still there, newest first."""
        ...


@dataclass(frozen=True)
class Nothing:
    """The reader of a store that is not there yet: nothing has run."""

    root: Root

    def in_run(self, run: str) -> Sequence[Execution]:  # noqa: ARG002  the protocol's signature
        return ()

    def with_key(self, digest: str) -> WithKey:  # noqa: ARG002  the protocol's signature
        return WithKey((), ())

    def of_node(self, pipeline: str, node: str, limit: int) -> Sequence[Execution]:  # noqa: ARG002  the protocol's signature
        return ()

    def made(self, pipeline: str, type_id: str) -> Sequence[Made]:  # noqa: ARG002  the protocol's signature
        return ()


def last_attempts(executions: Sequence[Execution]) -> dict[str, Execution]:
    """Keep the last attempt of every node."""
    return {execution.node: execution for execution in sorted(executions, key=lambda e: (e.id, e.attempt))}
