"""The sets of imports that executors' processes start with: one server each, forked for every executor.

A server only imports; nothing may run in it before a fork (no eager operation, no gRPC channel, no store).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from headrace.errors import SpecError


@dataclass(frozen=True)
class EnvironmentSet:
    """Modules to import, and variables to set before that."""

    modules: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


_TENSORFLOW = {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "0", "OMP_NUM_THREADS": "1"}

ENVIRONMENTS: Mapping[str, EnvironmentSet] = {
    "bare": EnvironmentSet(),
    "beam": EnvironmentSet(("headrace.beam.preload",)),
    # OMP_NUM_THREADS: a Bayesian tuner takes 4 times the CPU without it, and TensorFlow has threads of its own.
    "tf_keras": EnvironmentSet(("headrace.keras.preload",), {**_TENSORFLOW, "TF_USE_LEGACY_KERAS": "1"}),
    "keras3": EnvironmentSet(("tensorflow", "keras"), {**_TENSORFLOW, "TF_USE_LEGACY_KERAS": "0"}),
}


def environment_set(name: str) -> EnvironmentSet:
    """Return the set of a name; raises SpecError for one that this headrace does not know."""
    if name not in ENVIRONMENTS:
        raise SpecError(
            found=f"the environment {name!r}", expected=f"one of {sorted(ENVIRONMENTS)}", do="Correct the component"
        )
    return ENVIRONMENTS[name]
