"""What a `tuner_fn` returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class TunerFnResult:
    """A keras-tuner tuner, and the arguments for its `search`."""

    tuner: Any
    fit_kwargs: Mapping[str, Any] = field(default_factory=dict)
