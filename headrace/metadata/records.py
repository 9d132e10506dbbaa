"""Executions and runs, as the store keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from headrace.metadata.taints import Taints
from headrace.spec.messages import ArtifactRecord, Block, Canceled, Failed, Skip
from headrace.spec.records import Json
from headrace.storage.digest import digest_of


@dataclass(frozen=True)
class CacheKey:
    """What decides an execution's outcome, part by part; `sources` digests modules, whose names do not count."""

    parts: Mapping[str, str]
    sources: Mapping[str, str]

    @property
    def digest(self) -> str:
        return digest_of([sorted(self.parts.items()), sorted(self.sources.values())])

    @property
    def code_digest(self) -> str:
        return digest_of(sorted(self.sources.values()))


@dataclass(frozen=True)
class Running:
    """The executor was called, or its process died without a word."""


@dataclass(frozen=True)
class Complete:
    """The executor succeeded and its outputs are in place."""


@dataclass(frozen=True)
class Cached:
    """The outputs of an earlier execution stand for this one; `reason` where that was asked for."""

    execution: int
    reason: str = ""


Status: TypeAlias = Running | Complete | Cached | Failed | Skip | Block | Canceled


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What an executor's process used: seconds of wall clock and of CPU, peak resident memory in bytes."""

    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory: int = 0


@dataclass(frozen=True, kw_only=True)
class Execution:
    """One attempt of one node in one run."""

    pipeline: str
    run: str
    node: str
    component: str
    status: Status
    attempt: int = 1
    item: int | None = None
    key: CacheKey | None = None
    inputs: Mapping[str, tuple[ArtifactRecord, ...]] = field(default_factory=dict)
    outputs: Mapping[str, tuple[ArtifactRecord, ...]] = field(default_factory=dict)
    parameters: Mapping[str, Json] = field(default_factory=dict)
    resolvers: Mapping[str, str] = field(default_factory=dict)
    usage: Usage = field(default_factory=Usage)
    log: str = ""
    process_type: str = "PROCESS"
    offered: bool = True
    note: str = ""
    started: float = 0.0
    ended: float = 0.0
    id: int = 0

    @property
    def name(self) -> str:
        """`<run>/<node>[<item>]/<attempt>`: unique in a store."""
        item = "" if self.item is None else f"[{self.item}]"
        return f"{self.run}/{self.node}{item}/{self.attempt}"

    @property
    def given(self) -> list[ArtifactRecord]:
        """All that it gave, output by output."""
        return [artifact for found in self.outputs.values() for artifact in found]

    @property
    def succeeded(self) -> bool:
        return isinstance(self.status, Complete | Cached)


RunState: TypeAlias = Literal["RUNNING", "COMPLETE", "FAILED", "BLOCKED", "CANCELED"]


@dataclass(frozen=True, kw_only=True)
class Run:
    """One launch of a pipeline.

    Times are seconds since the epoch, `origins` says where each value came from; `selected` is empty for all nodes.
    """

    id: str
    pipeline: str
    state: RunState = "RUNNING"
    values: Mapping[str, Json] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    frozen: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    selected: Sequence[str] = ()
    started: float = 0.0
    ended: float = 0.0
    spec_digest: str = ""
    git_commit: str = ""
    git_dirty: bool = False
    environment: str = ""
    host: str = ""
    orchestrator: str = "local"


@dataclass(frozen=True)
class Made:
    """An artifact, and the execution that made it."""

    artifact: ArtifactRecord
    execution: int
    run: str
    node: str


@dataclass(frozen=True, kw_only=True)
class StoredArtifact:
    """An artifact with what the store alone knows: its full name, state (LIVE, DELETED, …) and time of creation.

    `taints` are the marks by which nothing may reuse it, `tainted` is the same in words.
    """

    record: ArtifactRecord
    name: str = ""
    state: str = "LIVE"
    taints: Taints = field(default_factory=Taints)
    created: float = 0.0

    @property
    def id(self) -> int:
        return self.record.id

    @property
    def type(self) -> str:
        return self.record.type

    @property
    def tainted(self) -> str:
        return self.taints.told(f"artifact:{self.id}")

    @property
    def shown_state(self) -> str:
        """Its state as it is shown: TAINTED goes before all others."""
        return "TAINTED" if self.taints.reasons else self.state

    @property
    def span(self) -> int | None:
        span = self.record.properties.get("span")
        return span if isinstance(span, int) and not isinstance(span, bool) else None
