"""What is wrong with a dataset: one finding a problem."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["block", "warn"]
Verdict = Literal["pass", "warn", "block"]


@dataclass(frozen=True)
class Finding:
    """A problem; `feature` is empty where it concerns the whole split."""

    severity: Severity
    split: str
    feature: str
    what: str
    detail: str


def count_of(findings: Iterable[Finding], severity: Severity) -> int:
    return sum(finding.severity == severity for finding in findings)


def verdict_of(blocking: int, warnings: int) -> Verdict:
    return "block" if blocking else "warn" if warnings else "pass"


def in_order(findings: Iterable[Finding]) -> Sequence[Finding]:
    """Order findings: blocking ones first, then by split and feature."""
    return sorted(findings, key=lambda f: (f.severity != "block", f.split, f.feature, f.what))
