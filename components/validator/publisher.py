"""Decides whether the pipeline may go on, from what the executor counted."""

from components.validator.findings import verdict_of
from headrace.artifacts.anomalies import ExampleAnomalies
from headrace.spec.messages import Invocation, Result, Succeeded


def add_verdict(invocation: Invocation, result: Result) -> Result:  # noqa: ARG001  a publisher's two arguments
    """Set the verdict: block, warn or pass."""
    if not isinstance(result, Succeeded):
        return result
    counted = result.properties["anomalies"]
    verdict = verdict_of(blocking=int(str(counted["blocking"])), warnings=int(str(counted["warnings"])))
    return result.with_property("anomalies", ExampleAnomalies.verdict, verdict)
