"""ML Metadata's gRPC service in front of a store: for the stock client, for ours, for pods that hold no password.

Every method that ML Metadata's library has is answered; the others are UNIMPLEMENTED.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any

import grpc  # type: ignore[import-untyped]  # it has no annotations
from google.protobuf.message import DecodeError
from ml_metadata.errors import StatusError
from ml_metadata.metadata_store.pywrap.metadata_store_extension import metadata_store as library
from ml_metadata.proto import metadata_store_service_pb2 as service

from headrace.errors import ConflictError, UnfitEnvironment
from headrace.metadata.lock import held
from headrace.metadata.open_store import Connection
from headrace.metadata.road import road_of

SERVICE = service.DESCRIPTOR.services_by_name["MetadataStoreService"]
CLIENTS = 16
"""How many calls wait for the store at once; others wait for them."""
OPTIONS = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.so_reuseport", 0),  # or two servers share a port, and each is asked now and then
)
Handler = Callable[[bytes, Any], bytes]


@dataclass
class Backend:
    """A store, for one call at a time."""

    connection: Connection
    answers: bool = True
    _guard: threading.Lock = field(default_factory=threading.Lock, init=False)

    def call(self, method: str, request: Any, response: Any) -> None:
        """Carry one call; a write to a SQLite file holds its lock."""
        writes = not method.startswith("Get")
        with self._guard, held(self.connection.lock) if writes else nullcontext():
            try:
                road_of(self.connection.mlmd)(method, request, response)
            except UnfitEnvironment:
                self.answers = False
                raise
            self.answers = True

    def is_healthy(self) -> bool:
        """Tell whether the store answers; one that did not is asked again, since nobody else may ask it meanwhile."""
        if not self.answers:
            with suppress(StatusError, UnfitEnvironment):
                self.call("GetContextTypes", service.GetContextTypesRequest(), service.GetContextTypesResponse())
        return self.answers


def server_of(backend: Backend, interceptors: Sequence[grpc.ServerInterceptor] = ()) -> grpc.Server:
    """Make a server that listens nowhere yet."""
    server = grpc.server(ThreadPoolExecutor(CLIENTS), interceptors=interceptors, options=OPTIONS)
    handlers = {name: grpc.unary_unary_rpc_method_handler(answer) for name, answer in _answers(backend)}
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(SERVICE.full_name, handlers)])
    return server


def _answers(backend: Backend) -> Iterator[tuple[str, Handler]]:
    for method in SERVICE.methods:
        has = hasattr(library, method.name)
        yield method.name, _answer(backend, method) if has else _refusal(method.name)


def _answer(backend: Backend, method: Any) -> Handler:
    request_type, response_type = method.input_type._concrete_class, method.output_type._concrete_class

    def answer(written: bytes, context: Any) -> bytes:
        response = response_type()
        try:
            backend.call(method.name, request_type.FromString(written), response)
        except StatusError as error:
            context.abort(_CODES.get(error.error_code, grpc.StatusCode.UNKNOWN), str(error))
        except DecodeError:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"no {request_type.DESCRIPTOR.name}")
        except ConflictError as error:
            context.abort(grpc.StatusCode.ABORTED, str(error))
        except UnfitEnvironment:
            context.abort(grpc.StatusCode.UNAVAILABLE, "the database behind this server does not answer")
        return bytes(response.SerializeToString())

    return answer


def _refusal(name: str) -> Handler:
    def answer(written: bytes, context: Any) -> bytes:  # noqa: ARG001  the signature of a handler
        context.abort(grpc.StatusCode.UNIMPLEMENTED, f"ML Metadata's library has no {name}, so neither has this server")
        return b""

    return answer


_CODES = {code.value[0]: code for code in grpc.StatusCode}
