"""What compiles and looks like a mistake."""

from dataclasses import replace

import pytest

from components.pusher import Pusher
from headrace import Pipeline, RuntimeParameter
from headrace.artifacts.model import Model
from headrace.dsl.parameter import Parameter
from headrace.kubeflow.doubts import doubts
from headrace.spec.from_pipeline import spec_of
from headrace.testing import given
from tests.kubeflow.compiling import SETTINGS

WHERE = RuntimeParameter("where", str, "served")


@pytest.mark.parametrize(
    ("destination", "found"),
    [
        ("served", ["Pusher.destination is 'served', a folder of its pod, which is gone with the pod; name a place"]),
        (WHERE, ["give -p where=… a place that stays"]),
        ("/served", []),
        ("s3://bucket/served", []),
    ],
    ids=["a folder", "a parameter", "a volume", "a bucket"],
)
def test_a_destination_in_the_pod_is_doubted(destination: Parameter[str], found: list[str], tmp_path: object) -> None:
    node = Pusher(model=given(Model(path=tmp_path)), destination=destination)  # type: ignore[arg-type]  # never opened
    settings = replace(SETTINGS, root="s3://bucket/root")
    told = [*doubts(spec_of(Pipeline("p", [node])), {"where": "served"}, settings)]
    assert len(told) == len(found)
    assert all(part in text for part, text in zip(found, told, strict=True))
