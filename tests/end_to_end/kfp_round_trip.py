"""Load a compiled pipeline with Kubeflow's SDK and compile it again; only the Python of that SDK runs this file.

python -P kfp_round_trip.py PIPELINE.yaml AGAIN.yaml
"""

import sys
from importlib import import_module


def main(file: str, again: str) -> None:
    """Compile what was loaded; kfp raises for what it does not take."""
    components, compiler = import_module("kfp.components"), import_module("kfp.compiler")
    compiler.Compiler().compile(components.load_component_from_file(file), again)


if __name__ == "__main__":
    main(*sys.argv[1:])
