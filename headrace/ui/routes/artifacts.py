"""Answers about artifacts, the files in them, and the one thing that the page may change."""

import json

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from headrace.errors import ConfigError, ConflictError, UnknownReference
from headrace.lineage import taint as tainting
from headrace.lineage.reference import resolve
from headrace.metadata.records import StoredArtifact
from headrace.metadata.store import Store
from headrace.ui.answer import FRESH, MOST, answer, number
from headrace.ui.jail import below
from headrace.ui.payload import payload_of
from headrace.ui.shown import Shown
from headrace.ui.views.artifact import artifact_view
from headrace.ui.views.artifacts import artifacts_view

TEXTS = (".csv", ".json", ".log", ".md", ".ndjson", ".pbtxt", ".py", ".toml", ".tsv", ".txt", ".yaml", ".yml")
SEALED = {
    **FRESH,
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
}


def artifacts(request: Request, shown: Shown) -> Response:
    asked = request.query_params
    view = artifacts_view(
        shown.labels(),
        shown.previews,
        asked.get("q", ""),
        type_id=asked.get("type", ""),
        limit=number(request, "limit", 100, MOST),
        offset=number(request, "offset", 0, 10**9),
    )
    return answer(view)


def artifact(request: Request, shown: Shown) -> Response:
    labels = shown.labels()
    found = _artifact(request, shown)
    return answer(artifact_view(found, payload_of(found, shown.previews), labels, shown.previews))


def artifact_file(request: Request, shown: Shown) -> Response:
    """Give a file of an artifact away: as a download, never as a page."""
    found = _artifact(request, shown)
    place, path = shown.previews.place(found), request.path_params["path"]
    file = None
    if place:
        file = below(place, path) if place.is_dir() else below(place.parent, path) if path == place.name else None
    if file is None:
        raise UnknownReference(
            found=f"no file {path!r} in artifact:{found.id}", expected="one of its files", do="See which it has"
        )
    kind = "text/plain; charset=utf-8" if file.suffix in TEXTS else "application/octet-stream"
    return FileResponse(file, media_type=kind, filename=file.name, headers=SEALED)


def taint(request: Request, shown: Shown) -> Response:
    """Mark an artifact and all that was made from it as tainted, so that nothing reuses them."""
    store = _writable(request, shown)
    told = tainting.taint(store, shown.snapshot(), _artifact(request, shown), _reason(request))
    return _changed(told, shown)


def untaint(request: Request, shown: Shown) -> Response:
    """Take the mark of an artifact back, from it and from all that was made from it."""
    store = _writable(request, shown)
    return _changed(tainting.untaint(store, shown.snapshot(), _artifact(request, shown)), shown)


def _changed(told: tainting.Tainting, shown: Shown) -> Response:
    shown.forget()
    changed = [f"artifact:{number}" for number in told.changed]
    still = [f"artifact:{number}" for number in told.still]
    return answer({"source": told.source, "changed": changed, "tainted": still})


def _writable(request: Request, shown: Shown) -> Store:
    """Open the store for a change; another site cannot send the header. Raises ConfigError and ConflictError."""
    if request.headers.get("x-headrace") != "1":
        raise ConfigError(found="no header X-Headrace", expected="X-Headrace: 1", do="Send it from this page")
    if shown.writable is None:
        raise ConflictError(
            found="a page that only reads",
            expected="one that may write",
            do="Start it with --write, on a store of ours",
        )
    shown.forget()
    return shown.writable().store


def _reason(request: Request) -> str:
    """Read `{"reason": "…"}` of the body. Raises ConfigError."""
    try:
        told = json.loads(request.state.body or b"{}")
        reason = told.get("reason") or ""
    except (ValueError, AttributeError):
        raise ConfigError(found="a body that is no JSON", expected='{"reason": "…"}', do="Correct it") from None
    return str(reason)


def _artifact(request: Request, shown: Shown) -> StoredArtifact:
    """Find an artifact by its number or by any reference to one. Raises UnknownReference."""
    text = request.path_params["id"]
    found = resolve(f"artifact:{text}" if text.isdigit() else text, shown.snapshot(), shown.here)
    if not isinstance(found, StoredArtifact):
        raise UnknownReference(found=f"{text!r} is no artifact", expected="an artifact", do="Name one of its outputs")
    return found
