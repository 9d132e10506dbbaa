"""What `run_fn` and `tuner_fn` are given: TFX's FnArgs, attribute by attribute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headrace.user_code.data_accessor import DataAccessor


@dataclass(frozen=True, kw_only=True)
class SplitArgs:
    """The splits that are read, and for how many steps of an epoch; None leaves the steps to the user's function."""

    splits: Sequence[str]
    steps: int | None = None


@dataclass(kw_only=True)
class FnArgs:
    """Files, folders and settings for a user's function; its attributes are plain and may be set.

    `train_files` and `eval_files` are patterns. Steps are None where the whole split is meant. The folder
    `serving_model_dir` does not exist before the function makes it; `working_dir` stays between attempts.
    `hyperparameters` is what `keras_tuner.HyperParameters.from_config` takes.
    """

    train_files: list[str]
    eval_files: list[str]
    data_accessor: DataAccessor
    train_steps: int | None = None
    eval_steps: int | None = None
    transform_graph_path: str | None = None
    schema_path: str | None = None
    base_model: str | None = None
    hyperparameters: dict[str, object] | None = None
    working_dir: str | None = None
    serving_model_dir: str | None = None
    model_run_dir: str | None = None
    eval_model_dir: str | None = None
    seed: int = 0
    custom_config: Mapping[str, object] = field(default_factory=dict)
    num_examples: dict[str, int] = field(default_factory=dict)
    data_view_decode_fn: None = None

    @property
    def transform_output(self) -> str | None:
        return self.transform_graph_path

    @transform_output.setter
    def transform_output(self, path: str | None) -> None:
        self.transform_graph_path = path

    @property
    def schema_file(self) -> str | None:
        return self.schema_path

    @schema_file.setter
    def schema_file(self, path: str | None) -> None:
        self.schema_path = path

    @property
    def model_dir(self) -> str | None:
        return self.serving_model_dir
