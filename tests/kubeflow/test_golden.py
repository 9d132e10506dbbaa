"""The repository's pipelines for Kubeflow: valid, and the same bytes as the committed files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.kubeflow.compiling import parse_strictly

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "kubeflow"
LOADED = """
import sys
from headrace.cli.main import group
group.main(sys.argv[1:], standalone_mode=False)
heavy = ("kfp", "tensorflow", "apache_beam", "pyarrow", "pandas", "numpy", "tf_keras")
print([name for name in heavy if name in sys.modules], file=sys.stderr)
"""


def compile_in_a_process(*arguments: str, seed: str = "0") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LOADED, "compile", *arguments]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)


@pytest.mark.parametrize("pipeline", ["penguins", "flights"])
def test_a_pipeline_of_the_repository_is_its_golden_file(pipeline: str) -> None:
    """Write the files again with: headrace compile NAME -o tests/golden/kubeflow/NAME.yaml."""
    done = compile_in_a_process(pipeline)
    assert done.stdout == (GOLDEN / f"{pipeline}.yaml").read_text(encoding="utf-8")
    assert done.stderr.splitlines()[-1] == "[]"


def test_its_cronjob_is_its_golden_file() -> None:
    done = compile_in_a_process("penguins", "--target", "cronjob")
    assert done.stdout == (GOLDEN / "penguins-cronjob.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("pipeline", ["penguins", "flights"])
def test_kubeflows_own_protos_read_it_strictly(pipeline: str) -> None:
    documents = [*yaml.safe_load_all((GOLDEN / f"{pipeline}.yaml").read_text(encoding="utf-8"))]
    spec = parse_strictly(documents)
    assert spec.schema_version == "2.1.0"
    assert spec.pipeline_info.name == pipeline
    assert len(spec.components["comp-exit-handler-1"].dag.tasks) == 10


def test_two_processes_write_the_same_bytes() -> None:
    first, second = (compile_in_a_process("penguins", seed=seed) for seed in ("1", "2"))
    assert first.stdout == second.stdout
