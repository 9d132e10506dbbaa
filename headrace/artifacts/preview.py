"""Previews: what a page or a terminal shows of an artifact without the libraries that made it.

`<output>.preview.json` stands beside the artifact's folder, outside its content digest:
`{"version": 1, "type": "<artifact type>", "summary": "<one line>", "content": {…}}`.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from headrace.dsl.artifact import Artifact
from headrace.storage.root import Root

VERSION = 1


def write_preview(artifact: Artifact, summary: str, content: Mapping[str, object]) -> None:
    """Write the preview of an artifact; `content` is plain data, documented with its artifact type."""
    preview = {"version": VERSION, "type": type(artifact).type_id, "summary": summary, "content": content}
    artifact.preview_file.write_text(json.dumps(preview, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def preview_of(location: str, root: Root) -> dict[str, object] | None:
    """Read the preview of an artifact where it is kept; None as for `read_preview`."""
    text = root.preview(location)
    return None if text is None else _parsed(text)


def read_preview(file: Path) -> dict[str, object] | None:
    """Read a preview; None where there is none, none that can be read, or one of a version that is not known."""
    try:
        return _parsed(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _parsed(text: str) -> dict[str, object] | None:
    try:
        preview = json.loads(text)
    except ValueError:
        return None
    return preview if isinstance(preview, dict) and preview.get("version") == VERSION else None
