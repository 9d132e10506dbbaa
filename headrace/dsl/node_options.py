"""What every node can be told, whatever its component."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from headrace.dsl.condition import Condition
from headrace.dsl.resources import Resources
from headrace.dsl.source import Producer
from headrace.errors import DeclarationError

RunIf = Literal["upstream_succeeded", "always"]
CacheUse = Literal["on", "off", "refresh"]


@dataclass(frozen=True, kw_only=True)
class NodeOptions:
    """A node's id, its order, when it runs and how often it is tried.

    `after` orders without data. `cache` is `on`, `off` (neither looked up nor offered to later runs) or `refresh`
    (not looked up, offered). A failed attempt is tried again up to `retries` times, after `backoff` seconds that
    double each time. `timeout` is in seconds. `beam_args` go to the node's Beam pipelines, `resources` to its pod; they
    are in no cache key.
    """

    id: str = ""
    after: Sequence[Producer] = ()
    when: Condition | None = None
    run_if: RunIf = "upstream_succeeded"
    cache: CacheUse = "on"
    retries: int = 0
    backoff: float = 1.0
    timeout: float | None = None
    beam_args: Sequence[str] = ()
    resources: Resources | None = None

    def __post_init__(self) -> None:
        if self.retries < 0 or self.backoff < 0 or (self.timeout is not None and self.timeout <= 0):
            raise DeclarationError(
                found=f"retries={self.retries}, backoff={self.backoff}, timeout={self.timeout}",
                expected="retries and backoff of at least 0, and a timeout above 0 s or None",
                do="Correct the number",
            )
        if self.id and not self.id.replace("-", "_").isidentifier():
            raise DeclarationError(
                found=f"the node id {self.id!r}",
                expected="letters, digits, - and _, as it names a folder",
                do="Choose another id",
            )
