"""A run whose nodes are launched by processes of their own, in pods: opened once, by whichever comes first."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from headrace.errors import UnknownReference
from headrace.metadata.records import Run
from headrace.metadata.store import Store
from headrace.orchestrators.freeze import freeze
from headrace.orchestrators.open_run import record_of
from headrace.orchestrators.request import Request
from headrace.orchestrators.workspace import Workspace
from headrace.spec.messages import Failed
from headrace.spec.records import Json, NodeSpec, PipelineSpec
from headrace.workers.claims import Claims

KUBEFLOW_RUN = "kubeflow_run"
POLL = 0.2
"""Seconds between two looks at a claim that another pod holds."""


@dataclass(frozen=True, kw_only=True)
class SharedRequest:
    """What a pod is told of its run: Kubeflow's id of it, the values of its parameters, its nodes or some of them."""

    spec: PipelineSpec
    outside: str
    values: Mapping[str, Json] = field(default_factory=dict)
    spec_digest: str = ""
    beam_args: tuple[str, ...] = ()

    def node(self, name: str) -> NodeSpec:
        """Return the node that a pod launches."""
        return next(node for node in self.spec.nodes if node.id == name)


def join_run(request: SharedRequest, workspace: Workspace, interrupted: threading.Event | None = None) -> Run:
    """Return the record of the run; the first to ask freezes the spans and makes it.

    Raises KeyboardInterrupt when interrupted while another pod does.
    """
    run_id = run_id_of(request.outside, workspace.store)
    known = _recorded(run_id, workspace.store)
    if known is None:
        with _open_claim(run_id, workspace, interrupted or threading.Event()):
            known = _recorded(run_id, workspace.store)
            if known is None:
                known = _record(run_id, request, workspace)
                workspace.store.record_run(known)
    return known


def amend(record: Run, change: Callable[[Run], Run], workspace: Workspace, interrupted: threading.Event) -> Run:
    """Change the record of a run as it stands now: other pods change it, too."""
    with _open_claim(record.id, workspace, interrupted):
        known = workspace.store.run(record.id)
        changed = change(known)
        if changed != known:
            workspace.store.record_run(changed)
        return changed


@contextmanager
def _open_claim(run_id: str, workspace: Workspace, interrupted: threading.Event) -> Iterator[None]:
    with alone(workspace.claims, f"{run_id}-open", interrupted) as mine:
        if not mine:
            raise KeyboardInterrupt
        yield


def run_id_of(outside: str, store: Store) -> str:
    """Return our id of Kubeflow's run: when it was first recorded, and part of its uuid; every pod finds the same."""
    began = store.run_begun_outside(KUBEFLOW_RUN, outside)
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(began))
    return f"{stamp}-{int(began % 1 * 1e6):06d}-{outside.replace('-', '')[:8]}"


def node_claim(run: str, node: str) -> str:
    """Name the claim that keeps two pods of one node apart."""
    return f"{run}-{node}"


def frozen_for(node: NodeSpec, record: Run, workspace: Workspace, interrupted: threading.Event) -> Run | Failed:
    """Return the record with what the node's freezer answers, where the run was opened without it."""
    if not node.freezer or node.id in record.frozen:
        return record
    alone_in_it = PipelineSpec(name=record.pipeline, parameters={}, nodes=(node,), on_exit=None)
    answered = freeze(alone_in_it, record.id, record.values, {node.id})
    if node.id in answered.failures:
        return answered.failures[node.id]

    def add(known: Run) -> Run:
        return replace(known, frozen={**answered.values, **known.frozen})

    return amend(record, add, workspace, interrupted)


@contextmanager
def alone(claims: Claims, key: str, interrupted: threading.Event) -> Iterator[bool]:
    """Hold a claim while the block runs, after whoever holds it before; False when interrupted meanwhile."""
    while True:
        with claims.claimed(key) as mine:
            if mine:
                yield True
                return
        while claims.is_claimed(key):
            if interrupted.wait(POLL):
                yield False
                return


def _recorded(run_id: str, store: Store) -> Run | None:
    try:
        return store.run(run_id)
    except UnknownReference:
        return None


def _record(run_id: str, request: SharedRequest, workspace: Workspace) -> Run:
    """Describe the run; a freezer that fails is asked again by its node's own pod, which records the failure."""
    frozen = freeze(request.spec, run_id, request.values, {node.id for node in request.spec.nodes})
    origins = dict.fromkeys(request.values, "Kubeflow")
    asked = Request(spec=request.spec, values=request.values, origins=origins, run_id=run_id, orchestrator="kubeflow")
    return replace(record_of(asked, workspace, frozen), spec_digest=request.spec_digest)
