"""What verbs that compile let a command say instead of `configs/kubeflow.yaml`: the image, where the code is."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import click

from headrace.kubeflow.settings import KubeflowSettings

F = TypeVar("F", bound=Callable[..., object])


def compile_options(command: F) -> F:
    """Add `--image` and `--code`."""
    code = click.option("--code", type=click.Choice(["image", "bundle"]), help="Where pods find the pipeline's code.")
    return click.option("--image", metavar="IMAGE", help="The image that every pod runs.")(code(command))


def chosen(settings: KubeflowSettings, **options: str | None) -> KubeflowSettings:
    """Lay the options that were given over the settings."""
    given = {name: value for name, value in options.items() if value}
    return replace(settings, **given)  # type: ignore[arg-type]  # click has checked the choice
