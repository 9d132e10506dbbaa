"""What Kubeflow is shown of a node's outputs: KFP artifacts that refer to ours, pages, metrics."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from headrace.artifacts.evaluation import ModelEvaluation
from headrace.kubeflow.pages import PAGES
from headrace.spec.records import NodeSpec, OutputSpec

Form: TypeAlias = Literal["reference", "page", "metrics"]

SYSTEM_TYPES = {"DATASET": "system.Dataset", "MODEL": "system.Model"}
"""KFP's type for MLMD's base type; every other artifact is a `system.Artifact`."""

METRICS = frozenset({ModelEvaluation.type_id})


@dataclass(frozen=True)
class Shown:
    """One KFP artifact: the output it stands for, KFP's type, and what is written in it."""

    output: str
    system_type: str
    form: Form


def declared(node: NodeSpec) -> dict[str, Shown]:
    """Map the names of a node's KFP artifacts to what they show: every output, and its page and metrics."""
    shown: dict[str, Shown] = {}
    for name, made in node.outputs.items():
        shown[name] = Shown(name, system_type_of(made), "reference")
        if made.type in PAGES:
            shown[f"{name}_page"] = Shown(name, "system.HTML", "page")
        if made.type in METRICS:
            shown[f"{name}_metrics"] = Shown(name, "system.Metrics", "metrics")
    return shown


def system_type_of(made: OutputSpec) -> str:
    """Return KFP's type of an output."""
    return SYSTEM_TYPES.get(made.system_type, "system.Artifact")
