"""The DAG as one Beam pipeline, with bare components; parity on a real pipeline is in tests/end_to_end."""

import threading

from headrace.orchestrators import beam
from headrace.orchestrators.open_run import open_run
from headrace.orchestrators.request import Request
from tests.conftest import Lab, states
from tests.parts import Copy, Join, Misbehaving, Source, named


def test_nodes_run_in_their_order_and_read_what_those_above_made(own_lab: Lab) -> None:
    source = Source()
    copy = Copy(rows=source.rows)
    spec = own_lab.spec(Join(first=source.rows, others=[copy.copied]), copy, source)
    finished = beam.run(Request(spec=spec), own_lab.workspace)
    assert [*states(finished).items()] == [("Source", "COMPLETE"), ("Copy", "COMPLETE"), ("Join", "COMPLETE")]
    assert set(states(beam.run(Request(spec=spec), own_lab.workspace)).values()) == {"CACHED"}


def test_a_failure_ends_the_run_as_it_does_locally(own_lab: Lab) -> None:
    bad = Misbehaving(how="raise", memory=str(own_lab.folder / "memory"), options=named("Bad"))
    below = Copy(rows=bad.made)
    ended = states(beam.run(Request(spec=own_lab.spec(bad, below)), own_lab.workspace))
    assert ended == {"Bad": "FAILED", "Copy": "SKIPPED"}


def test_a_bundle_that_is_tried_again_launches_nothing_twice(own_lab: Lab) -> None:
    spec = own_lab.spec(Source())
    with open_run(Request(spec=spec), own_lab.workspace) as session:
        session.begin()
        beam._sessions[session.record.id] = session
        step = beam._Launch(session.record.id)
        assert step.process("Source") == step.process("Source") == ["Source"]
        session.finish()
    del beam._sessions[session.record.id]
    assert [e.attempt for e in own_lab.attempts(session.record.id)] == [1]


def test_an_interrupt_starts_nothing_more(own_lab: Lab) -> None:
    interrupted = threading.Event()
    interrupted.set()
    source = Source()
    finished = beam.run(
        Request(spec=own_lab.spec(source, Copy(rows=source.rows))), own_lab.workspace, interrupted=interrupted
    )
    assert states(finished) == {"Source": "CANCELED", "Copy": "CANCELED"}
    assert not [*own_lab.root.glob("*/*/")]
