"""A project whose user code lives in a folder of its own, foreseen and run in a process of its own."""

import json
import os
import sys
from pathlib import Path

from headrace import Function, NodeOptions, RuntimeParameter
from headrace.dsl.component import Component
from tests.conftest import Lab, states
from tests.parts import Apply, Count, FileSource, Join, named

FILES = {
    "data.txt": "one\ntwo\nthree\n",
    "drill/features.py": (
        "from drill.helper import cut\n\n\nLIMIT = 4\n\n\n"
        "def shorten(line, times=1):\n    return cut(line, LIMIT) * times\n"
    ),
    "drill/helper.py": "def cut(line, limit):\n    return line[:limit]\n",
    "drill/other.py": "def go(line):\n    return line.upper()\n",
}


def nodes(beam_args: tuple[str, ...]) -> list[Component]:
    """Wire a source, two user functions beside each other, and what is below them."""
    source = FileSource(file="data.txt")
    shorten = Function("drill.features:shorten")
    times = RuntimeParameter("times", int, 1)
    short = Apply(
        rows=source.rows, function=shorten, work={"times": times}, options=NodeOptions(id="Short", beam_args=beam_args)
    )
    other = Apply(rows=source.rows, function=Function("drill.other:go"), options=named("Other"))
    return [source, short, other, Count(rows=short.made), Join(others=[short.made, other.made])]


def run_drill(project: Path, told: Path, times: int, beam_args: tuple[str, ...]) -> None:
    """Foresee, run, and write what was foreseen and how it ended."""
    os.chdir(project)
    sys.path.insert(0, str(project))
    lab = Lab(project, project=project)
    foreseen = {name: step.answer for name, step in lab.plan(*nodes(beam_args), values={"times": times}).items()}
    finished = lab.run(*nodes(beam_args), values={"times": times})
    told.write_text(json.dumps({"foreseen": foreseen, "ended": states(finished)}), encoding="utf-8")
