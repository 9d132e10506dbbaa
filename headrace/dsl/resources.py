"""What a node asks of the machine that it runs on, in Kubernetes' words."""

import re
from dataclasses import dataclass

from headrace.errors import DeclarationError

_CPU = re.compile(r"[0-9]+(\.[0-9]+)?|[0-9]+m")
_MEMORY = re.compile(r"[0-9]+(\.[0-9]+)?([KMGTP]i|[kMGTP])?")
_FACTORS = {"": 1, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}
_FACTORS |= {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50}


@dataclass(frozen=True, kw_only=True)
class Resources:
    """Limits and requests of a pod: `cpu="2"`, `memory="4Gi"`, `accelerator="nvidia.com/gpu"`; empty: none.

    They count where a pipeline runs in Kubernetes; they are in no cache key.
    """

    cpu: str = ""
    memory: str = ""
    cpu_request: str = ""
    memory_request: str = ""
    accelerator: str = ""
    accelerators: int = 1

    def __post_init__(self) -> None:
        for name, form, example in (("cpu", _CPU, "'2' or '500m'"), ("memory", _MEMORY, "'4Gi' or '512Mi'")):
            limit, request = getattr(self, name), getattr(self, f"{name}_request")
            for field, value in ((name, limit), (f"{name}_request", request)):
                if value and not (isinstance(value, str) and form.fullmatch(value) and amount(value) > 0):
                    raise _refused(f"{field}={value!r}", f"a text such as {example}")
            if limit and request and amount(request) > amount(limit):
                raise _refused(f"{name}_request={request!r} above {name}={limit!r}", "a request within its limit")
        count: object = self.accelerators
        if not isinstance(count, int) or count < 1:
            raise _refused(f"accelerators={self.accelerators!r}", "a whole number of at least 1")


def amount(quantity: str) -> float:
    """Turn a quantity such as `500m` or `4Gi` into a number of cores or bytes."""
    unit = quantity.lstrip("0123456789.")
    return float(quantity.removesuffix(unit)) * _FACTORS[unit]


def _refused(found: str, expected: str) -> DeclarationError:
    return DeclarationError(found=f"Resources({found})", expected=expected, do="Correct it")
