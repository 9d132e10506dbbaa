"""ExampleGen: brings files of rows into the pipeline."""

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from headrace import Channel, Component, Function, Location, Parameter, output, publish_outputs
from headrace.artifacts.examples import Examples


class ExampleGen(Component):
    """Read CSV or Parquet files and share out their rows among splits.

    `source` is a file, a glob, or a pattern with {SPAN}, {VERSION} or {YYYY}, {MM}, {DD}; the ending (.csv, .csv.gz,
    .parquet) says what it is. Without `span`, or --span, the newest span is read, in its highest version; a gap in the
    spans below it is an error unless `gaps="allow"`. A row goes to a split by a hash of its own content, or of its
    column `split_by`, so that equal rows stay together and no row's split depends on another row; `splits` gives each
    split its part. `payload="tfrecord"` is for modules that open the files themselves. `fingerprint` says how a change
    of the source is noticed: by its bytes, or by names, sizes and times alone ("stat").
    """

    source: Parameter[Location]
    splits: Parameter[Mapping[str, Parameter[int]]] = field(default_factory=lambda: {"train": 2, "eval": 1})
    split_by: Parameter[str | None] = None
    payload: Parameter[Literal["parquet", "tfrecord"]] = "parquet"
    span: Parameter[int | None] = None
    version: Parameter[int | None] = None
    gaps: Parameter[Literal["error", "allow"]] = "error"
    fingerprint: Parameter[Literal["content", "stat", "etag"]] = "content"
    examples: Channel[Examples] = output()

    component_id = "headrace.ExampleGen"
    component_version = 1
    process_type = "PROCESS"
    environment = "beam"
    distributions = ("apache-beam", "pyarrow")
    freezer = Function("components.example_gen.freezer:choose_span")
    driver = Function("components.example_gen.driver:add_source_facts")
    executor = Function("components.example_gen.executor:share_out_rows")
    publisher = publish_outputs
