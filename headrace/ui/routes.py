"""The addresses below /api, each thin: it reads the query and answers with a view."""

from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from headrace.ui.answer import answer, number
from headrace.ui.shown import Shown
from headrace.ui.views.meta import Store, meta_view
from headrace.ui.views.runs import runs_view

MOST = 1000
"""How many rows one answer may have."""

Handler = Callable[[Request, Shown], Response]


def api_routes(shown: Shown) -> Sequence[Route]:
    """List the routes; each handler is called in a thread, since the store is read with blocking calls."""
    return [
        Route("/api/meta", _with(shown, _meta)),
        Route("/api/runs", _with(shown, _runs)),
    ]


def _with(shown: Shown, handler: Handler) -> Callable[[Request], Response]:
    def handle(request: Request) -> Response:
        return handler(request, shown)

    return handle


def _meta(_: Request, shown: Shown) -> Response:
    snapshot = shown.snapshot()
    store = Store(shown.name, shown.address, shown.place is not None, shown.writable is not None, shown.refreshed)
    return answer(meta_view(snapshot, store))


def _runs(request: Request, shown: Shown) -> Response:
    asked = request.query_params
    view = runs_view(
        shown.snapshot(),
        asked.get("q", ""),
        pipeline=asked.get("pipeline", ""),
        state=asked.get("state", ""),
        limit=number(request, "limit", 100, MOST),
        offset=number(request, "offset", 0, 10**9),
    )
    return answer(view)
