"""What TensorFlow and Beam raise when a `preprocessing_fn` meets data that it cannot take, in one line."""

from collections.abc import Iterator
from contextlib import contextmanager

import tensorflow as tf

from headrace.errors import UserCodeError

FRAME = ("Graph execution error", "Detected at node", "<stack traces", "[[", "root error", "(0)", "(1)")
"""What the lines begin with that TensorFlow puts around the message of an operation."""


@contextmanager
def told(function: str) -> Iterator[None]:
    """Turn the failure of an operation into one line; let everything else pass."""
    try:
        yield
    except (ValueError, RuntimeError, tf.errors.OpError) as error:
        operation = _failed_operation(error)
        if operation is None:
            raise
        raise UserCodeError(
            found=f"{function} fails on the data: {_gist(operation.message)}",
            expected="a function that takes every row that the schema allows",
            do="Correct it, or let the schema refuse such rows",
        ) from error


def _failed_operation(error: BaseException | None) -> tf.errors.OpError | None:
    while error is not None and not isinstance(error, tf.errors.OpError):
        error = error.__cause__ or error.__context__
    return error


def _gist(message: str) -> str:
    lines = [line.strip() for line in message.splitlines()]
    return next((line for line in lines if line and not line.startswith(FRAME)), message.strip())
