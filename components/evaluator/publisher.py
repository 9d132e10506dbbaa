"""Decides the blessing."""

from collections.abc import Sequence
from typing import cast

from headrace.artifacts.evaluation import ModelBlessing
from headrace.spec.messages import Invocation, Result, Succeeded


def bless(invocation: Invocation, result: Result) -> Result:
    """Bless the model that nothing speaks against; models are named by content, wherever they lie."""
    if not isinstance(result, Succeeded):
        return result
    refusals = cast("Sequence[str]", result.properties["blessing"][ModelBlessing.refusals.name])
    (model,), baseline = invocation.inputs["model"], invocation.inputs.get("baseline", ())
    decided = result.with_property("blessing", ModelBlessing.blessed, not refusals)
    decided = decided.with_property("blessing", ModelBlessing.model, model.digest)
    return decided.with_property("blessing", ModelBlessing.baseline, baseline[0].digest) if baseline else decided
