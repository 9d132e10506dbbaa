"""Pushes only what is blessed, and looks at what the destination shows."""

from collections.abc import Sequence
from dataclasses import replace

from headrace.artifacts.evaluation import ModelBlessing
from headrace.artifacts.model import Model
from headrace.artifacts.pushed_model import PushedModel
from headrace.launcher.drive import resolve_inputs
from headrace.metadata.reader import Reader
from headrace.serving.destination import versions, why_not
from headrace.spec.messages import ArtifactRecord, NodeRun, Ready, Skip
from headrace.storage.local_path import local_path


def only_if_blessed(node_run: NodeRun, reader: Reader) -> Ready | Skip:
    """Resolve as usual; skip what is not blessed, and what the destination must not show (again).

    A cached push stands while the destination keeps a version of the model. When it does not, the push is done again,
    unless that model was rolled back or a newer span is served: then the node is skipped. The destination is a fact, as
    the pipeline gives it: a push to one place does not stand for a push to another.
    """
    answer = resolve_inputs(node_run, reader)
    if isinstance(answer, Skip):
        return answer
    (model,), destination = answer.inputs["model"], str(answer.parameters["destination"])
    if reason := why_not_blessed(model, answer.inputs.get("blessing", ())):
        return Skip(reason, refused=True)
    ready = replace(answer, facts={**answer.facts, "destination": destination})
    place = local_path(destination)
    if any(served.model == model.digest for served in versions(place)):
        return ready
    if reason := why_not(place, model.digest, Model.span.of(model)):
        return Skip(reason)
    return replace(ready, no_reuse=f"the destination no longer keeps {_before(node_run, reader, model, destination)}")


def _before(node_run: NodeRun, reader: Reader, model: ArtifactRecord, destination: str) -> str:
    """Name the version under which the model was last pushed there."""
    for pushed in (made.artifact for made in reader.made(node_run.pipeline, PushedModel.type_id)):
        if PushedModel.model.of(pushed) == model.digest and PushedModel.destination.of(pushed) == destination:
            return f"version {PushedModel.pushed_version.of(pushed)}"
    return "a version of this model"


def why_not_blessed(model: ArtifactRecord, blessings: Sequence[ArtifactRecord]) -> str:
    """Say why a model may not be pushed, or nothing; where no blessing is asked for, it may."""
    for blessing in blessings:
        if not ModelBlessing.blessed.of(blessing):
            refusals = ModelBlessing.refusals.of(blessing) or ["its blessing says so"]
            more = f" (and {len(refusals) - 1} more)" if len(refusals) > 1 else ""
            return f"the model is not blessed: {refusals[0]}{more}"
        if ModelBlessing.model.of(blessing) != model.digest:
            return "the model is not blessed: its blessing is another model's"
    return ""
