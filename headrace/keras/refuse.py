"""Refuse a module that trains with another Keras than its process has, before hours are spent on it."""

from collections.abc import Callable

from headrace.errors import UserCodeError


def refuse_keras_3(function: Callable[..., object]) -> None:
    """Look at what the function's module imported; raises UserCodeError when that is Keras 3."""
    for name, value in getattr(function, "__globals__", {}).items():
        origin = (
            getattr(value, "__name__", "") if type(value).__name__ == "module" else getattr(value, "__module__", "")
        )
        if str(origin).partition(".")[0] == "keras":
            raise UserCodeError(
                found=f"{function.__module__} imports {name} from {origin}, which is Keras 3",
                expected="tf_keras, as Transform, keras-tuner and the serving signatures are bound to it here",
                do="Write `import tf_keras as keras`",
            )
