"""Call `run_fn`, and check and describe what it saved."""

from collections.abc import Callable, Mapping

import headrace.keras.setup  # noqa: F401  which Keras this process has, before anything asks
from components.trainer.preview import preview_model, preview_run
from components.trainer.saved_model import check_saved_model
from headrace.artifacts.examples import Examples
from headrace.artifacts.hyperparameters import HyperParameters
from headrace.artifacts.model import Model, ModelRun
from headrace.artifacts.schema import Schema
from headrace.artifacts.transform_graph import TransformGraph
from headrace.keras.refuse import refuse_keras_3
from headrace.keras.seeds import fix_seeds
from headrace.keras.watch import watched
from headrace.user_code.call import fn_args
from headrace.user_code.fn_args import FnArgs, SplitArgs
from headrace.user_code.kept_errors import raised_again


def train(
    examples: Examples,
    transform_graph: TransformGraph | None,
    schema: Schema | None,
    hyperparameters: HyperParameters | None,
    base_model: Model | None,
    run_fn: Callable[[FnArgs], object],
    train_args: SplitArgs,
    eval_args: SplitArgs,
    custom_config: Mapping[str, object],
    seed: int,
    model: Model,
    model_run: ModelRun,
) -> None:
    """Train and save a model."""
    refuse_keras_3(run_fn)
    arguments = fn_args(
        examples,
        train=train_args,
        evaluation=eval_args,
        schema=schema,
        transform_graph=transform_graph,
        base_model=base_model,
        hyperparameters=hyperparameters,
        custom_config=custom_config,
        seed=seed,
    )
    arguments.serving_model_dir = str(model.serving)
    arguments.model_run_dir = str(model_run.path)
    fix_seeds(seed)
    with watched() as curves, raised_again():
        run_fn(arguments)
    signatures = check_saved_model(model.serving, run_fn.__name__)
    if (span := Examples.span.of(examples)) is not None:
        model.span = span
    preview_model(model, signatures, curves)
    preview_run(model_run, curves)
