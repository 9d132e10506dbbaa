"""Schemas as text: read with the line of a mistake, written in one form."""

import re
from pathlib import Path

from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2

from headrace.errors import DataError


def read_schema(file: Path) -> schema_pb2.Schema:
    """Parse a schema.pbtxt; raises DataError where it cannot be read, with the line."""
    try:
        text = file.read_text(encoding="utf-8")
        return text_format.Parse(text, schema_pb2.Schema())
    except text_format.ParseError as error:
        raise _unfit(file, _where(error)) from error
    except UnicodeDecodeError as error:
        raise _unfit(file, f"byte {error.start} is not text in UTF-8") from error
    except OSError as error:
        raise _unfit(file, error.strerror or f"{error}") from error


def write_schema(schema: schema_pb2.Schema, file: Path) -> None:
    """Write a schema as text; equal schemas make equal bytes."""
    file.write_text(text_format.MessageToString(schema), encoding="utf-8")


def _where(error: text_format.ParseError) -> str:
    """Say where the text is wrong: the parser begins with `line:column : `."""
    said = re.sub(r"^\d+:\d+ : ", "", " ".join(str(error).split()))
    return f"line {error.GetLine()}: {said}" if error.GetLine() else said


def _unfit(file: Path, what: str) -> DataError:
    return DataError(
        found=f"{file}: {what}", expected="the text form of a tensorflow.metadata.v0.Schema", do="Correct the schema"
    )
