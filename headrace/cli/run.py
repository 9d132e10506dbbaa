"""`headrace run`: runs a pipeline here, shows it while it goes on, and says what came out."""

import logging
import signal
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import click

from headrace.cli.session import Session, config_option, open_session, parameter_option
from headrace.errors import ExitCode, UsageError
from headrace.orchestrators.events import Listener
from headrace.orchestrators.local import run
from headrace.orchestrators.request import Finished, Request
from headrace.orchestrators.workspace import Workspace
from headrace.spec.select import select
from headrace.workers.pool import Pool


@click.command()
@click.argument("pipeline", required=False)
@parameter_option
@click.option("--span", metavar="N|A..B", help="The span of the source, or one run a span from A to B.")
@click.option("--from", "first", multiple=True, metavar="NODE", help="Run this node and all below it.")
@click.option("--to", "last", multiple=True, metavar="NODE", help="Run up to this node.")
@click.option("--only", multiple=True, metavar="NODE", help="Run this node alone.")
@click.option("--resume", metavar="RUN", help="Go on with a run that failed or was interrupted (@latest: the newest).")
@click.option("--keep-going", is_flag=True, help="After a failure, go on with the nodes that do not depend on it.")
@click.option("--refresh", is_flag=True, help="Look nothing up in the cache.")
@click.option("--verify", is_flag=True, help="Read every byte of what is reused.")
@click.option("--gate", is_flag=True, help="Exit with 3 also when a model is not blessed.")
@click.option(
    "--debug", is_flag=True, help="Run in this process, one node after another, and stop in pdb on a failure."
)
@click.option("--jobs", type=click.IntRange(1), help="How many nodes at once (default: one a core).")
@click.option("--orchestrator", type=click.Choice(["local", "beam"]), help="Who orders the nodes.")
@config_option
def command(
    pipeline: str | None,
    given: tuple[str, ...],
    span: str | None,
    first: tuple[str, ...],
    last: tuple[str, ...],
    only: tuple[str, ...],
    resume: str | None,
    config: str | None,
    **options: object,
) -> int:
    """Run PIPELINE: a name below pipelines/, a pipeline.py, a module or a spec in JSON."""
    session = open_session(config)
    if resume is not None:
        _refuse_beside_resume(given, span, first, last, only)
        return _finish(session, [_resumed(session, resume, pipeline, options)], options)
    if pipeline is None:
        raise UsageError(
            found="no pipeline",
            expected=f"one of {', '.join(session.project.pipelines()) or 'pipelines/<name>/pipeline.py'}",
            do="headrace run NAME",
        )
    loaded = session.load(pipeline)
    found = session.values(loaded, given)
    chosen = select(loaded.spec, first=first, last=last, only=only)
    request = _request(
        Request(spec=loaded.spec, values=found.values, origins=found.origins, selected=chosen), session, options
    )
    requests = [
        replace(request, values={**found.values, "span": number}, origins={**found.origins, "span": "--span"})
        for number in spans_of(span)
    ]
    return _finish(session, requests or [request], options)


def spans_of(text: str | None) -> list[int]:
    """Read `7` or `1..12`; raises UsageError for anything else."""
    if text is None:
        return []
    first, dots, last = text.partition("..")
    if first.isdigit() and (not dots or (last.isdigit() and int(last) >= int(first))):
        return list(range(int(first), int(last or first) + 1))
    raise UsageError(found=f"--span {text}", expected="a number or a range such as 1..12", do="Correct it")


def _request(request: Request, session: Session, options: dict[str, object]) -> Request:
    from headrace.launcher.decide import CacheRules

    orchestrator = str(options["orchestrator"] or session.sourced.settings.orchestrator)
    return replace(
        request,
        keep_going=bool(options["keep_going"]),
        debug=bool(options["debug"]),
        rules=CacheRules(refresh=bool(options["refresh"]), verify=bool(options["verify"])),
        orchestrator=orchestrator,
    )


def _refuse_beside_resume(*chosen: object) -> None:
    names = ("-p", "--span", "--from", "--to", "--only")
    if refused := [name for name, value in zip(names, chosen, strict=True) if value]:
        raise UsageError(
            found=f"--resume with {', '.join(refused)}",
            expected="a run that goes on with the values, spans and nodes that it began with",
            do="Leave them out, or start another run: what has not changed stays cached",
        )


def _resumed(session: Session, reference: str, pipeline: str | None, options: dict[str, object]) -> Request:
    """Find the run to go on with: its own values and spans, today's code."""
    from headrace.lineage.reference import resolve_run
    from headrace.metadata.catalogue import Catalogue

    record = resolve_run(reference, Catalogue(session.read().store))
    loaded = session.load(pipeline or record.pipeline)
    if loaded.spec.name != record.pipeline:
        raise UsageError(
            found=f"the run {record.id} is of the pipeline {record.pipeline!r}",
            expected=f"a run of {loaded.spec.name!r}",
            do=f"headrace run --resume {record.id}",
        )
    selected = frozenset(record.selected) & {node.id for node in loaded.spec.nodes} or None
    request = Request(spec=loaded.spec, values=record.values, origins=record.origins, selected=selected, resume=record)
    return _request(request, session, options)


def _finish(session: Session, requests: Sequence[Request], options: dict[str, object]) -> int:
    """Run one request after another; the first that does not end well ends them all."""
    from headrace.cli.live import Terminal
    from headrace.cli.outcome import say

    place = session.place
    jobs = options["jobs"]
    if isinstance(jobs, int):
        place = replace(place, jobs=jobs)
    workspace = replace(session.open(), place=place)
    code = ExitCode.OK
    with interruptible() as stop, Pool(place.project, place.state.work / "servers.log") as pool:
        for request in requests:
            with Terminal(request.spec) as terminal:
                finished = _run(request, workspace, terminal.show, stop.event, pool)
            code = stop.code or finished.exit_code(gate=bool(options["gate"]))
            say(finished, request.spec, code, place.root)
            if code != ExitCode.OK:
                break
    return int(code)


def _run(request: Request, workspace: Workspace, told: Listener, event: threading.Event, pool: Pool) -> Finished:
    """Hand the run to its orchestrator; with --debug there are no other processes."""
    processes = None if request.debug else pool
    if request.orchestrator == "beam":
        _quiet_beam()
        from headrace.orchestrators import beam

        return beam.run(request, workspace, listeners=(told,), interrupted=event, pool=processes)
    return run(request, workspace, listeners=(told,), interrupted=event, pool=processes)


def _quiet_beam() -> None:
    """Keep what Beam says at its import (of crcmod, and of Python versions to come) off the terminal."""
    logging.getLogger().setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", category=FutureWarning, module="google")


class Interrupt:
    """What a signal asked for: the event that stops a run, and the exit code."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.code: ExitCode | None = None

    def __call__(self, number: int, _frame: object) -> None:
        again = self.event.is_set()
        self.code = ExitCode.TERMINATED if number == signal.SIGTERM else ExitCode.INTERRUPTED
        self.event.set()
        if again:
            raise KeyboardInterrupt


@contextmanager
def interruptible() -> Iterator[Interrupt]:
    """Let Ctrl-C and SIGTERM stop a run in order; a second one ends it at once."""
    stop = Interrupt()
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
