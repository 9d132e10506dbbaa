"""The application: the guard, the JSON answers, the files of the page."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from headrace.errors import HeadraceError
from headrace.ui import pages
from headrace.ui.answer import answer, refusal
from headrace.ui.routes import api_routes
from headrace.ui.security import Door, Guard
from headrace.ui.shown import Shown


def app_for(shown: Shown, door: Door) -> Guard:
    """Make the application that shows a store to who has the token."""
    app = Starlette(
        routes=[
            *api_routes(shown),
            *(Route(place, _page) for place in pages.PAGES),
            Route("/static/{path:path}", _static),
            Route("/favicon.ico", _no_icon),
        ],
        exception_handlers={HeadraceError: refusal, HTTPException: _not_found},
    )
    return Guard(app, door)


def _page(_: Request) -> Response:
    return pages.page()


def _static(request: Request) -> Response:
    return pages.static_file(request.path_params["path"])


def _no_icon(_: Request) -> Response:
    return Response(status_code=204)


def _not_found(request: Request, error: Exception) -> Response:
    """Answer what no route takes, as a page where a page was asked for; the method may be the reason."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if request.method in ("GET", "HEAD") and not request.url.path.startswith(("/api/", "/static/")):
        return pages.page(status)
    found = f"{request.method} {request.url.path}"
    what = {"found": found, "expected": "an address of this page", "do": "Begin at /"}
    return answer({"error": what}, status)
