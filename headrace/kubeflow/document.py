"""Documents: what Kubernetes and Kubeflow read, as plain data, and its YAML."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import yaml

Document: TypeAlias = dict[str, Any]


class _Plain(yaml.SafeDumper):
    """Writes no anchors, which few readers know."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  PyYAML's signature
        return True


def written(documents: Sequence[Document]) -> str:
    """Write documents as YAML, the same bytes for the same content."""
    text: str = yaml.dump_all(documents, Dumper=_Plain, sort_keys=True, width=120, allow_unicode=True)
    return text


def without_nothing(value: Document) -> Document:
    """Leave out what is empty or None, however deep; `emptyDir: {}` says something."""
    cleaned: Document = {}
    for name, part in value.items():
        kept = _cleaned(part)
        if name == "emptyDir" or kept not in ("", None, {}, []):
            cleaned[name] = kept
    return cleaned


def _cleaned(part: object) -> object:
    match part:
        case dict():
            return without_nothing(part)
        case list():
            return [_cleaned(one) for one in part]
        case _:
            return part
