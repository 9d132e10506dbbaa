"""The Beam runner of a node: FnApiRunner inside this process, unless its Beam arguments name another.

Beam's own DirectRunner tries to download and start a Prism binary first. Importing this module makes FnApiRunner the
default of every pipeline that a library builds by itself as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import apache_beam as beam
from apache_beam.options.pipeline_options import StandardOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from headrace.beam.options import pipeline_options, runner_name, runs_in_process
from headrace.beam.progress import start_of

StandardOptions.DEFAULT_RUNNER = f"{FnApiRunner.__module__}.{FnApiRunner.__name__}"


@contextmanager
def beam_pipeline(label: str) -> Iterator[beam.Pipeline]:
    """Open a pipeline that runs at the end of the block; keep it inside a function, never in a module's globals."""
    with start_of(label), beam.Pipeline(runner=_runner(), options=pipeline_options()) as pipeline:
        yield pipeline


def _runner() -> FnApiRunner | str:
    return FnApiRunner() if runs_in_process() else runner_name()
