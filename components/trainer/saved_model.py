"""What a SavedModel offers, read from its protocol buffer: nothing is loaded."""

from pathlib import Path
from typing import Any

import tensorflow as tf
from google.protobuf.message import DecodeError
from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2

from headrace.errors import UserCodeError

TensorInfo = dict[str, object]
Signature = dict[str, list[TensorInfo]]
INTERNAL = "__saved_model_init_op"


def check_saved_model(folder: Path, function: str) -> dict[str, Signature]:
    """Return the signatures of a SavedModel by name; raises UserCodeError when there is none, or no signature in it."""
    file = folder / "saved_model.pb"
    if not file.is_file():
        raise UserCodeError(
            found=f"{function} returned, and {folder.name} holds no SavedModel",
            expected="one in fn_args.serving_model_dir",
            do="Save the model there, for example with headrace.keras.export.save_with_transform",
        )
    try:
        saved = saved_model_pb2.SavedModel.FromString(file.read_bytes())
    except DecodeError as error:
        raise UserCodeError(
            found=f"{file} is not a SavedModel ({error})", expected="a whole one", do="Save the model again"
        ) from error
    definitions = saved.meta_graphs[0].signature_def
    signatures = {name: _signature(definitions[name]) for name in sorted(definitions) if name != INTERNAL}
    if not any(signature["outputs"] for signature in signatures.values()):
        raise UserCodeError(
            found=f"the SavedModel of {function} has no signature",
            expected="serving_default at least",
            do="Pass signatures= to tf.saved_model.save, or use headrace.keras.export.save_with_transform",
        )
    return signatures


def _signature(definition: meta_graph_pb2.SignatureDef) -> Signature:
    return {"inputs": _infos(definition.inputs), "outputs": _infos(definition.outputs)}


def _infos(tensors: Any) -> list[TensorInfo]:
    return [{"name": name, **_info(tensors[name])} for name in sorted(tensors)]


def _info(tensor: meta_graph_pb2.TensorInfo) -> TensorInfo:
    shape = (
        None if tensor.tensor_shape.unknown_rank else [None if d.size < 0 else d.size for d in tensor.tensor_shape.dim]
    )
    return {"type": tf.dtypes.as_dtype(tensor.dtype).name, "shape": shape}
