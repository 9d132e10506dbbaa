"""The `headrace` command: finds a verb, and turns every refusal into one line and an exit code."""

import os
import sys
import traceback
from importlib import import_module

import click

from headrace.cli.output import is_unread, silence
from headrace.errors import ExitCode, HeadraceError

VERBS = {
    "run": "Run a pipeline.",
    "plan": "Say what a run would do, and why, without doing it.",
    "why": "Say why a node ran, or did not, in its last run.",
    "ls": "List runs, artifacts, models or pipelines.",
    "show": "Show a run, an execution or an artifact.",
    "logs": "Print the logs of a run's nodes.",
    "ui": "Show runs, lineage and artifacts in the browser.",
    "lineage": "Draw what an artifact was made from, and what was made from it.",
    "blame": "Say what determined an artifact: data, code, parameters, environment.",
    "impact": "Say what was made from something, up to pushed models; mark it as tainted.",
    "path": "Show the ways from one thing to another.",
    "diff": "Compare two runs or two artifacts.",
    "config": "Show the settings and parameters, and where each comes from.",
    "check": "Check a pipeline without running it.",
    "doctor": "Check the machine, the packages and the store.",
    "components": "List the components that ship.",
    "compile": "Write a pipeline for Kubeflow, as a CronJob or as a line of a crontab.",
    "metadata": "Serve the metadata store to other machines.",
    "node": "Run one role of one node, to debug it.",
    "submit": "Run a pipeline in Kubeflow.",
    "schedule": "Keep Kubeflow's schedules as a file says.",
    "kubeflow": "List, follow and end runs in Kubeflow.",
    "pod": "Run what the pods of a compiled pipeline run.",
}


class Verbs(click.Group):
    """A group that imports a verb's module only when the verb is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"headrace.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="headrace")
def group() -> None:
    """Declare, run and trace machine-learning pipelines."""


def main() -> None:
    """Run the command line; a refusal is one line on the error output."""
    try:
        code = group.main(standalone_mode=False)
        sys.stdout.flush()
    except HeadraceError as error:
        code = _say(str(error), error.exit_code)
    except click.ClickException as error:
        error.show()
        code = ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        code = ExitCode.INTERRUPTED
    except SystemExit as end:
        code = _ended(end)
    except BrokenPipeError as error:
        code = ExitCode.OK if _is_unread() else _unforeseen(error)
    except Exception as error:  # the top: whatever nobody foresaw
        code = _unforeseen(error)
    sys.exit(int(code) if isinstance(code, int) else 0)


def _ended(end: SystemExit) -> ExitCode:
    """Tell a pipe that nobody reads, of which click makes an exit with code 1, from an exit that is meant."""
    if end.code == 1 and _is_unread():
        return ExitCode.OK
    raise end


def _is_unread() -> bool:
    """Tell whether whoever reads what is printed has read enough, as `head` does; nothing is printed after that."""
    unread = [stream for stream in (sys.stdout, sys.stderr) if is_unread(stream)]
    for stream in unread:
        silence(stream)
    return bool(unread)


def _say(text: str, code: ExitCode) -> ExitCode:
    click.echo(f"headrace: {text}", err=True)
    return code


def _unforeseen(error: Exception) -> ExitCode:
    """Say in one line what should not have happened, and how to see all of it."""
    if os.environ.get("HEADRACE_TRACEBACK"):
        traceback.print_exception(error)
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{last.filename}:{last.lineno}"
    text = f"an error that headrace does not know: {type(error).__name__}: {error} ({place})"
    return _say(f"{text}; HEADRACE_TRACEBACK=1 shows where it comes from", ExitCode.NODE_FAILED)


if __name__ == "__main__":
    main()
