"""What compiles and yet looks like a mistake, as pods are gone when they end."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from headrace.kubeflow.settings import KubeflowSettings
from headrace.kubeflow.shared_root import doubts_of_root
from headrace.spec.records import Constant, Json, PipelineSpec, RunValue


def doubts(spec: PipelineSpec, values: Mapping[str, Json], settings: KubeflowSettings) -> Iterator[str]:
    """Find nodes that deploy into a folder of their own pod, and pods without a volume where the root is."""
    yield from doubts_of_root(spec, settings)
    for node in spec.nodes:
        if node.process_type != "DEPLOY":
            continue
        for name in node.locations:
            match node.parameters.get(name):
                case Constant(str(place)):
                    fix = "name a place that stays"
                case RunValue(parameter) if isinstance(values.get(parameter), str):
                    place, fix = str(values[parameter]), f"give -p {parameter}=… a place that stays"
                case _:
                    continue
            if "://" not in place and not PurePosixPath(place).is_absolute():
                yield f"{node.id}.{name} is {place!r}, a folder of its pod, which is gone with the pod; {fix}"
