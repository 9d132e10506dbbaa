"""Errors that are raised inside TensorFlow's input pipeline: it rewrites them, so they are kept and raised again."""

from collections.abc import Iterator
from contextlib import contextmanager

import tensorflow as tf

from headrace.errors import HeadraceError

_kept: list[HeadraceError] = []


@contextmanager
def kept() -> Iterator[None]:
    """Keep what is raised in the block, and let it pass."""
    try:
        yield
    except HeadraceError as error:
        _kept.append(error)
        raise


@contextmanager
def raised_again() -> Iterator[None]:
    """Raise the kept error in place of TensorFlow's version of it."""
    _kept.clear()
    try:
        yield
    except tf.errors.OpError as error:
        if _kept:
            raise _kept[0] from error
        raise


def first_kept() -> HeadraceError | None:
    """Return what was raised in the input pipeline since the block began, if something was."""
    return _kept[0] if _kept else None
