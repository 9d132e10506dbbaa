"""What a node may ask of the machine that it runs on."""

import pytest

from headrace import Resources
from headrace.dsl.resources import amount
from headrace.errors import DeclarationError


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"cpu": "two"}, r"Resources\(cpu='two'\); expected a text such as '2' or '500m'"),
        ({"cpu": "0"}, "cpu='0'"),
        ({"cpu_request": 1}, "cpu_request=1"),
        ({"memory": "4 GB"}, r"memory='4 GB'\); expected a text such as '4Gi' or '512Mi'"),
        ({"memory_request": "-1Gi"}, "memory_request='-1Gi'"),
        ({"cpu": "500m", "cpu_request": "1"}, "cpu_request='1' above cpu='500m'"),
        ({"memory": "1G", "memory_request": "1Gi"}, "memory_request='1Gi' above memory='1G'"),
        ({"accelerator": "nvidia.com/gpu", "accelerators": 0}, "accelerators=0"),
    ],
    ids=lambda case: "" if isinstance(case, str) else " ".join(case),
)
def test_a_wrong_quantity_is_refused(wrong: dict[str, str], message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        Resources(**wrong)  # type: ignore[arg-type]  # the mistake under test


def test_what_kubernetes_takes_is_taken() -> None:
    asked = Resources(cpu="1.5", cpu_request="500m", memory="4Gi", memory_request="512Mi", accelerator="nvidia.com/gpu")
    assert (asked.accelerators, amount("500m"), amount("4Gi"), amount("1.5")) == (1, 0.5, 2**32, 1.5)
