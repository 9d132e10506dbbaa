"""Data from outside beside each other: where it was read, its span, the fingerprint of its files."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from headrace.compare.pairing import paired
from headrace.lineage.blame import DataLeaf
from headrace.lineage.run_diff import PartChange, changes_between


@dataclass(frozen=True, kw_only=True)
class DataChange:
    """Data that differs: the node that read it, the artifacts it became (0 on a side without), what differs of it."""

    node: str
    type: str
    before: int
    after: int
    changes: Sequence[PartChange]


@dataclass(frozen=True)
class _Data:
    leaf: DataLeaf
    told: Mapping[str, str]


def diff_data(before: Sequence[DataLeaf], after: Sequence[DataLeaf]) -> list[DataChange]:
    """List the data that differs, paired by node and type, the newest with the newest."""
    one, other = (
        [_Data(leaf, _told(leaf)) for leaf in sorted(side, key=lambda leaf: -leaf.artifact)] for side in (before, after)
    )
    changes = [_change(a, b) for a, b in paired(one, other, _identity, (_place, _type))]
    return [change for change in changes if change.changes]


def _identity(data: _Data) -> Hashable:
    return data.leaf.type, tuple(data.told.items())


def _place(data: _Data) -> Hashable:
    return data.leaf.type, data.leaf.node


def _type(data: _Data) -> Hashable:
    return data.leaf.type


def _change(before: _Data | None, after: _Data | None) -> DataChange:
    of = after or before
    assert of
    return DataChange(
        node=of.leaf.node,
        type=of.leaf.type,
        before=before.leaf.artifact if before else 0,
        after=after.leaf.artifact if after else 0,
        changes=changes_between(before.told if before else {}, after.told if after else {}),
    )


def _told(leaf: DataLeaf) -> dict[str, str]:
    """Say what identifies data; TFX keeps the fingerprint of its files with the artifact, and no digest."""
    fingerprint = leaf.facts.get("source", "")
    told = {
        "source": leaf.source,
        "span": "" if leaf.span is None else str(leaf.span),
        "fingerprint": fingerprint,
        **{name: value for name, value in leaf.facts.items() if name not in ("source", "span")},
        "content": leaf.digest or ("" if fingerprint else leaf.path),
    }
    return {name: value for name, value in told.items() if value}
