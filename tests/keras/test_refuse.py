from types import FunctionType, ModuleType

import pytest

from headrace.errors import UserCodeError
from headrace.keras.refuse import refuse_keras_3


def in_a_module_with(**names: object) -> FunctionType:
    """Make a function whose module has imported these names."""
    space: dict[str, object] = {"__name__": "users_model", **names}
    exec("def run_fn(fn_args): pass", space)
    function = space["run_fn"]
    assert isinstance(function, FunctionType)
    return function


def test_refuses_keras_3() -> None:
    with pytest.raises(UserCodeError, match="users_model imports keras from keras, which is Keras 3"):
        refuse_keras_3(in_a_module_with(keras=ModuleType("keras")))


def test_refuses_what_comes_from_keras_3() -> None:
    dense = type("Dense", (), {"__module__": "keras.src.layers.core.dense"})
    with pytest.raises(UserCodeError, match=r"imports Dense from keras\.src"):
        refuse_keras_3(in_a_module_with(Dense=dense))


def test_takes_tf_keras() -> None:
    refuse_keras_3(in_a_module_with(keras=ModuleType("tf_keras"), number=3))
