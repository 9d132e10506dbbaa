"""What verbs that only read must not load."""

import subprocess
import sys

import pytest

from tests.lineage.conftest import History

HEAVY = ("tensorflow", "apache_beam", "pyarrow", "pandas", "numpy", "tf_keras")
CALL = f"""
import sys
from headrace.cli.main import group
group.main(sys.argv[1:], standalone_mode=False)
print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
"""


@pytest.mark.parametrize(
    "verb",
    [
        "ls runs",
        "ls models",
        "show @latest",
        "show Model@latest",
        "logs @latest Train",
        "lineage Train.model",
        "why Train",
    ],
)
def test_a_verb_that_reads_loads_nothing_heavy(verb: str, history: History) -> None:
    command = [sys.executable, "-c", CALL, *verb.split()]
    done = subprocess.run(command, cwd=history.lab.folder, capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"
