"""Answers about lineage: the graph around something, two things beside each other, what a text may mean."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from headrace.errors import ConfigError
from headrace.lineage.filter import moment_of
from headrace.ui.answer import answer, number
from headrace.ui.shown import Shown
from headrace.ui.views.asked import Asked
from headrace.ui.views.compare import compare_view
from headrace.ui.views.lineage import lineage_view
from headrace.ui.views.search import search_view

FAR = 10_000
"""A depth that no graph has."""


def lineage(request: Request, shown: Shown) -> Response:
    return answer(lineage_view(shown.labels(), asked_of(request), shown.here))


def asked_of(request: Request) -> Asked:
    """Read a question to the graph. Raises ConfigError."""
    given = request.query_params
    return Asked(
        focus=given.get("focus", ""),
        up=_depth(request, "up"),
        down=_depth(request, "down"),
        mode=given.get("mode") or "walk",
        to=given.get("to", ""),
        collapse=given.get("collapse", ""),
        until=given.get("until", ""),
        within_run=given.get("within_run", "") in ("1", "true"),
        as_of=_moment(given.get("as_of", "")),
        kinds=_kinds(given.get("kinds") or "both"),
        limit=number(request, "limit", 400, 5000) or 400,
    )


def compare(request: Request, shown: Shown) -> Response:
    given = request.query_params
    return answer(compare_view(shown.snapshot(), given.get("a", ""), given.get("b", ""), shown.here))


def search(request: Request, shown: Shown) -> Response:
    text, limit = request.query_params.get("q", ""), number(request, "limit", 20, 200)
    return answer(search_view(shown.snapshot(), text.strip(), limit, Path(shown.here)))


def _depth(request: Request, name: str) -> int | None:
    """Read how many executions away a walk goes; `all` is as far as there is anything."""
    return None if request.query_params.get(name) in ("all", "∞") else number(request, name, 2, FAR)


def _moment(text: str) -> float | None:
    return moment_of(text) if text else None


def _kinds(text: str) -> str:
    if text not in ("both", "artifacts", "executions"):
        raise ConfigError(found=f"kinds={text!r}", expected="both, artifacts or executions", do="Correct the address")
    return text
