"""Answers about the store and its runs."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from headrace.errors import UnknownReference
from headrace.lineage.reference import node_in
from headrace.ui.answer import FRESH, MOST, answer, number
from headrace.ui.live import is_last_word, live
from headrace.ui.recorded import log_of
from headrace.ui.shown import Shown
from headrace.ui.views.meta import meta_view
from headrace.ui.views.named import run_named
from headrace.ui.views.run import run_view
from headrace.ui.views.runs import runs_view


def meta(_: Request, shown: Shown) -> Response:
    snapshot = shown.snapshot()
    return answer(meta_view(snapshot, shown.store))


def runs(request: Request, shown: Shown) -> Response:
    asked = request.query_params
    snapshot = shown.snapshot()
    view = runs_view(
        snapshot,
        shown.previews,
        asked.get("q", ""),
        pipeline=asked.get("pipeline", ""),
        state=asked.get("state", ""),
        limit=number(request, "limit", 100, MOST),
        offset=number(request, "offset", 0, 10**9),
        planned=shown.planned(snapshot),
    )
    return answer(view)


def run(request: Request, shown: Shown) -> Response:
    snapshot = shown.snapshot()
    found = run_named(request.path_params["id"], snapshot)
    return answer(run_view(found, snapshot, shown.plan(found.id), shown.previews))


def run_live(request: Request, shown: Shown) -> Response:
    found = run_named(request.path_params["id"], shown.snapshot())
    return Response(status_code=204) if is_last_word(request) else live(found.id, shown)


def run_log(request: Request, shown: Shown) -> Response:
    snapshot = shown.snapshot()
    attempt = number(request, "attempt", 0, 10**6) or None
    found = run_named(request.path_params["id"], snapshot)
    execution = node_in(found, request.path_params["node"], snapshot, attempt)
    text = log_of(execution, snapshot, shown.place, number(request, "tail", 200, 20_000)) if shown.place else None
    if text is None:
        raise UnknownReference(
            found=f"no log of {execution.name}", expected="one that this machine keeps", do="Look where it ran"
        )
    return PlainTextResponse(text, headers=FRESH)
