"""The pipelines as they are declared."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PIPELINES = ("flights", "penguins")
DECLARE = """
import sys
from pipelines.{name}.pipeline import pipeline
from headrace.spec.from_pipeline import spec_of
spec = spec_of(pipeline)
heavy = {{"tensorflow", "apache_beam", "pyarrow", "pandas", "keras_tuner", "numpy"}} & sys.modules.keys()
print(sorted(heavy), len(spec.nodes), {{name: given.default for name, given in spec.parameters.items()}})
"""


@pytest.mark.parametrize("name", PIPELINES)
def test_declaring_loads_nothing_heavy_and_params_repeat_the_defaults(name: str) -> None:
    command = [sys.executable, "-c", DECLARE.format(name=name)]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
    defaults = yaml.safe_load((ROOT / "pipelines" / name / "params.yaml").read_text())
    order = ("source", "trials", "epochs", "destination")
    assert sorted(defaults) == sorted(order)
    assert printed.startswith("[] 9 ")
    assert all(f"{key!r}: {defaults[key]!r}" in printed for key in order)


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline_is_shorter_than_40_lines(name: str) -> None:
    assert len((ROOT / "pipelines" / name / "pipeline.py").read_text().splitlines()) < 40
