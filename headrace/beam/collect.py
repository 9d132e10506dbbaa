"""Brings small results out of a Beam pipeline: what a pipeline holds is a copy, so lists of ours stay empty."""

import pickle
import tempfile
import uuid
from pathlib import Path
from types import TracebackType
from typing import Generic, TypeVar

import apache_beam as beam

T = TypeVar("T")


class Collected(Generic[T]):
    """A place for the elements of one small collection; a context manager around the pipeline and the reading."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="headrace-beam-")

    def __enter__(self) -> "Collected[T]":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    def sink(self) -> beam.PTransform:
        """Return the transform that ends the collection."""
        return beam.Map(_write, self._folder.name)

    def read(self) -> list[T]:
        """Return the elements, in no order, after the pipeline ran."""
        return [pickle.loads(file.read_bytes()) for file in Path(self._folder.name).iterdir()]


def _write(element: object, folder: str) -> None:
    (Path(folder) / uuid.uuid4().hex).write_bytes(pickle.dumps(element))
