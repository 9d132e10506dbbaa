"""A comparison as tables with titles, which Markdown and the terminal print."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headrace.compare.comparison import Comparison
from headrace.compare.contents import Of
from headrace.compare.metrics import MetricChange
from headrace.compare.statistics import FeatureDiff
from headrace.lineage.run_diff import NodeDiff

DIGEST = 10


@dataclass(frozen=True)
class Section:
    """A table: its title, its columns and its rows of text."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def sections_of(comparison: Comparison) -> list[Section]:
    """Lay out a comparison; what does not differ has no section."""
    return [section for section in _sections(comparison) if section.rows]


def _sections(found: Comparison) -> Iterator[Section]:
    yield from (_metrics(of, changes) for of, changes in found.metrics)
    yield from (_statistics(of, features) for of, features in found.statistics)
    for of, schema in found.schema:
        rows = [(c.feature, c.what, c.before or "-", c.after or "-") for c in schema]
        yield Section(_titled("schema", of), ("feature", "what", "before", "after"), rows)
    data = [(d.node, d.type, c.part, short(c.before), short(c.after)) for d in found.data for c in d.changes]
    yield Section("data", ("node", "type", "what", "before", "after"), data)
    yield Section(
        "parameters",
        ("node", "name", "before", "after", "from"),
        [(p.node, p.name, p.before or "-", p.after or "-", _origins(p.origins)) for p in found.parameters],
    )
    if found.commits[0] != found.commits[1]:
        shown = [", ".join(commit[:12] + commit[40:] for commit in side) or "-" for side in found.commits]
        yield Section("commits", ("before", "after"), [shown])
    code = [(c.module, short(c.before), short(c.after), ", ".join(c.nodes)) for c in found.code]
    yield Section("code", ("module", "before", "after", "nodes"), code)
    for title, parts in (("environment", found.environment), ("properties", found.properties)):
        told = [(p.part, short(p.before), short(p.after)) for p in parts]
        yield Section(title, ("what", "before", "after"), told)
    nodes = [
        (n.node, n.verdict.replace("_", " "), n.states[0] or "-", n.states[1] or "-", _parts(n)) for n in found.nodes
    ]
    yield Section("nodes", ("node", "", "before", "after", "by"), nodes)


def _metrics(of: Of, changes: Sequence[MetricChange]) -> Section:
    rows = [(m.slice, m.metric, figure(m.before), figure(m.after), _signed(m.change), _mark(m.gain)) for m in changes]
    return Section(_titled("metrics", of), ("slice", "metric", "before", "after", "change", ""), rows)


def _statistics(of: Of, features: Sequence[FeatureDiff]) -> Section:
    rows = [
        (
            f.split,
            f.feature,
            f.kind.replace("_", " "),
            figure(f.infinity_norm),
            figure(f.jensen_shannon),
            _shares(f.missing),
            _values(f.appeared, f.vanished) or _unseen(f),
        )
        for f in features
    ]
    columns = ("split", "feature", "", "L-infinity", "Jensen-Shannon", "missing", "values")
    return Section(_titled("statistics", of), columns, rows)


def figure(value: float | None) -> str:
    """Write a figure, or a bar where there is none."""
    return "-" if value is None else f"{value:.4g}"


def short(text: str) -> str:
    """Shorten a digest; a bar for nothing."""
    is_digest = len(text) == 64 and text.isalnum()  # noqa: PLR2004  SHA-256 in hex
    return text[:DIGEST] if is_digest else text or "-"


def _titled(title: str, of: Of) -> str:
    return f"{title} of {of.node}.{of.output}" if of.node else title


def _signed(value: float | None) -> str:
    return "" if value is None else f"{value:+.4g}"


def _mark(gain: float | None) -> str:
    return "" if not gain else "better" if gain > 0 else "worse"


def _shares(missing: tuple[float | None, float | None]) -> str:
    before, after = ("-" if share is None else f"{share:.1%}" for share in missing)
    return before if before == after else f"{before} -> {after}"


def _values(appeared: Sequence[str], vanished: Sequence[str]) -> str:
    return " ".join([*(f"+{value}" for value in appeared), *(f"-{value}" for value in vanished)])


def _unseen(feature: FeatureDiff) -> str:
    """Name what differs of a feature where none of the figures beside it tells."""
    distances = (feature.infinity_norm, feature.jensen_shannon)
    is_seen = feature.kind != "changed" or any(map(float, (figure(d or 0.0) for d in distances)))
    before, _, after = _shares(feature.missing).partition(" -> ")
    return "" if is_seen or (after and before != after) else f"differ in {', '.join(feature.differs)}"


def _origins(origins: tuple[str, str]) -> str:
    before, after = origins
    return after if before in ("", after) else f"{before} -> {after or '-'}"


def _parts(node: NodeDiff) -> str:
    return ", ".join(change.part for change in node.changes)
