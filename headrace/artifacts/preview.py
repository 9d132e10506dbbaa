"""Previews: what a page or a terminal shows of an artifact without the libraries that made it.

`<output>.preview.json` stands beside the artifact's folder, outside its content digest:
`{"version": 1, "type": "<artifact type>", "summary": "<one line>", "content": {…}}`.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from headrace.dsl.artifact import Artifact

VERSION = 1


def write_preview(artifact: Artifact, summary: str, content: Mapping[str, object]) -> None:
    """Write the preview of an artifact; `content` is plain data, documented with its artifact type."""
    preview = {"version": VERSION, "type": type(artifact).type_id, "summary": summary, "content": content}
    artifact.preview_file.write_text(json.dumps(preview, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def preview_of(folder: Path | str) -> dict[str, object] | None:
    """Read the preview of the artifact in a folder; None where there is none."""
    return read_preview(Artifact(Path(folder)).preview_file)


def read_preview(file: Path) -> dict[str, object] | None:
    """Read a preview; None where there is none, none that can be read, or one of a version that is not known."""
    try:
        preview = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return preview if isinstance(preview, dict) and preview.get("version") == VERSION else None
