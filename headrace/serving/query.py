"""Ask a model something, whatever it takes, and look at what comes back."""

from pathlib import Path

import numpy as np

from headrace.serving.made_up import request_for
from headrace.serving.model import Arrays, load_model
from headrace.serving.requests import difference, read_requests


def query(path: Path, signature: str, requests: Path | None = None) -> str:
    """Load a model and ask it, the same as before where `requests` are kept, else about a made-up row.

    Return what is wrong with its answer, or nothing.
    """
    model = load_model(path, signature)
    if requests is None:
        return _oddity(model.ask(request_for(model)), f"{signature!r} answers a made-up row")
    asked_through, request, expected = read_requests(requests)
    asked = model if asked_through == signature else load_model(path, asked_through)
    answer = asked.ask(request)
    return _oddity(answer, f"{asked_through!r} answers rows of the evaluation") or difference(expected, answer)


def _oddity(answer: Arrays, what: str) -> str:
    odd = [name for name, value in answer.items() if value.dtype.kind == "f" and not np.isfinite(value).all()]
    return f"{what} with numbers that are not finite in {odd}" if odd else ""
