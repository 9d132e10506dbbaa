"""`headrace check`: what is wrong, or doubtful, with a pipeline, found without running it."""

from collections.abc import Iterator

import click

from headrace.cli.output import print_rows
from headrace.cli.session import config_option, open_session, output_option, parameter_option
from headrace.spec.order import ordered, waits_for
from headrace.spec.records import PipelineSpec


@click.command()
@click.argument("pipeline")
@parameter_option
@output_option
@config_option
def command(pipeline: str, given: tuple[str, ...], output: str, config: str | None) -> None:
    """Check PIPELINE: that it loads, that its values fit, and what looks like a mistake."""
    session = open_session(config)
    loaded = session.load(pipeline)
    session.values(loaded, given)
    warnings = [{"node": node, "warning": text} for node, text in doubts(loaded.spec)]
    if output == "json" or warnings:
        print_rows(warnings, ["node", "warning"], output)
    click.echo(f"{loaded.spec.name}: {len(loaded.spec.nodes)} nodes, {len(warnings)} warnings", err=True)


def doubts(spec: PipelineSpec) -> Iterator[tuple[str, str]]:
    """Find what runs and yet looks like a mistake: a gate that stops nothing, a pusher that nothing judges."""
    nodes = ordered(spec)
    for node in nodes:
        is_gate = any(output.gate for output in node.outputs.values())
        stoppable = [other for other in nodes if other.id != spec.on_exit and other.options.run_if != "always"]
        if is_gate and not any(node.id in waits_for(other, spec) for other in stoppable):
            yield node.id, "a gate that no node depends on stops nothing; give the nodes below it after=[…]"
        if node.process_type == "DEPLOY" and "blessing" in node.inputs and not node.inputs["blessing"].sources:
            yield node.id, "it pushes every model, as it is given no blessing"
