"""Files of tf.Example records, read and written without TensorFlow.

The codec between Arrow and tf.Example is tfx_bsl's, which needs no TensorFlow; the framing of records is TFRecord's:
length, masked CRC-32C of the length, bytes, masked CRC-32C of the bytes. Loading TensorFlow only for its writer would
cost every ExampleGen 4 CPU s.
"""

import gzip
import struct
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import google_crc32c
import pyarrow as pa
from tensorflow_metadata.proto.v0 import schema_pb2
from tfx_bsl.coders import example_coder

from headrace.artifacts.large_lists import from_large_lists, is_list, list_type, to_large_lists
from headrace.errors import DataError

_HEADER = struct.Struct("<QI")
_CRC = struct.Struct("<I")


def _masked_crc(data: bytes) -> int:
    crc: int = google_crc32c.value(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


class RecordFile:
    """A compressed file of records; its bytes depend on the records alone, not on its name or the time."""

    def __init__(self, file: Path) -> None:
        self._raw = file.open("wb")
        self._stream = gzip.GzipFile("", "wb", compresslevel=6, fileobj=self._raw, mtime=0)

    def write(self, records: Iterable[bytes]) -> None:
        for record in records:
            length = struct.pack("<Q", len(record))
            self._stream.write(length + _CRC.pack(_masked_crc(length)) + record + _CRC.pack(_masked_crc(record)))

    def close(self) -> None:
        self._stream.close()
        self._raw.close()


def read_records(file: Path) -> Iterator[bytes]:
    """Yield the records of a file; raises DataError where it is cut off or damaged."""
    try:
        with gzip.open(file, "rb") as stream:
            while header := stream.read(_HEADER.size):
                length, length_crc = _HEADER.unpack(header)
                _check(length_crc, header[:8], file)
                record = stream.read(length)
                _check(_CRC.unpack(stream.read(_CRC.size))[0], record, file)
                yield record
    except (OSError, EOFError, struct.error) as error:
        raise _damaged(file, str(error)) from error


def _check(crc: int, data: bytes, file: Path) -> None:
    if crc != _masked_crc(data):
        raise _damaged(file, "a checksum does not fit")


def _damaged(file: Path, why: str) -> DataError:
    return DataError(
        found=f"{file}: {why}", expected="a whole TFRecord file compressed by gzip", do="Make the examples again"
    )


def encode(batch: pa.RecordBatch) -> list[bytes]:
    """Turn rows into serialised tf.Example, features sorted by name, so that equal rows are equal bytes."""
    lists = to_large_lists(batch)
    kept = [i for i, kind in enumerate(lists.schema.types) if not pa.types.is_null(kind)]
    typed = pa.RecordBatch.from_arrays([lists.column(i) for i in kept], names=[lists.schema.names[i] for i in kept])
    return [_sorted(example) for example in example_coder.RecordBatchToExamplesEncoder().encode(typed)]


def _sorted(example: bytes) -> bytes:
    """Order the entries of the one map that a tf.Example is: the encoder leaves them in the order of a hash table."""
    _, start = _varint(example, 1)
    entries = []
    while start < len(example):
        length, body = _varint(example, start + 1)
        entries.append((example[body : body + length], example[start : body + length]))
        start = body + length
    head = len(example) - sum(len(entry) for _, entry in entries)
    return example[:head] + b"".join(entry for _, entry in sorted(entries, key=lambda pair: _name(pair[0])))


def _name(entry: bytes) -> bytes:
    length, start = _varint(entry, 1)
    return entry[start : start + length]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Read a base-128 number of the protobuf wire format; return it and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if not byte & 0x80:
            return value, at
        shift += 7


def decode(records: Sequence[bytes], schema: pa.Schema) -> pa.RecordBatch:
    """Turn serialised tf.Example into rows with the columns of a schema."""
    decoder = example_coder.ExamplesToRecordBatchDecoder(_features(schema).SerializeToString())
    return from_large_lists(decoder.DecodeBatch(list(records)), schema)


def _features(schema: pa.Schema) -> schema_pb2.Schema:
    features = schema_pb2.Schema()
    for field in schema:
        kind = list_type(field.type)
        if not is_list(kind):
            continue
        by_value = {pa.int64(): schema_pb2.INT, pa.float32(): schema_pb2.FLOAT}
        features.feature.add(name=field.name, type=by_value.get(kind.value_type, schema_pb2.BYTES))
    return features
