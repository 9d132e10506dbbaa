"""Answers in JSON, and refusals as what was found, what was expected and what to do."""

import json
import os
import sys
import traceback
from collections.abc import Mapping
from math import isfinite

from starlette.requests import Request
from starlette.responses import Response

from headrace.errors import ConfigError, ConflictError, HeadraceError, UnfitEnvironment, UnknownReference, UsageError

VERSION = 1
MOST = 1000
"""How many rows one answer may have."""
STATUS: Mapping[type[HeadraceError], int] = {
    UnknownReference: 404,
    ConflictError: 409,
    UsageError: 400,
    UnfitEnvironment: 503,
}


def answer(view: Mapping[str, object], status: int = 200) -> Response:
    """Answer with a view, in the version of this form."""
    return Response(text_of({"version": VERSION, **view}), status, media_type="application/json", headers=FRESH)


FRESH = {"cache-control": "no-store"}


def text_of(value: object) -> str:
    """Write plain data as JSON that no browser takes for markup, and whose numbers are numbers."""
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"), default=str)
    except ValueError:
        text = json.dumps(finite(value), ensure_ascii=False, separators=(",", ":"), default=str)
    return text.replace("<", "\\u003c")


def finite(value: object) -> object:
    """Put null for what JSON has no number for."""
    match value:
        case float():
            return value if isfinite(value) else None
        case Mapping():
            return {name: finite(part) for name, part in value.items()}
        case list() | tuple():
            return [finite(part) for part in value]
        case _:
            return value


def refusal(_: Request, error: Exception) -> Response:
    """Answer with what headrace refuses."""
    if not isinstance(error, HeadraceError):
        raise error
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    return answer({"error": said_by(error)}, status)


def said_by(error: HeadraceError) -> Mapping[str, object]:
    """Say a refusal in its three parts."""
    return {"found": error.found, "expected": error.expected, "do": error.do}


def unforeseen(error: Exception) -> Response:
    """Answer with what nobody foresaw, and say it in the terminal; a store that is busy or gone is no surprise."""
    said = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:200]}"
    if type(error).__module__.startswith("ml_metadata"):
        what = {"found": f"the store cannot be read ({said})", "expected": "one that answers", "do": "Try again"}
        return answer({"error": what}, 503)
    if os.environ.get("HEADRACE_TRACEBACK"):
        traceback.print_exception(error)
    last = traceback.extract_tb(error.__traceback__)[-1]
    found = f"an error that headrace does not know: {said}"
    sys.stderr.write(f"headrace: {found} ({last.filename}:{last.lineno})\n")
    do = "Start headrace ui with HEADRACE_TRACEBACK=1 and look at the terminal"
    return answer({"error": {"found": found, "expected": "an answer", "do": do}}, 500)


def number(request: Request, name: str, default: int, most: int) -> int:
    """Read a whole number of the query. Raises ConfigError."""
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        raise ConfigError(found=f"{name}={text!r}", expected="a whole number", do="Correct the address")
    return min(int(text), most)
