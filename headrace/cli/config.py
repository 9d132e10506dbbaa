"""`headrace config show`: every setting and parameter, and where each comes from."""

from dataclasses import asdict

import click

from headrace.cli.output import print_rows
from headrace.cli.session import config_option, open_session, output_option, parameter_option


@click.group()
def command() -> None:
    """Show the settings and parameters, and where each comes from."""


@command.command()
@click.argument("pipeline", required=False)
@parameter_option
@output_option
@config_option
def show(pipeline: str | None, given: tuple[str, ...], output: str, config: str | None) -> None:
    """Show the settings, and the parameters of PIPELINE where one is named."""
    from headrace.metadata.address import without_password

    session = open_session(config)
    rows = [
        {"kind": "setting", "name": name, "value": _shown(value), "origin": session.sourced.origins[name]}
        for name, value in asdict(session.sourced.settings).items()
    ]
    for row in rows:
        if row["name"] == "store":
            row["value"] = without_password(session.place.store)
    if pipeline:
        found = session.values(session.load(pipeline), given)
        rows += [
            {"kind": "parameter", "name": name, "value": _shown(value), "origin": found.origins[name]}
            for name, value in found.values.items()
        ]
    print_rows(rows, ["kind", "name", "value", "origin"], output)


def _shown(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
