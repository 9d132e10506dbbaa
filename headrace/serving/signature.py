"""What a signature takes, and how rows are fed to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headrace.errors import DataError


@dataclass(frozen=True)
class TensorKind:
    """The type of a tensor, by TensorFlow's name, and its shape without the dimension of rows."""

    dtype: str
    shape: tuple[int | None, ...]


@dataclass(frozen=True)
class AsExamples:
    """Rows go in as serialised tf.Examples, through the one input that the signature has."""

    input: str
    flat: bool


@dataclass(frozen=True)
class AsFeatures:
    """Rows go in column by column, under the names of the signature's inputs."""

    inputs: Mapping[str, TensorKind]


Feed = AsExamples | AsFeatures


def as_examples(inputs: Mapping[str, TensorKind]) -> AsExamples | None:
    """Tell whether a signature may take tf.Examples: it has one input, and that is text, one per row."""
    match [*inputs.items()]:
        case [(name, TensorKind("string", () | (None,) | (1,) as shape))]:
            return AsExamples(name, flat=not shape)
    return None


def feed_of(inputs: Mapping[str, TensorKind], columns: Sequence[str]) -> Feed:
    """Decide how rows with these columns are fed to a signature with these inputs.

    One string input that is not named like a column takes tf.Examples. Otherwise every input is a column.
    """
    if (examples := as_examples(inputs)) and examples.input not in columns:
        return examples
    if missing := sorted(inputs.keys() - set(columns)):
        raise DataError(
            found=f"a signature whose inputs are {sorted(inputs)}, and rows with the columns {sorted(columns)}",
            expected=f"one string input for tf.Examples, or columns for all inputs (missing: {missing})",
            do="Feed the examples that the model takes, or export another signature",
        )
    return AsFeatures(inputs)
