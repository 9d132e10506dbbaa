"""See each `fit`: report its epochs, keep its curve, and end it when the loss is no longer a number.

While `watched()` is open, `tf_keras.Model.fit` has one more callback; a user's module neither names nor sees it.
No other place replaces a method of Keras.
"""

import inspect
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from math import isfinite
from typing import Any

import tf_keras

from headrace import progress
from headrace.errors import UserCodeError


@dataclass
class Curve:
    """The metrics of one `fit`, epoch by epoch."""

    parameters: int
    epochs: list[dict[str, float]] = field(default_factory=list)


class _Epochs(tf_keras.callbacks.Callback):  # type: ignore[misc]  # tf_keras has no types
    """Report and keep each epoch of a fit."""

    def __init__(self, curve: Curve, *, fails: bool) -> None:
        super().__init__()
        self._curve, self._fails = curve, fails

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        metrics = {name: float(value) for name, value in (logs or {}).items()}
        self._curve.epochs.append(metrics)
        self._curve.parameters = self.model.count_params()
        text = ", ".join(f"{name} {value:.4g}" for name, value in metrics.items())
        progress.report("epoch", epoch + 1, self.params.get("epochs"), text)
        loss = metrics.get("loss", 0.0)
        if isfinite(loss):
            return
        self.model.stop_training = True
        if self._fails:
            raise UserCodeError(
                found=f"the loss is {loss} after epoch {epoch + 1}",
                expected="a finite number",
                do="Lower the learning rate, scale the features, or look for missing values in them",
            )


@contextmanager
def watched(*, fails: bool = True) -> Iterator[list[Curve]]:
    """Watch every `fit` until the end of the block; a loss that is not finite fails, or only ends that fit."""
    original, curves = tf_keras.Model.fit, list[Curve]()
    signature = inspect.signature(original)

    @wraps(original)
    def fit(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        curves.append(Curve(parameters=0))
        bound.arguments["callbacks"] = _with(bound.arguments.get("callbacks"), _Epochs(curves[-1], fails=fails))
        return original(*bound.args, **bound.kwargs)

    tf_keras.Model.fit = fit
    try:
        yield curves
    finally:
        tf_keras.Model.fit = original


def _with(callbacks: Any, added: _Epochs) -> Any:
    if isinstance(callbacks, tf_keras.callbacks.CallbackList):
        callbacks.append(added)
        return callbacks
    given = callbacks if isinstance(callbacks, list | tuple) else [callbacks] if callbacks else []
    return [*given, added]
