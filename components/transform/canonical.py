"""Make the bytes of a written transform function depend on nothing but what it does.

TensorFlow names a lookup table by the path of its vocabulary, which is a temporary one while the function is fitted.
Two tables of one name in one process are one table, so the name has to tell different vocabularies apart: the path
becomes the digest of all vocabularies. It numbers functions through the life of a process, and lists nodes in the order
of a hash table: they are numbered from 0, and sorted. The fingerprint file, which nothing needs, holds checksums of the
old bytes.
"""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from google.protobuf.message import Message
from tensorflow.core.framework import function_pb2, graph_pb2
from tensorflow.core.protobuf import saved_model_pb2

CAPTURED = re.compile(r"_(\d+)$")
FUNCTION = re.compile(r"(__inference_\w+?_)(\d+)\b")

Rename = Callable[[str], str]


def make_canonical(transform_fn: Path, scratch: str) -> None:
    """Rewrite `saved_model.pb`; `scratch` is the temporary folder that its tables are named by."""
    file = transform_fn / "saved_model.pb"
    saved = saved_model_pb2.SavedModel.FromString(file.read_bytes())
    digest, numbers = _digest(transform_fn / "assets"), _numbers(saved)

    def rename(text: str) -> str:
        text = text.replace(scratch, digest) if scratch in text else text
        return FUNCTION.sub(lambda found: f"{found[1]}{numbers[found[2]]}", text) if "__inference_" in text else text

    for meta_graph in saved.meta_graphs:
        _rewrite(meta_graph, rename)
        _sort(meta_graph.graph_def)
    file.write_bytes(saved.SerializeToString(deterministic=True))
    (transform_fn / "fingerprint.pb").unlink(missing_ok=True)


def _sort(graph: graph_pb2.GraphDef) -> None:
    for function in graph.library.function:
        _name_captured(function)
        function.node_def.sort(key=lambda node: node.name)
    graph.node.sort(key=lambda node: node.name)
    graph.library.function.sort(key=lambda function: function.signature.name)


def _name_captured(function: function_pb2.FunctionDef) -> None:
    """Name what a function captures by its position: TensorFlow names it by a number of the process."""
    renamed = {}
    for position, argument in enumerate(function.signature.input_arg):
        number = CAPTURED.search(argument.name)
        if number and int(number[1]) > len(function.signature.input_arg):
            renamed[argument.name] = f"captured_{position}"
            argument.name = f"captured_{position}"
    for node in function.node_def:
        node.input[:] = [renamed.get(name, name) for name in node.input]
    for name, source in function.ret.items():
        function.ret[name] = renamed.get(source, source)
    for attributes in function.arg_attr.values():
        if attributes.attr["_user_specified_name"].s.isdigit():
            del attributes.attr["_user_specified_name"]


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*")):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.name} {content}\n".encode())
    return digest.hexdigest()[:32]


def _numbers(saved: saved_model_pb2.SavedModel) -> dict[str, int]:
    """Give the functions numbers from 0 on, in the order of those that the process gave them."""
    found: set[str] = set()

    def note(text: str) -> str:
        found.update(number for _, number in FUNCTION.findall(text))
        return text

    _rewrite(saved, note)
    return {number: position for position, number in enumerate(sorted(found, key=int))}


def _rewrite(message: Any, rename: Rename) -> None:
    """Apply `rename` to every text in a message, however deep."""
    for field, value in message.ListFields():
        match value:
            case Message():
                _rewrite(value, rename)
            case str():
                setattr(message, field.name, rename(value))
            case bytes():
                setattr(message, field.name, _renamed(value, rename))
            case _ if field.message_type is not None and field.message_type.GetOptions().map_entry:
                _rewrite_map(value, rename)
            case _ if field.message_type is not None:
                for part in value:
                    _rewrite(part, rename)
            case _ if field.cpp_type == field.CPPTYPE_STRING:
                value[:] = [rename(part) if isinstance(part, str) else _renamed(part, rename) for part in value]


def _renamed(value: bytes, rename: Rename) -> bytes:
    try:
        return rename(value.decode()).encode()
    except UnicodeDecodeError:
        return value


def _rewrite_map(entries: Any, rename: Rename) -> None:
    for key, renamed in [(key, rename(key) if isinstance(key, str) else key) for key in entries]:
        if not isinstance(entries[key], Message):
            continue  # no map of texts names a function or a path
        _rewrite(entries[key], rename)
        if renamed != key:
            entries[renamed].CopyFrom(entries[key])
            del entries[key]
