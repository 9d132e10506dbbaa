"""Why nothing may reuse an artifact: the reasons of every mark that taints it, by what was marked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Taints:
    """Reasons by source, the reference that was marked; a bare reason, which says no source, is under the empty one."""

    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Write them as the property `tainted` holds them; empty where nothing taints."""
        return json.dumps(self.reasons, ensure_ascii=False) if self.reasons else ""

    def told(self, itself: str = "") -> str:
        """Say the reasons, each with its source where that is something else than the artifact `itself`."""
        return "; ".join(
            ", ".join(reasons) + (f" (from {source})" if source and source != itself else "")
            for source, reasons in self.reasons.items()
        )

    def with_mark(self, source: str, reason: str) -> "Taints":
        """Add a reason to those of a source; one that it has counts once."""
        known = self.reasons.get(source, ())
        return Taints({**self.reasons, source: tuple(dict.fromkeys((*known, reason)))})

    def without(self, source: str) -> "Taints":
        """Take back what came from a source, and the bare reasons, of which nobody knows where they came from."""
        return Taints({name: reasons for name, reasons in self.reasons.items() if name not in ("", source)})


def taints_in(text: str) -> Taints:
    """Read the property `tainted`; what is no JSON of reasons by source is a bare reason."""
    if not text:
        return Taints()
    try:
        told: object = json.loads(text)
    except ValueError:
        told = None
    if isinstance(told, dict) and told and all(map(_is_reasons, told.values())):
        return Taints({source: tuple(reasons) for source, reasons in told.items()})
    return Taints({"": (text,)})


def _is_reasons(told: object) -> bool:
    return isinstance(told, list) and bool(told) and all(isinstance(reason, str) for reason in told)
