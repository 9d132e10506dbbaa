"""Ask a model something, whatever it takes, and look at what comes back."""

from pathlib import Path

import numpy as np

from headrace.serving.made_up import request_for
from headrace.serving.model import load_model


def query(path: Path, signature: str) -> str:
    """Load a model and ask it about one made-up row; return what is wrong with its answer, or nothing."""
    model = load_model(path, signature)
    answer = model.ask(request_for(model))
    if not answer:
        return f"{signature!r} answers with nothing"
    odd = [name for name, value in answer.items() if value.dtype.kind == "f" and not np.isfinite(value).all()]
    return f"{signature!r} answers a made-up row with numbers that are not finite in {odd}" if odd else ""
