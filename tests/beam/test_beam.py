"""Beam as headrace runs it."""

from collections.abc import Iterator
from pathlib import Path

import apache_beam as beam
import pyarrow as pa
import pytest
from apache_beam.options.pipeline_options import StandardOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.runner import create_runner

from headrace import progress
from headrace.artifacts.examples import Examples
from headrace.artifacts.examples_reader import read_batches
from headrace.artifacts.examples_writer import PART, SplitWriter, seal
from headrace.beam.collect import Collected
from headrace.beam.direct_runner import beam_pipeline
from headrace.beam.options import configure, pipeline_options, runner_name
from headrace.beam.sinks import WriteShards
from headrace.beam.sources import read_split
from headrace.errors import ConfigError, DataError

SCHEMA = pa.schema([("x", pa.int64()), ("s", pa.string())])


@pytest.fixture(autouse=True)
def _no_beam_args() -> Iterator[None]:
    yield
    configure([])


def examples_in(folder: Path, rows: int) -> Examples:
    examples = Examples(folder)
    with SplitWriter(examples.split_folder("train"), f"{PART}0", SCHEMA) as writer:
        writer.write(pa.RecordBatch.from_pydict({"x": [*range(rows)], "s": ["a"] * rows}, schema=SCHEMA))
    seal(examples, SCHEMA, {"train": rows})
    return examples


def test_runs_in_this_process_whatever_a_library_asks_for() -> None:
    assert isinstance(create_runner(StandardOptions.DEFAULT_RUNNER), FnApiRunner)
    with beam_pipeline("test") as pipeline:
        assert isinstance(pipeline.runner, FnApiRunner)
    configure(["--runner=DirectRunner", "--direct_num_workers=1"])
    with beam_pipeline("test") as pipeline:
        assert isinstance(pipeline.runner, FnApiRunner)


@pytest.mark.parametrize("runner", ["DaskRunner", "dask", "ray_beam.ray_runner.RayRunner", "PrismRunner"])
def test_refuses_runners_that_are_not_fit(runner: str) -> None:
    with pytest.raises(ConfigError, match="expected DirectRunner, or one of FlinkRunner"):
        configure(["--runner", runner])


def test_leaves_other_runners_to_the_user() -> None:
    configure(["--runner=FlinkRunner", "--flink_master=host:8081"])
    assert runner_name() == "FlinkRunner"
    assert pipeline_options().view_as(StandardOptions).runner == "FlinkRunner"


def test_reads_a_split_as_lists_in_order_and_writes_it_without_a_shuffle(tmp_path: Path) -> None:
    examples = examples_in(tmp_path / "in", 150_000)
    copy = Examples(tmp_path / "out")
    with Collected[int]() as written:
        with beam_pipeline("copy") as pipeline:
            batches = read_split(pipeline, examples, "train")
            batches | beam.ParDo(WriteShards(copy.split_folder("train"), SCHEMA)) | written.sink()
        rows = sum(written.read())
    seal(copy, SCHEMA, {"train": rows})
    assert rows == 150_000
    assert [b.num_rows for b in read_batches(copy, "train")] == [65_536, 65_536, 18_928]
    assert [f.read_bytes() for f in copy.split_files("train")] == [
        f.read_bytes() for f in examples.split_files("train")
    ]


def test_tells_how_far_it_came(tmp_path: Path) -> None:
    told = list[tuple[str, float | None, float | None, str]]()
    progress.watch(lambda *report: told.append(report))
    examples = examples_in(tmp_path, 70_000)
    with beam_pipeline("count") as pipeline:
        read_split(pipeline, examples, "train") | beam.Map(lambda batch: batch.num_rows)
    progress.watch(lambda *_: None)
    assert told[0][1] == 65_536
    assert told[-1] == ("rows", 70_000, 70_000, "count")


def test_says_which_file_is_damaged_without_beams_words(tmp_path: Path) -> None:
    examples = examples_in(tmp_path, 10)
    (file,) = examples.split_files("train")
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(DataError) as raised, beam_pipeline("read") as pipeline:
        read_split(pipeline, examples, "train")
    assert str(raised.value).startswith(f"{file}: ")
    assert "while running" not in str(raised.value)
