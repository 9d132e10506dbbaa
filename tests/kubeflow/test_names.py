"""What nodes and pipelines may be called in Kubeflow."""

import re

import pytest

from headrace.errors import PipelineError
from headrace.kubeflow.names import check_pipeline_name, task_names


def test_ids_become_names_that_argo_takes() -> None:
    names = task_names(["StatisticsGen", "stats_2", "A", "TF2Trainer", "x-y"])
    assert [*names.values()] == ["statistics-gen", "stats-2", "a", "tf2-trainer", "x-y"]
    assert all(re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", name) for name in names.values())


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (["a_b", "a-b"], r"'a_b' and 'a-b' are both the task 'a-b' in Kubeflow.*Give 'a-b' another id"),
        (["CsvGen", "csv_gen"], "'CsvGen' and 'csv_gen' are both the task 'csv-gen'"),
        (["Close"], "'Close' and headrace's own last task are both the task 'close'"),
        (["outcome"], "both the task 'outcome'"),
        (["_"], "the node id '_', which makes the task ''"),
        (["a" * 101], "expected 1 to 100 characters"),
    ],
    ids=["a dash", "capitals", "close", "outcome", "no letters", "too long"],
)
def test_an_id_that_makes_no_name_of_its_own_is_refused(ids: list[str], message: str) -> None:
    with pytest.raises(PipelineError, match=message):
        task_names(ids)


@pytest.mark.parametrize("name", ["my_pipeline", "Flights", "-a", "a" * 58])
def test_a_pipeline_name_that_kubeflow_refuses_is_refused_here(name: str) -> None:
    with pytest.raises(PipelineError, match=r"at most 57 characters of a-z, 0-9 and - for Kubeflow\. Call it '"):
        check_pipeline_name(name)


def test_a_pipeline_name_of_letters_digits_and_dashes_is_taken() -> None:
    check_pipeline_name("flights-2")
    check_pipeline_name("a" * 57)
