"""StatisticsGen: what the values of every feature are like."""

import pytest
from tensorflow_metadata.proto.v0 import statistics_pb2

from components.statistics_gen.executor import compute_statistics
from headrace.artifacts.examples import Examples
from headrace.artifacts.preview import read_preview
from headrace.artifacts.statistics import ExampleStatistics
from headrace.errors import ConfigError, DataError
from tests.components.months import JANUARY, ROWS, examples_of, folder, statistics_of
from tests.components.rows import ingest, write_csv


def read(statistics: ExampleStatistics, split: str) -> statistics_pb2.DatasetFeatureStatistics:
    found = statistics_pb2.DatasetFeatureStatisticsList.FromString(statistics.split_file(split).read_bytes())
    (dataset,) = found.datasets
    return dataset


def test_computes_statistics_of_every_split() -> None:
    statistics = statistics_of(JANUARY)
    splits = {split: read(statistics, split) for split in statistics.split_names}
    assert {split: dataset.num_examples for split, dataset in splits.items()} == examples_of(JANUARY).rows
    carrier, distance, hour = splits["train"].features
    assert (carrier.path.step[0], carrier.string_stats.unique) == ("carrier", 3)
    assert distance.num_stats.mean == pytest.approx(1_000, rel=0.05)
    assert distance.num_stats.common_stats.num_missing == pytest.approx(ROWS * 2 / 3 * 0.1, rel=0.2)
    assert (hour.num_stats.min, hour.num_stats.max) == (5, 23)
    assert statistics.span == 1


def test_writes_the_same_bytes_again_and_leaves_splits_out() -> None:
    again = ExampleStatistics(folder("statistics"))
    compute_statistics(examples_of(JANUARY), None, ("train",), again)
    assert again.split_names == ["eval"]
    assert again.split_file("eval").read_bytes() == statistics_of(JANUARY).split_file("eval").read_bytes()
    assert not again.split_file("train").exists()


def test_describes_every_feature_in_plain_data() -> None:
    preview = read_preview(statistics_of(JANUARY).preview_file)
    assert preview is not None
    features = {f["name"]: f for f in preview["content"]["splits"]["train"]["features"]}  # type: ignore[index]  # JSON
    assert {top["value"] for top in features["carrier"]["top"]} == {"AA", "DL", "UA"}
    assert features["distance"]["missing"] > 0
    assert len(features["hour"]["quantiles"]) == 11
    assert sum(count for _, _, count in features["hour"]["histogram"]) == pytest.approx(
        features["hour"]["count"], rel=0.01
    )


def test_refuses_a_split_without_rows() -> None:
    examples = examples_of(JANUARY)
    empty = Examples(examples.path, {**examples.properties, "rows": {"train": 10, "eval": 0}})
    with pytest.raises(DataError, match=r"no rows in \['eval'\] of .*; expected rows in every split"):
        compute_statistics(empty, None, (), ExampleStatistics(folder("statistics")))


@pytest.mark.parametrize("excluded", [("test",), ("train", "eval")])
def test_refuses_to_leave_out_what_is_not_there_or_everything(excluded: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError, match="exclude_splits="):
        compute_statistics(examples_of(JANUARY), None, excluded, ExampleStatistics(folder("statistics")))


def test_both_payloads_have_the_same_statistics() -> None:
    where = folder("payloads")
    source = write_csv(where / "a.csv", "i,f,s,n", [f"{i % 7},{i / 4},w{i % 3}," for i in range(200)])
    found = []
    for examples in (ingest(source, where / "a"), ingest(source, where / "b", payload="tfrecord")):
        statistics = ExampleStatistics(folder("statistics"))
        compute_statistics(examples, None, (), statistics)
        found.append(read(statistics, "all"))
    assert found[0] == found[1]
