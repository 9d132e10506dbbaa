"""What decided an execution: the parts of its cache key, or, without one, what TFX and Kubeflow wrote instead."""

import re
from collections.abc import Iterable, Mapping
from json import dumps

from headrace.metadata.records import Execution
from headrace.spec.messages import ArtifactRecord
from headrace.spec.records import Json

FACT = "fact "
DISTRIBUTION = "distribution "
_MODULE = re.compile(r"(?P<module>[^@]+)@.*?(?:\+(?P<digest>[0-9a-f]{32,})[^/]*)?")
"""TFX's `module_path`: a module, and the wheel that holds it, named after the digest of its files."""
_SOURCES = ("source", "input_base", "artifact_uri")
_NO_PARAMETERS = frozenset(
    {"module_path", "module_file", "input_base", "input_fingerprint", "span", "version", "image"}
)
"""What TFX and Kubeflow keep among parameters, and is told as code, data or environment."""


def parts_of(execution: Execution) -> dict[str, str]:
    """Return what decided an execution, part by part: its key's, or its parameters, what it read, code and data."""
    code = {f"code {name}": digest for name, digest in code_of(execution).items()}
    if execution.key:
        return {**execution.key.parts, **code}
    read = {
        f"input {name}[{index}]": artifact.digest or artifact.path
        for name, found in execution.inputs.items()
        for index, artifact in enumerate(found)
    }
    facts = {f"{FACT}{name}": value for name, value in facts_of(execution, execution.given).items()}
    values = {f"parameter {name}": dumps(value) for name, value in parameters_of(execution).items()}
    versions = {f"{DISTRIBUTION}{name}": version for name, version in environment_of(execution).items()}
    return {**values, **read, **code, **facts, **versions}


def parameters_of(execution: Execution) -> dict[str, Json]:
    """Return the parameters of an execution without what is told as something else."""
    hidden = frozenset() if execution.key else _NO_PARAMETERS
    return {name: value for name, value in sorted(execution.parameters.items()) if name not in hidden}


def code_of(execution: Execution) -> Mapping[str, str]:
    """Map the modules that decided an execution to their digests, which are empty where nothing tells them."""
    if execution.key:
        return execution.key.sources
    told = execution.parameters.get("module_path") or execution.parameters.get("module_file")
    if not isinstance(told, str):
        return {}
    packed = _MODULE.fullmatch(told)
    return {packed["module"]: packed["digest"] or ""} if packed else {told: ""}


def source_of(execution: Execution) -> str:
    """Say where an execution read what no pipeline made; empty where it does not say."""
    told = (execution.parameters.get(name) for name in _SOURCES)
    return next((str(value) for value in told if value), "")


def facts_of(execution: Execution, made: Iterable[ArtifactRecord]) -> dict[str, str]:
    """Return what identifies the data that an execution read; TFX keeps a fingerprint of it with what was made."""
    if execution.key:
        return {name.removeprefix(FACT): v for name, v in execution.key.parts.items() if name.startswith(FACT)}
    fingerprints = (artifact.properties.get("input_fingerprint") for artifact in made)
    return next(({"source": str(value)} for value in fingerprints if value), {})


def environment_of(execution: Execution) -> dict[str, str]:
    """Map what an execution depended on, distributions above all, to versions."""
    if execution.key:
        parts = execution.key.parts.items()
        return {n.removeprefix(DISTRIBUTION): v for n, v in parts if n.startswith(DISTRIBUTION) or n == "keras"}
    versions = (artifact.properties.get("tfx_version") for artifact in execution.given)
    told = {"tfx": next((value for value in versions if value), None), "image": execution.parameters.get("image")}
    return {name: str(value) for name, value in told.items() if value}
