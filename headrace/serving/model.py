"""A SavedModel, loaded and asked through one of its signatures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy.typing as npt
import tensorflow as tf

from headrace.errors import DataError
from headrace.serving.signature import TensorKind

Array: TypeAlias = npt.NDArray[Any]
Arrays: TypeAlias = Mapping[str, Array]

MODEL_ERRORS = (tf.errors.OpError, ValueError, TypeError, LookupError, OSError, RuntimeError, AttributeError)
"""What TensorFlow raises when it loads or calls a SavedModel that is damaged, or that it is asked wrongly."""


@dataclass(frozen=True)
class ServingModel:
    """A signature of a loaded model; `loaded` keeps the variables that it reads alive."""

    path: Path
    name: str
    inputs: Mapping[str, TensorKind]
    call: Any
    loaded: Any

    def ask(self, request: Arrays) -> Arrays:
        """Call the signature with arrays by the names of its inputs."""
        rows = len(next(iter(request.values())))
        tensors = {name: tf.constant(value, self.inputs[name].dtype) for name, value in request.items()}
        try:
            answer = {name: tensor.numpy() for name, tensor in self.call(**tensors).items()}
        except MODEL_ERRORS as error:
            raise DataError(
                found=f"{self.path} does not answer through {self.name!r}: {first_line(error)}",
                expected="an answer to rows of the examples",
                do="Feed the examples that the model takes, or correct its signature",
            ) from error
        if wrong := {name: value.shape for name, value in answer.items() if value.shape[:1] != (rows,)}:
            raise DataError(
                found=f"{self.path} answers {rows} rows with {wrong}",
                expected="one prediction per row in the first dimension",
                do="Correct the signature",
            )
        return answer


def load_model(path: Path, signature: str) -> ServingModel:
    """Load a SavedModel and one of its signatures."""
    try:
        loaded = tf.saved_model.load(str(path))
    except MODEL_ERRORS as error:
        raise DataError(
            found=f"{path} cannot be loaded: {first_line(error)}", expected="a whole SavedModel", do="Train it again"
        ) from error
    if signature not in loaded.signatures:
        raise DataError(
            found=f"{path} with the signatures {sorted(loaded.signatures)}",
            expected=f"the signature {signature!r}",
            do="Name one of them, or save the model with signatures=",
        )
    call = loaded.signatures[signature]
    return ServingModel(path, signature, _inputs_of(call, path, signature), call, loaded)


def _inputs_of(call: Any, path: Path, signature: str) -> dict[str, TensorKind]:
    specs = call.structured_input_signature[1]
    if odd := [name for name, spec in specs.items() if not isinstance(spec, tf.TensorSpec) or not spec.shape.rank]:
        raise DataError(
            found=f"the inputs {odd} of {signature!r} in {path}",
            expected="dense tensors whose first dimension is rows",
            do="Export a signature of such inputs, or of one string input that takes tf.Examples",
        )
    return {name: TensorKind(spec.dtype.name, tuple(spec.shape.as_list()[1:])) for name, spec in specs.items()}


def first_line(error: BaseException) -> str:
    """Say what TensorFlow says, in a line: the first that says something, without its graph and its stack."""
    lines = [line.strip() for line in str(error).splitlines()]
    telling = [line for line in lines if line and not line.startswith(_NOISE)]
    return f"{type(error).__name__}: {telling[0] if telling else ''}"[:300]


_NOISE = ("Graph execution error", "Detected at node", "<stack traces", "[[", "(0)", "(1)", "Node:")
