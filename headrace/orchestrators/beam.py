"""Runs a pipeline as one Beam pipeline: every node is a step, launched by the same launcher, in Beam's own order.

The runner is the in-process one, so the steps reach this process's session by the run's id. A bundle that Beam tries
again finds its node ended, and hands on what is recorded. Beam runs one stage at a time: the local orchestrator is
faster wherever two nodes are ready at once.
"""

import threading
from typing import Any

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from headrace.orchestrators.events import Listener
from headrace.orchestrators.open_run import open_run
from headrace.orchestrators.request import Finished, Request
from headrace.orchestrators.session import RunSession
from headrace.orchestrators.workspace import Workspace
from headrace.workers.pool import Pool

_sessions: dict[str, RunSession] = {}


def run(
    request: Request,
    workspace: Workspace,
    *,
    listeners: tuple[Listener, ...] = (),
    interrupted: threading.Event | None = None,
    pool: Pool | None = None,
) -> Finished:
    """Run a pipeline to a recorded end; set `interrupted` to stop it."""
    with open_run(request, workspace, listeners=listeners, interrupted=interrupted, pool=pool) as session:
        session.begin()
        _sessions[session.record.id] = session
        try:
            _run_as_beam_pipeline(session)
        finally:
            del _sessions[session.record.id]
        return session.finish()


def _run_as_beam_pipeline(session: RunSession) -> None:
    """Build the graph: a node's step takes the steps that it waits for as side inputs, which order them."""
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        steps: dict[str, beam.PCollection[str]] = {}
        for name in session.nodes:
            above = [beam.pvalue.AsList(steps[other]) for other in session.schedule.waits[name]]
            start = pipeline | f"{name}: start" >> beam.Create([name], reshuffle=False)
            steps[name] = start | name >> beam.ParDo(_Launch(session.record.id), *above)


class _Launch(beam.DoFn):  # type: ignore[misc]  # Beam has no annotations
    """Launches one node of a run that is open in this process; never raises for a node that fails."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id

    def process(self, name: str, *above: Any) -> list[str]:
        """Launch the node unless it has ended, or may not start; `above` only orders."""
        del above
        session = _sessions[self.run_id]
        while session.standing[name] == "waiting" and not session.is_interrupted:
            if name not in session.coming().start:
                break
            session.standing[name] = "running"
            session.ended(name, session.launch(name))
        return [name]
