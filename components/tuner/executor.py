"""Run the search that a `tuner_fn` sets up, and record its trials."""

from collections.abc import Callable, Mapping

import headrace.keras.setup  # noqa: F401  which Keras this process has, before anything asks
from components.tuner.preview import preview_best, preview_trials
from components.tuner.trials import search_all, trials_of
from headrace.artifacts.examples import Examples
from headrace.artifacts.hyperparameters import HyperParameters, TunerResults
from headrace.artifacts.model import Model
from headrace.artifacts.schema import Schema
from headrace.artifacts.transform_graph import TransformGraph
from headrace.errors import UserCodeError
from headrace.keras.refuse import refuse_keras_3
from headrace.keras.seeds import fix_seeds
from headrace.keras.watch import watched
from headrace.user_code.call import fn_args
from headrace.user_code.fn_args import FnArgs, SplitArgs
from headrace.user_code.kept_errors import raised_again
from headrace.user_code.tuner_fn_result import TunerFnResult


def search(
    examples: Examples,
    transform_graph: TransformGraph | None,
    schema: Schema | None,
    base_model: Model | None,
    tuner_fn: Callable[[FnArgs], TunerFnResult],
    train_args: SplitArgs,
    eval_args: SplitArgs,
    custom_config: Mapping[str, object],
    seed: int,
    best_hyperparameters: HyperParameters,
    tuner_results: TunerResults,
) -> None:
    """Search, and write the best hyperparameters and the table of trials."""
    refuse_keras_3(tuner_fn)
    arguments = fn_args(
        examples,
        train=train_args,
        evaluation=eval_args,
        schema=schema,
        transform_graph=transform_graph,
        base_model=base_model,
        hyperparameters=None,
        custom_config=custom_config,
        seed=seed,
    )
    fix_seeds(seed)
    with watched(fails=False), raised_again():
        result = _checked(tuner_fn(arguments), tuner_fn.__name__)
        search_all(result.tuner, result.fit_kwargs)
    objective = result.tuner.oracle.objective
    trials = trials_of(result.tuner)
    tuner_results.write(objective.name, objective.direction, trials)
    best_hyperparameters.write(result.tuner.get_best_hyperparameters()[0].get_config())
    preview_trials(tuner_results, objective.name, trials)
    preview_best(best_hyperparameters, trials[0])


def _checked(result: object, function: str) -> TunerFnResult:
    """Take TFX's result for ours: anything with a tuner and fit_kwargs."""
    tuner, fit_kwargs = getattr(result, "tuner", None), getattr(result, "fit_kwargs", None)
    if tuner is None or not isinstance(fit_kwargs, Mapping):
        raise UserCodeError(
            found=f"{function} returned {type(result).__name__}",
            expected="TunerFnResult(tuner=…, fit_kwargs={…})",
            do="Import TunerFnResult from headrace.user_code.tuner_fn_result and return one",
        )
    return TunerFnResult(tuner, fit_kwargs)
