"""Runs a pipeline on this machine: every node whose inputs are ready, up to `jobs` at once."""

import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from headrace.metadata.records import Execution
from headrace.orchestrators.events import Listener
from headrace.orchestrators.open_run import open_run
from headrace.orchestrators.request import Finished, Request
from headrace.orchestrators.session import RunSession
from headrace.orchestrators.workspace import Workspace
from headrace.workers.pool import Pool

GLANCE = 0.2
"""Seconds between two looks at whether the run was interrupted."""


def run(
    request: Request,
    workspace: Workspace,
    *,
    listeners: tuple[Listener, ...] = (),
    interrupted: threading.Event | None = None,
    pool: Pool | None = None,
) -> Finished:
    """Run a pipeline to a recorded end; set `interrupted` to stop it."""
    opened = open_run(request, workspace, listeners=listeners, interrupted=interrupted, pool=pool)
    jobs = 1 if request.debug else max(workspace.place.jobs, 1)
    with opened as session, ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="node") as threads:
        try:
            session.begin()
            _loop(session, threads, jobs)
            return session.finish()
        except BaseException:
            session.workplace.interrupted.set()  # or leaving the threads would wait for executors that still work
            raise


def _loop(session: RunSession, threads: ThreadPoolExecutor, jobs: int) -> None:
    """Hand over no more nodes than can work: one that waited its turn would still start after a failure."""
    going: dict[Future[Execution], str] = {}
    while True:
        if len(going) < jobs and not session.is_interrupted:
            for name in session.coming().start[: jobs - len(going)]:
                session.standing[name] = "running"
                going[threads.submit(session.launch, name)] = name
        if not going:
            return
        done, _ = wait(going, timeout=GLANCE, return_when=FIRST_COMPLETED)
        for future in done:
            session.ended(going.pop(future), future.result())
