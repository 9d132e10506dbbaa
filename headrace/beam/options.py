"""The Beam arguments of the node that runs in this process, and the runner they name."""

import argparse
from collections.abc import Sequence

from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions

from headrace.errors import ConfigError

DIRECT = "DirectRunner"
"""What users call the in-process runner; `direct_runner` says which class it is."""

REFUSED = {
    "daskrunner": "it drops data silently",
    "rayrunner": "it drops data silently",
    "prismrunner": "it downloads and runs a binary",
}

_beam_args: tuple[str, ...] = ()


def configure(beam_args: Sequence[str]) -> None:
    """Take the node's Beam arguments; raises ConfigError for a runner that is not fit."""
    global _beam_args  # noqa: PLW0603  a process runs one node, and is configured once before its executor is called
    name = _runner_of(beam_args).rpartition(".")[2].lower()
    if reason := REFUSED.get(name) or REFUSED.get(f"{name}runner"):
        raise ConfigError(
            found=f"--runner={_runner_of(beam_args)}, and {reason}",
            expected=f"{DIRECT}, or one of FlinkRunner, SparkRunner, DataflowRunner and PortableRunner",
            do="Change --runner in the Beam arguments of the node or of configs/",
        )
    _beam_args = tuple(beam_args)


def runner_name() -> str:
    """Return the name of the Beam runner that this process uses."""
    return _runner_of(_beam_args)


def runs_in_process() -> bool:
    return runner_name().rpartition(".")[2].lower() in ("direct", DIRECT.lower(), "fnapirunner")


def pipeline_options() -> PipelineOptions:
    """Return the options for a Beam pipeline of this node; never the arguments of the command line."""
    options = PipelineOptions([*_beam_args])
    options.view_as(StandardOptions).runner = None if runs_in_process() else runner_name()
    return options


def _runner_of(beam_args: Sequence[str]) -> str:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--runner", default=DIRECT)
    name: str = parser.parse_known_args(list(beam_args))[0].runner
    return name
