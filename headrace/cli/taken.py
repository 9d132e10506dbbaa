"""Says which artifact a reference was taken for, where it names the newest of many."""

import click

from headrace.lineage.reference import Found
from headrace.metadata.records import StoredArtifact


def say_taken(reference: str, found: Found) -> None:
    """Name the artifact on the error output, where the reference did not by its number."""
    if isinstance(found, StoredArtifact) and reference != f"artifact:{found.id}":
        click.echo(f"{reference} is {found.type} artifact:{found.id}{f', {found.name}' * bool(found.name)}", err=True)
