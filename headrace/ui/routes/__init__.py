"""The addresses below /api, each thin: it reads the query and answers with a view."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from headrace.errors import HeadraceError
from headrace.ui.answer import unforeseen
from headrace.ui.routes.artifacts import artifact, artifact_file, artifacts, taint, untaint
from headrace.ui.routes.graph import compare, lineage, search
from headrace.ui.routes.runs import meta, run, run_live, run_log, runs
from headrace.ui.shown import Shown

LARGEST = 10_000
"""Bytes of a body."""

Handler = Callable[[Request, Shown], Response]

ANSWERS: Sequence[tuple[str, Handler]] = (
    ("/api/meta", meta),
    ("/api/runs", runs),
    ("/api/runs/{id:path}/live", run_live),
    ("/api/runs/{id:path}/nodes/{node}/log", run_log),
    ("/api/runs/{id:path}", run),
    ("/api/lineage", lineage),
    ("/api/artifacts", artifacts),
    ("/api/artifacts/{id}", artifact),
    ("/api/artifacts/{id}/files/{path:path}", artifact_file),
    ("/api/compare", compare),
    ("/api/search", search),
)


def api_routes(shown: Shown) -> Sequence[Route]:
    """List the routes; each handler is called in a thread, since the store is read with blocking calls."""
    return [
        *(Route(path, _with(shown, handler)) for path, handler in ANSWERS),
        Route("/api/artifacts/{id}/taint", _with_body(_with(shown, taint)), methods=["POST"]),
        Route("/api/artifacts/{id}/untaint", _with_body(_with(shown, untaint)), methods=["POST"]),
    ]


def _with(shown: Shown, handler: Handler) -> Callable[[Request], Response]:
    def handle(request: Request) -> Response:
        try:
            return handler(request, shown)
        except HeadraceError:
            raise
        except Exception as error:  # a request of the page: the server goes on
            return unforeseen(error)

    return handle


def _with_body(handle: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
    """Read a small body before a handler is called in a thread."""

    async def handle_with_body(request: Request) -> Response:
        size = request.headers.get("content-length", "0")
        if not size.isdigit() or int(size) > LARGEST:
            return Response("too much\n", 413, media_type="text/plain")
        request.state.body = await request.body()
        return await run_in_threadpool(handle, request)

    return handle_with_body
