"""Files of records, as TensorFlow frames them: length, checksum, data, checksum; plain or compressed with gzip."""

import gzip
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

_GZIP = b"\x1f\x8b"
_LARGEST = 1 << 28


def records(file: Path) -> Iterator[bytes]:
    """Read the records of a file that may still grow; what is torn at its end is left out."""
    with file.open("rb") as opened:
        is_compressed = opened.read(2) == _GZIP
        opened.seek(0)
        try:
            yield from _records(gzip.GzipFile(fileobj=opened) if is_compressed else opened)
        except (EOFError, OSError, zlib.error):
            return


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _records(stream: _Stream) -> Iterator[bytes]:
    while len(head := stream.read(12)) == 12:  # noqa: PLR2004  a length and its checksum
        (size,) = struct.unpack("<Q", head[:8])
        if size > _LARGEST:
            return
        data = stream.read(size)
        if len(data) < size or len(stream.read(4)) < 4:  # noqa: PLR2004  a checksum
            return
        yield data
