"""A pipeline whose nodes run in pods, each launched on its own: what one run of it records."""

import threading
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pytest

from headrace.dsl.component import Component
from headrace.errors import ConfigError, ConflictError, UsageError
from headrace.metadata.claim_records import Claim, ClaimRecords
from headrace.metadata.reader import last_attempts
from headrace.metadata.records import Execution, Running
from headrace.metadata.states import reason_of, state_of
from headrace.orchestrators.abandoned import close_abandoned
from headrace.orchestrators.kept_logs import kept_log
from headrace.orchestrators.pod import Pod, close, fail_node, launch_node, outcome
from headrace.orchestrators.request import Finished
from headrace.orchestrators.shared_run import SharedRequest, join_run, node_claim
from headrace.spec.order import ordered, required
from headrace.spec.records import Json, NodeSpec, PipelineSpec
from headrace.workers.lease import this_process
from headrace.workers.store_claims import StoreClaims
from tests.conftest import Lab, states
from tests.parts import Bless, Copy, Count, Counting, Join, Judge, Misbehaving, Picky, Source, Spanned, Train, named


@dataclass
class Cluster:
    """Starts a pod for each node as Kubeflow does: in order, none below one that failed, `close` at the end."""

    lab: Lab
    spec: PipelineSpec
    values: Mapping[str, Json]
    run: str = ""

    def __post_init__(self) -> None:
        self.run = self.run or str(uuid.uuid4())

    def pod(self, *nodes: NodeSpec) -> Pod:
        part = replace(self.spec, nodes=nodes) if nodes else self.spec
        return Pod(SharedRequest(spec=part, outside=self.run, values=self.values), self.lab.workspace)

    def launch(self, name: str) -> Execution:
        (node,) = (node for node in self.spec.nodes if node.id == name)
        frozen = [other for other in self.spec.nodes if other.freezer and other.id != name]
        return launch_node(name, self.pod(node, *frozen))

    def start_all(self) -> dict[str, int]:
        """Start the pods that Kubeflow would; return their exit codes."""
        codes: dict[str, int] = {}
        for node in ordered(self.spec):
            if node.id != self.spec.on_exit and all(codes.get(above) == 0 for above in required(node)):
                codes[node.id] = 1 if state_of(self.launch(node.id)) == "FAILED" else 0
        return codes

    def run_all(self) -> Finished:
        self.start_all()
        return close(self.pod())


def cluster(lab: Lab, *nodes: Component, on_exit: Component | None = None, **values: Json) -> Cluster:
    return Cluster(lab, lab.spec(*nodes, on_exit=on_exit), values)


def three(lab: Lab) -> Cluster:
    source = Source(texts=["a", "b"])
    return cluster(lab, source, copied := Copy(rows=source.rows), Count(rows=copied.copied))


def facts(finished: Finished) -> dict[str, tuple[str, list[tuple[str, str]], list[tuple[str, str]]]]:
    """Tell of every node its state, and the digests that it read and made."""

    def digests(side: Mapping[str, object]) -> list[tuple[str, str]]:
        return [(name, a.digest) for name, found in side.items() for a in found]  # type: ignore[attr-defined]

    return {n: (state_of(e), digests(e.inputs), digests(e.outputs)) for n, e in finished.executions.items()}


def test_pods_record_what_a_local_run_records(lab: Lab, tmp_path: Path) -> None:
    local = Lab(tmp_path / "local", lab.pool)
    pods = three(lab)
    assert facts(pods.run_all()) == facts(local.run_spec(pods.spec))


def test_a_second_run_in_pods_and_a_local_one_are_cached(lab: Lab) -> None:
    first = three(lab)
    first.run_all()
    again = Cluster(lab, first.spec, {})
    assert set(states(again.run_all()).values()) == {"CACHED"}
    assert set(states(lab.run_spec(first.spec)).values()) == {"CACHED"}


def test_every_pod_finds_the_same_run_and_the_record_says_how_it_ended(lab: Lab) -> None:
    pods = three(lab)
    assert {join_run(pods.pod().request, lab.workspace).id for _ in range(3)} == {pods.run_all().run.id}
    (record,) = lab.store.runs()
    assert (record.state, record.orchestrator) == ("COMPLETE", "kubeflow")


def test_a_gate_blocks_what_depends_on_it_and_its_pods_end_well(lab: Lab) -> None:
    source = Source(texts=["a"])
    judge = Judge(rows=source.rows, least=2)
    pods = cluster(lab, source, judge, Copy(rows=source.rows, options=named("copy", after=[judge])))
    assert set(pods.start_all().values()) == {0}
    assert int(outcome(pods.pod()).exit_code()) == 3
    finished = close(pods.pod())
    assert (states(finished)["copy"], finished.run.state) == ("BLOCKED", "BLOCKED")


def test_a_skip_is_recorded_with_its_reason_and_the_run_is_complete(lab: Lab) -> None:
    finished = cluster(lab, Picky(wanted=False)).run_all()
    assert reason_of(finished.executions["Picky"]) == "nobody wants it"
    assert finished.run.state == "COMPLETE"


def test_after_a_failure_close_records_the_rest_and_runs_what_runs_in_any_case(lab: Lab, tmp_path: Path) -> None:
    bad = Misbehaving(how="raise", memory=str(tmp_path / "memory"))
    below = Copy(rows=bad.made, options=named("below"))
    always = Join(others=[bad.made], options=named("always", run_if="always"))
    at_last = Source(texts=["last"], options=named("at_last"))
    pods = cluster(lab, bad, below, always, on_exit=at_last)
    finished = pods.run_all()
    assert states(finished) == {
        "Misbehaving": "FAILED",
        "below": "SKIPPED",
        "always": "COMPLETE",
        "at_last": "COMPLETE",
    }
    assert reason_of(finished.executions["below"]) == "Misbehaving failed"
    assert finished.run.state == "FAILED"


def test_a_pod_that_failed_before_its_record_fails_the_run_and_the_exit_handler_runs(lab: Lab) -> None:
    source = Source(texts=["a"])
    copied = Copy(rows=source.rows)
    last = Source(texts=["last"], options=named("at_last"))
    pods = cluster(lab, source, copied, Count(rows=copied.copied), on_exit=last)
    pods.launch("Source")
    finished = close(pods.pod(), "FAILED")
    assert states(finished) == {"Source": "COMPLETE", "Copy": "FAILED", "Count": "SKIPPED", "at_last": "COMPLETE"}
    assert "before it could record anything" in reason_of(finished.executions["Copy"])
    assert finished.run.state == "FAILED"


def test_what_keeps_a_pod_from_launching_is_recorded(lab: Lab) -> None:
    pods = cluster(lab, Source())
    fail_node("Source", ConfigError(found="a wrong bundle", expected="another", do="Compile"), pods.pod())
    finished = close(pods.pod(), "FAILED")
    assert reason_of(finished.executions["Source"]) == "a wrong bundle; expected another. Compile."


def test_a_run_that_goes_on_in_kubeflow_is_not_resumed_here(lab: Lab) -> None:
    pods = three(lab)
    record = join_run(pods.pod().request, lab.workspace)
    with pytest.raises(ConflictError, match=f"{record.id} is running in Kubeflow"):
        lab.run_spec(pods.spec, resume=record)


def test_kubeflow_owns_retries(lab: Lab, tmp_path: Path) -> None:
    flaky = Misbehaving(how="recover", memory=str(tmp_path / "memory"), options=named("flaky", retries=3))
    pods = cluster(lab, flaky)
    ended = [pods.launch("flaky") for _ in range(2)]
    assert [(state_of(e), e.attempt) for e in ended] == [("FAILED", 1), ("COMPLETE", 2)]


def test_a_pod_that_is_started_again_after_its_commit_records_nothing_twice(lab: Lab) -> None:
    pods = cluster(lab, Source())
    first, again = pods.launch("Source"), pods.launch("Source")
    assert first.id == again.id
    assert len(lab.attempts(first.run)) == 1


def test_a_pod_that_is_started_twice_at_once_works_once(lab: Lab, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    pods = cluster(lab, Counting(ledger=str(ledger), seconds=0.5, options=named("node", cache="off")))
    found: list[Execution] = []
    threads = [threading.Thread(target=lambda: found.append(pods.launch("node"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({execution.id for execution in found}) == 1
    assert ledger.read_text(encoding="utf-8") == "called\n"


def test_what_a_dead_pod_left_is_closed_and_done_again(lab: Lab) -> None:
    pods = cluster(lab, Source())
    (node,) = pods.spec.nodes
    record = join_run(pods.pod().request, lab.workspace)
    begun = Execution(
        pipeline="test", run=record.id, node=node.id, component=node.component, status=Running(), attempt=1
    )
    lab.store.begin(begun)
    assert state_of(pods.launch("Source")) == "COMPLETE"
    assert [(state_of(e), e.attempt) for e in lab.attempts(record.id)] == [("FAILED", 1), ("COMPLETE", 2)]


def test_a_failed_run_that_is_tried_again_does_what_had_not_been_done(lab: Lab, tmp_path: Path) -> None:
    flaky = Misbehaving(how="recover", memory=str(tmp_path / "memory"))
    pods = cluster(lab, flaky, Copy(rows=flaky.made))
    assert states(pods.run_all()) == {"Misbehaving": "FAILED", "Copy": "SKIPPED"}
    assert states(pods.run_all()) == {"Misbehaving": "COMPLETE", "Copy": "COMPLETE"}
    assert lab.store.runs()[0].state == "COMPLETE"


def test_the_log_of_a_pod_is_kept_beside_the_artifacts(lab: Lab, tmp_path: Path) -> None:
    pods = cluster(lab, Misbehaving(how="speak", memory=str(tmp_path / "memory")))
    execution = pods.launch("Misbehaving")
    kept = kept_log(execution, lab.workspace.place.root)
    assert kept is not None
    assert b"through print" in kept


def test_spans_are_frozen_by_the_first_pod(lab: Lab, tmp_path: Path) -> None:
    folder = tmp_path / "spans"
    folder.mkdir()
    (folder / "1").touch()
    source = Source()
    pods = cluster(lab, source, Spanned(folder=str(folder)), folder=str(folder))
    pods.launch("Source")
    (folder / "2").touch()
    pods.launch("Spanned")
    assert lab.store.runs()[0].frozen == {"Spanned": {"span": 1}}


def test_a_freezer_that_fails_fails_its_own_node_and_is_asked_again(lab: Lab, tmp_path: Path) -> None:
    folder = tmp_path / "spans"
    pods = cluster(lab, Source(), Spanned(folder=str(folder)), folder=str(folder))
    assert state_of(pods.launch("Source")) == "COMPLETE"
    assert state_of(pods.launch("Spanned")) == "FAILED"
    folder.mkdir()
    (folder / "7").touch()
    assert state_of(pods.launch("Spanned")) == "COMPLETE"


def test_a_run_that_kubeflow_stopped_is_canceled(lab: Lab) -> None:
    pods = three(lab)
    pods.launch("Source")
    finished = close(pods.pod())
    assert states(finished) == {"Source": "COMPLETE", "Copy": "CANCELED", "Count": "CANCELED"}
    assert finished.run.state == "CANCELED"


def test_a_run_whose_pods_are_gone_is_closed_once_none_of_them_lives(lab: Lab) -> None:
    pods = three(lab)
    pods.launch("Source")
    record = join_run(pods.pod().request, lab.workspace)
    begun = Execution(pipeline="test", run=record.id, node="Copy", component="Copy", status=Running())
    lab.store.begin(begun)
    with (
        lab.workspace.claims.claimed(node_claim(record.id, "Copy")),
        pytest.raises(ConflictError, match="Copy was alive"),
    ):
        close_abandoned(record, lab.workspace)
    ended = close_abandoned(record, lab.workspace)
    assert ended.state == lab.store.run(record.id).state == "CANCELED"
    assert {e.node: state_of(e) for e in lab.attempts(record.id)} == {"Source": "COMPLETE", "Copy": "FAILED"}
    with pytest.raises(UsageError, match="is CANCELED"):
        close_abandoned(ended, lab.workspace)


def test_a_run_whose_pod_died_on_another_host_is_closed(lab: Lab) -> None:
    pods = three(lab)
    record = join_run(pods.pod().request, lab.workspace)
    lab.store.begin(Execution(pipeline="test", run=record.id, node="Copy", component="Copy", status=Running()))
    elsewhere = asdict(replace(this_process(), host="elsewhere", boot="another", namespace="another"))
    ClaimRecords(lab.store.connection).make(Claim(key=node_claim(record.id, "Copy"), number=1, holder=elsewhere))
    shared = replace(lab.workspace, claims=StoreClaims(lab.store, beat=0.1, still=0.5))
    assert close_abandoned(record, shared).state == "CANCELED"


def test_a_baseline_of_an_older_run_in_pods_is_found(lab: Lab) -> None:
    def pods(*texts: str) -> Cluster:
        source = Source(texts=texts)
        model = Train(rows=source.rows)
        return cluster(lab, source, model, Bless(model=model.model))

    assert states(pods("a", "b").run_all())["Bless"] == "COMPLETE"
    finished = pods("a", "b", "c").run_all()
    assert len(finished.executions["Bless"].inputs["baseline"]) == 1


def test_a_pod_that_is_told_to_end_records_it(lab: Lab) -> None:
    pods = cluster(lab, Source())
    pod = pods.pod(*pods.spec.nodes)
    pod.interrupted.set()
    execution = launch_node("Source", pod)
    assert state_of(execution) == "CANCELED"
    assert state_of(pods.launch("Source")) == "COMPLETE"
    assert last_attempts(lab.attempts(execution.run))["Source"].attempt == 2
