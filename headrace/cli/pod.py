"""`headrace pod launch|outcome|close`: what the pods of a compiled pipeline run."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from headrace.cli.run import Interrupt, interruptible
from headrace.cli.session import open_session
from headrace.errors import ExitCode, HeadraceError, UsageError

if TYPE_CHECKING:
    from headrace.kubeflow.executor_io import ExecutorInput
    from headrace.kubeflow.slice import Slice
    from headrace.orchestrators.pod import Pod
    from headrace.storage.root import Root

F = TypeVar("F", bound=Callable[..., object])


@dataclass(frozen=True)
class Started:
    """A pod that has started: its part of the spec, what Kubeflow told it, what the launcher needs, what stops it."""

    part: "Slice"
    asked: "ExecutorInput"
    pod: "Pod"
    stop: Interrupt


@click.group()
def command() -> None:
    """Run what the pods of a compiled pipeline run; `headrace compile` writes these commands."""


def told_by_kubeflow(verb: F) -> F:
    """Add what every pod is told."""
    part = click.option("--slice", "packed", required=True, help="The pod's part of the spec, packed.")
    asked = click.option("--executor-input", "asked", required=True, help="What Kubeflow's driver fills in.")
    return part(asked(verb))


@command.command()
@told_by_kubeflow
@click.option("--output", "outputs", multiple=True, metavar="NAME=PATH", help="Where a KFP artifact is written.")
def launch(packed: str, asked: str, outputs: tuple[str, ...]) -> int:
    """Run one node: driver, executor, publisher; a node that is skipped or blocked ends well."""
    from headrace.cli.outcome import say_execution
    from headrace.kubeflow.executor_io import write_output
    from headrace.metadata.states import state_of
    from headrace.orchestrators.pod import launch_node

    paths = _paths(outputs)
    with _started(packed, asked) as started:
        execution = launch_node(started.part.node, started.pod)
        root = started.pod.workspace.place.root
        node = started.pod.request.node(started.part.node)
        say_execution(execution, root)
        write_output(node, execution, started.asked, paths, root)
        ends = {"FAILED": ExitCode.NODE_FAILED, "CANCELED": started.stop.code or ExitCode.TERMINATED}
        return int(ends.get(state_of(execution), ExitCode.OK))


@command.command()
@told_by_kubeflow
@click.option("--gate", is_flag=True, help="Exit with 3 also when a model is not blessed.")
def outcome(packed: str, asked: str, gate: bool) -> int:
    """Judge the run once its nodes have ended: exit with 3 when a gate stopped anything."""
    from headrace.cli.outcome import say
    from headrace.orchestrators.pod import outcome as outcome_of

    with _started(packed, asked) as started:
        finished = outcome_of(started.pod)
        code = finished.exit_code(gate=gate)
        say(finished, started.part.spec, code, started.pod.workspace.place.root)
        return int(code)


@command.command()
@told_by_kubeflow
def close(packed: str, asked: str) -> int:
    """Close the run: run what runs in any case, record what was not started, and how the run ended."""
    from headrace.cli.outcome import say
    from headrace.orchestrators.pod import close as close_run
    from headrace.orchestrators.pod import outcome as outcome_of
    from headrace.spec.messages import Failed

    with _started(packed, asked) as started:
        before = outcome_of(started.pod).executions
        finished = close_run(started.pod, started.asked.ended)
        say(finished, started.part.spec, finished.exit_code(), started.pod.workspace.place.root)
        mine = [execution for name, execution in finished.executions.items() if name not in before]
        failed = any(isinstance(execution.status, Failed) for execution in mine)
        return int(ExitCode.NODE_FAILED if failed else ExitCode.OK)


@contextmanager
def _started(packed: str, asked: str) -> Iterator[Started]:
    """Find the code, the store and the root of a pod, which its environment names, and follow what it does."""
    from headrace.cli.pod_log import follow_logs
    from headrace.config.project import work_in
    from headrace.kubeflow.executor_io import read_input
    from headrace.kubeflow.slice import unpack
    from headrace.orchestrators.pod import Pod, fail_node
    from headrace.orchestrators.shared_run import SharedRequest

    part = unpack(packed)
    told = read_input(asked, part.spec)
    session = open_session()
    with ExitStack() as stack:
        stop = stack.enter_context(interruptible())
        workspace = session.open()
        place = workspace.place
        request = SharedRequest(spec=part.spec, outside=told.run, values=told.values, spec_digest=part.spec_digest)
        if part.bundle:
            try:
                place = replace(place, project=_bundled(part.bundle, place.root, place.state.work))
            except HeadraceError as error:
                if part.node:
                    fail_node(part.node, error, Pod(request, workspace))
                raise
        work_in(place.project)
        listener = stack.enter_context(follow_logs(place.project, live=not _is_told_secrets(part)))
        yield Started(part, told, Pod(request, replace(workspace, place=place), (listener,), stop.event), stop)


def _bundled(digest: str, root: "Root", folder: Path) -> Path:
    """Unpack the code bundle of a digest, which is checked before anything of it is imported."""
    from headrace.user_code.bundle import open_bundle

    return open_bundle(root, digest, folder / "code" / digest)


def _is_told_secrets(part: "Slice") -> bool:
    from headrace.spec.order import secrets_of

    return any(name for node in part.spec.nodes for name in secrets_of(node))


def _paths(outputs: tuple[str, ...]) -> dict[str, Path]:
    """Read `NAME=PATH`."""
    found: dict[str, Path] = {}
    for text in outputs:
        name, equals, path = text.partition("=")
        if not equals:
            raise UsageError(found=f"--output {text}", expected="NAME=PATH", do="Compile again")
        found[name] = Path(path)
    return found
