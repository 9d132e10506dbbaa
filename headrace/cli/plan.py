"""`headrace plan`: what a run would do, and why."""

from dataclasses import asdict

import click

from headrace.cli.output import print_json
from headrace.cli.session import config_option, open_session, output_option, parameter_option
from headrace.errors import ExitCode


@click.command()
@click.argument("pipeline")
@parameter_option
@click.option("--span", type=int, help="The span of the source (default: the newest).")
@click.option("--from", "first", multiple=True, metavar="NODE", help="As for run.")
@click.option("--to", "last", multiple=True, metavar="NODE", help="As for run.")
@click.option("--only", multiple=True, metavar="NODE", help="As for run.")
@click.option("--exit-code", is_flag=True, help="Exit with 10 when there is work.")
@click.option("--verify", is_flag=True, help="Read every byte of what would be reused.")
@output_option
@config_option
def command(
    pipeline: str,
    given: tuple[str, ...],
    span: int | None,
    first: tuple[str, ...],
    last: tuple[str, ...],
    only: tuple[str, ...],
    exit_code: bool,
    verify: bool,
    output: str,
    config: str | None,
) -> int:
    """Say what a run of PIPELINE would do, and why; nothing is written."""
    from headrace.launcher.decide import CacheRules
    from headrace.orchestrators.preview import plan
    from headrace.spec.select import select

    session = open_session(config)
    loaded = session.load(pipeline)
    values = dict(session.values(loaded, given).values)
    if span is not None:
        values["span"] = span
    chosen = select(loaded.spec, first=first, last=last, only=only)
    reader = session.reader()
    steps = plan(loaded.spec, reader, session.project.root, values, chosen, CacheRules(verify=verify))
    if output == "json":
        print_json([asdict(step) for step in steps])
    else:
        width = max(len(step.node) for step in steps)
        for step in steps:
            reasons = ("after " + ", ".join(step.reasons)) if step.answer == "waits" else step.reasons[0]
            click.echo(f"{step.node:<{width}}  {step.answer:<6}  {reasons}")
            for reason in step.reasons[1:] if step.answer == "runs" else ():
                click.echo(f"{'':<{width}}          {reason}")
    if any(step.answer == "fails" for step in steps):
        return int(ExitCode.NODE_FAILED)
    work = any(step.answer in ("runs", "waits") for step in steps)
    return int(ExitCode.HAS_WORK if exit_code and work else ExitCode.OK)
