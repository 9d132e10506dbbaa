"""The arguments of a user's function, from the artifacts and parameters of its component."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from headrace.artifacts.examples import Examples
from headrace.artifacts.examples_reader import files_of
from headrace.artifacts.hyperparameters import HyperParameters
from headrace.artifacts.model import Model
from headrace.artifacts.schema import Schema
from headrace.artifacts.transform_graph import TransformGraph
from headrace.errors import DataError
from headrace.user_code.data_accessor import DataAccessor
from headrace.user_code.fn_args import FnArgs, SplitArgs
from headrace.user_code.work import work_folder


def fn_args(
    examples: Examples,
    *,
    train: SplitArgs,
    evaluation: SplitArgs,
    schema: Schema | None,
    transform_graph: TransformGraph | None,
    base_model: Model | None,
    hyperparameters: HyperParameters | None,
    custom_config: Mapping[str, object],
    seed: int,
) -> FnArgs:
    """Fill in what `run_fn` and `tuner_fn` have in common; raises DataError for a split without rows."""
    return FnArgs(
        train_files=_patterns(examples, train.splits),
        eval_files=_patterns(examples, evaluation.splits),
        train_steps=train.steps or None,
        eval_steps=evaluation.steps or None,
        data_accessor=DataAccessor(seed),
        transform_graph_path=_path(transform_graph),
        schema_path=str(schema.file) if schema else None,
        base_model=str(base_model.serving) if base_model else None,
        hyperparameters=hyperparameters.read() if hyperparameters else None,
        working_dir=str(work_folder()),
        custom_config=dict(custom_config),
        seed=seed,
        num_examples=dict(examples.rows),
    )


def _path(graph: TransformGraph | None) -> str | None:
    return str(graph.path) if graph else None


def _patterns(examples: Examples, splits: Sequence[str]) -> list[str]:
    for split in splits:
        if not examples.rows.get(split) or not files_of(examples, split):
            raise DataError(
                found=f"{examples.rows.get(split, 'no')} rows in the split {split!r} of {examples.path}",
                expected=f"a split with rows; there are {examples.rows}",
                do="Correct train_args or eval_args, or the splits of the ExampleGen",
            )
    return [str(Path(examples.split_folder(split)) / "*") for split in splits]
