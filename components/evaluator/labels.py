"""Labels and predictions as the numbers that metrics compare."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from components.evaluator.config import EvaluationConfig
from components.evaluator.metrics import Floats
from headrace.errors import DataError

ROUNDING = 1e-6


def labels_of(column: pa.Array, config: EvaluationConfig) -> Floats:
    """Turn labels into 1 and 0 (binary), the index of the class (multiclass) or the value (regression)."""
    values = column.cast(pa.string()) if pa.types.is_binary(column.type) else column
    values = values.cast(pa.int64()) if pa.types.is_boolean(values.type) else values
    if config.task == "regression":
        return np.asarray(_numbers(values, config), dtype=np.float64)
    if config.task == "binary":
        return np.asarray(_equal_to(config.positive, values), dtype=np.float64)
    if not config.classes:
        return np.asarray(_numbers(values, config), dtype=np.float64)
    known = np.stack([_equal_to(name, values) for name in config.classes], axis=1)
    if len(strange := np.flatnonzero(~known.any(axis=1))):
        raise _strange(values[int(strange[0])].as_py(), config)
    return np.asarray(known.argmax(axis=1), dtype=np.float64)


def _equal_to(wanted: str | float, values: pa.Array) -> npt.NDArray[np.bool_]:
    is_text = pa.types.is_string(values.type) or pa.types.is_large_string(values.type)
    if is_text != isinstance(wanted, str):
        raise DataError(
            found=f"labels of type {values.type} in the place of {wanted!r}",
            expected=f"a column that can equal {wanted!r}",
            do="Set positive= or classes= to the labels as they stand in the examples",
        )
    same = pc.equal(values, pa.scalar(wanted)) if is_text else pc.equal(values.cast(pa.float64()), float(wanted))
    return np.asarray(same.to_numpy(zero_copy_only=False))


def _numbers(values: pa.Array, config: EvaluationConfig) -> pa.Array:
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type):
        return values
    raise DataError(
        found=f"the label {config.label!r} of type {values.type}",
        expected=f"numbers for the task {config.task}",
        do="Set classes=, or choose the label or the task",
    )


def _strange(label: object, config: EvaluationConfig) -> DataError:
    return DataError(
        found=f"the label {label!r} in the column {config.label!r}",
        expected=f"one of {list(config.classes)}",
        do="Add it to classes=, or clean the examples",
    )


def predictions_of(answer: Mapping[str, npt.NDArray[Any]], config: EvaluationConfig) -> Floats:
    """Turn a signature's answer into `[rows]` (binary, regression) or `[rows, classes]` (multiclass)."""
    found = _output(answer, config)
    width = found.shape[1:]
    if config.task == "multiclass":
        fits = len(width) == 1 and width[0] == (len(config.classes) or max(width[0], 2))
    else:
        fits = width in ((), (1,)) or (config.task == "binary" and width == (2,))
    if not fits or found.dtype.kind not in "fiu":
        raise DataError(
            found=f"predictions of type {found.dtype} and shape {['rows', *width]}",
            expected=_expected(config),
            do="Name the output with prediction=, correct the task or the model's signature",
        )
    numbers = found.astype(np.float64)
    if config.task == "multiclass":
        return _softmax(numbers) if config.logits else numbers
    if width == (2,):
        return (_softmax(numbers) if config.logits else numbers)[:, 1]
    flat: Floats = numbers.reshape(len(numbers))
    return 1.0 / (1.0 + np.exp(-flat)) if config.logits and config.task == "binary" else flat


def check_probabilities(predictions: Floats, config: EvaluationConfig) -> None:
    """Refuse what cannot be probabilities."""
    if config.task == "regression" or not len(predictions):
        return
    if predictions.min() < -ROUNDING or predictions.max() > 1 + ROUNDING:
        raise DataError(
            found=f"predictions from {predictions.min():.4g} to {predictions.max():.4g}",
            expected="probabilities between 0 and 1",
            do="Set logits=True, or end the model with a sigmoid or a softmax",
        )


def _output(answer: Mapping[str, npt.NDArray[Any]], config: EvaluationConfig) -> npt.NDArray[Any]:
    name = config.prediction or (next(iter(answer)) if len(answer) == 1 else "")
    if name not in answer:
        raise DataError(
            found=f"a signature with the outputs {sorted(answer)}",
            expected=f"the output {config.prediction!r}" if config.prediction else "one output, or its name",
            do="Set prediction= to one of them",
        )
    return answer[name]


def _expected(config: EvaluationConfig) -> str:
    match config.task:
        case "multiclass":
            return f"probabilities of shape ['rows', {len(config.classes) or 'classes'}]"
        case "binary":
            return "the probability of the positive class: ['rows'], ['rows', 1] or, second of two, ['rows', 2]"
        case "regression":
            return "numbers of shape ['rows'] or ['rows', 1]"


def _softmax(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=1, keepdims=True)
    return shares
