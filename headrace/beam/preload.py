"""All that an executor of the environment `beam` needs, imported and nothing else: a server that has it can fork."""

import apache_beam  # noqa: F401  imported for the processes that are forked from this one
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet  # noqa: F401  likewise

import headrace.artifacts.examples_reader
import headrace.artifacts.examples_writer
import headrace.beam.direct_runner  # noqa: F401  likewise
