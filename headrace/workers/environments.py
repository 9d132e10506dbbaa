"""The sets of imports that executors' processes start with: one server each, forked for every executor.

A server only imports; nothing may run in it before a fork (no eager operation, no gRPC channel, no store).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec

from headrace.errors import SpecError, UnfitEnvironment


@dataclass(frozen=True)
class EnvironmentSet:
    """Packages that must be installed, modules to import, and variables to set before that."""

    needs: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


_BEAM = ("apache_beam", "pyarrow")
_TFX = ("tensorflow", "tf_keras", "tensorflow_data_validation", "tensorflow_transform")
_TENSORFLOW = {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "0", "OMP_NUM_THREADS": "1"}

ENVIRONMENTS: Mapping[str, EnvironmentSet] = {
    "bare": EnvironmentSet(),
    "beam": EnvironmentSet(_BEAM, ("headrace.beam.preload",)),
    # OMP_NUM_THREADS: a Bayesian tuner takes 4 times the CPU without it, and TensorFlow has threads of its own.
    "tf_keras": EnvironmentSet(
        (*_BEAM, *_TFX), ("headrace.keras.preload",), {**_TENSORFLOW, "TF_USE_LEGACY_KERAS": "1"}
    ),
    "keras3": EnvironmentSet(
        ("tensorflow", "keras"), ("tensorflow", "keras"), {**_TENSORFLOW, "TF_USE_LEGACY_KERAS": "0"}
    ),
}


def environment_set(name: str) -> EnvironmentSet:
    """Return the set of a name.

    Raises SpecError for one that this headrace does not know, UnfitEnvironment where its packages are not installed.
    """
    if name not in ENVIRONMENTS:
        raise SpecError(
            found=f"the environment {name!r}", expected=f"one of {sorted(ENVIRONMENTS)}", do="Correct the component"
        )
    found = ENVIRONMENTS[name]
    if missing := [package for package in found.needs if find_spec(package) is None]:
        raise UnfitEnvironment(
            found=f"{', '.join(missing)} cannot be imported, which the environment {name!r} needs",
            expected="the packages that run pipelines",
            do="pip install 'headrace[run]'; headrace doctor tells what fits this Python",
        )
    return found
