"""Previews of artifacts: what was written beside them to be shown without the libraries that made them."""

from typing import cast

from headrace.artifacts.preview import preview_of
from headrace.lineage.plain import Table, table_at
from headrace.lineage.snapshot import Snapshot


def preview(snapshot: Snapshot, artifact: int) -> Table:
    """Return the preview of an artifact; empty where there is none, or the artifact is gone."""
    found = snapshot.artifact(artifact)
    if found is None:
        return {}
    return cast("Table", preview_of(found.record.path, snapshot.catalogue.store.root) or {})


def content(snapshot: Snapshot, artifact: int) -> Table:
    """Return what the preview of an artifact shows."""
    return table_at(preview(snapshot, artifact), "content")
