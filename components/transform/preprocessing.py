"""A user's `preprocessing_fn` as tensorflow-transform calls it: with its errors told, and its traces kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from weakref import WeakValueDictionary

import tensorflow as tf
from tensorflow_transform.graph_context import TFGraphContext

from headrace.beam.sources import untouched
from headrace.errors import HeadraceError, UserCodeError
from headrace.user_code.load import place_of

Features = dict[str, object]
Function = Callable[..., object]

_living: WeakValueDictionary[int, Preprocessing] = WeakValueDictionary()


class Preprocessing:
    """Call the function, with `custom_config` if it takes that.

    `graph`, `inputs` and `outputs` are those of its first trace; `found` is what analyzers gave to later ones, by the
    name of the tensor that stood for it.
    """

    def __init__(self, function: Function, custom_config: Mapping[str, object]) -> None:
        takes_config = "custom_config" in signature(function).parameters
        self._function, self._config = function, dict(custom_config)
        self._arguments = {"custom_config": custom_config} if takes_config else {}
        self.graph: tf.Graph | None = None
        self.inputs: Features = {}
        self.outputs: Features = {}
        self.found: dict[str, tf.Tensor] = {}
        _living[id(self)] = self

    def __reduce__(self) -> tuple[object, ...]:
        return _same, (id(self), self._function, self._config)

    def __call__(self, inputs: Features) -> object:
        given = dict(inputs)
        outputs = self._called(inputs)
        if not (isinstance(outputs, dict) and outputs):
            raise untouched(
                UserCodeError(
                    found=f"{self._function.__name__} returns {type(outputs).__name__} {outputs!r:.80}",
                    expected="a dict of tensors by feature name",
                    do="Return one entry for each feature that the model or the Evaluator needs",
                )
            )
        if self.graph is None:
            self.graph, self.inputs, self.outputs = tf.compat.v1.get_default_graph(), given, dict(outputs)
        self.found.update(TFGraphContext.get_evaluated_replacements() or {})
        return outputs

    def _called(self, inputs: Features) -> object:
        try:
            return self._function(inputs, **self._arguments)
        except HeadraceError as error:
            raise untouched(error)  # noqa: B904  the same error
        except Exception as error:  # a border to foreign code
            raise untouched(
                UserCodeError(
                    found=f"{place_of(error)}: {type(error).__name__}: {error}",
                    expected=f"{self._function.__name__} to map the features {sorted(inputs)} to tensors",
                    do="Correct it there",
                )
            ) from error


def _same(identity: int, function: Function, custom_config: Mapping[str, object]) -> Preprocessing:
    """Unpickle: in the process that pickled it, the same object, so that it keeps what every trace was given."""
    living = _living.get(identity)
    return living if living is not None and living._function is function else Preprocessing(function, custom_config)
