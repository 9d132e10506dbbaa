"""`headrace components`: the table of what ships, read from the declarations."""

from importlib import import_module
from pkgutil import iter_modules

import click

from headrace.cli.output import print_json
from headrace.dsl.component import Component


@click.command()
@click.option("-o", "--output", type=click.Choice(["table", "json", "md"]), default="table", help="How to print.")
def command(output: str) -> None:
    """List the components: inputs, parameters, outputs and the three roles."""
    found = [_described(kind) for kind in shipped()]
    if output == "json":
        print_json(found)
        return
    if output == "md":
        click.echo("| component | inputs | parameters | outputs | driver | executor | publisher |")
        click.echo("|---|---|---|---|---|---|---|")
    for row in found:
        cells = [str(row["component"]), *(", ".join(row[k]) for k in ("inputs", "parameters", "outputs"))]  # type: ignore[arg-type]  # lists of names
        roles = [str(row[role]) for role in ("driver", "executor", "publisher")]
        if output == "md":
            shown = [cell.replace("|", "\\|") for cell in (f"**{cells[0]}**", *cells[1:], *roles)]
            click.echo("| " + " | ".join(shown) + " |")
        else:
            click.echo(
                f"{cells[0]}\n  in   {cells[1]}\n  par  {cells[2]}\n  out  {cells[3]}\n  by   {', '.join(roles)}"
            )


def shipped() -> list[type[Component]]:
    """Import the declarations in `components/`, in the order of a pipeline."""
    shelf = import_module("components").__path__
    rooms = sorted({name for _, name, is_room in iter_modules(list(shelf)) if is_room})
    kinds = [
        value
        for room in rooms
        for value in vars(import_module(f"components.{room}")).values()
        if isinstance(value, type) and issubclass(value, Component) and value.component_id.startswith("headrace.")
    ]
    order = (
        "ExampleGen",
        "StatisticsGen",
        "SchemaGen",
        "Validator",
        "Transform",
        "Tuner",
        "Trainer",
        "Evaluator",
        "Pusher",
    )
    return sorted(kinds, key=lambda kind: order.index(kind.__name__) if kind.__name__ in order else len(order))


def _described(kind: type[Component]) -> dict[str, object]:
    declared = kind.declaration
    return {
        "component": kind.__name__,
        "id": kind.component_id,
        "version": kind.component_version,
        "environment": kind.environment,
        "inputs": [f"{name}: {wanted.annotation}" for name, wanted in declared.inputs.items()],
        "parameters": list(declared.parameters),
        "outputs": [f"{name}: {made.__name__}" for name, made in declared.outputs.items()],
        "driver": _role(kind.driver.reference),
        "executor": _role(kind.executor.reference),
        "publisher": _role(kind.publisher.reference),
    }


def _role(reference: str) -> str:
    return reference.partition(":")[2]
