"""--from, --to and --only."""

from collections.abc import Sequence

import pytest

from headrace import Pipeline
from headrace.errors import UsageError
from headrace.spec.from_pipeline import spec_of
from headrace.spec.records import PipelineSpec
from headrace.spec.select import select
from tests.parts import Copy, Count, Join, Source, named


def diamond() -> PipelineSpec:
    """a -> b, c -> d; e alone."""
    a = Source(options=named("a"))
    b, c = (Copy(rows=a.rows, options=named(name)) for name in "bc")
    d = Join(others=[b.copied, c.copied], options=named("d"))
    return spec_of(Pipeline("p", [d, c, b, a, Source(options=named("e"))]))


@pytest.mark.parametrize(
    ("first", "last", "only", "chosen"),
    [
        ([], [], [], "abcde"),
        (["b"], [], [], "bd"),
        ([], ["b"], [], "ab"),
        (["b"], ["d"], [], "bd"),
        (["a"], ["c"], [], "ac"),
        (["b", "e"], [], [], "bde"),
        ([], ["b", "c"], [], "abc"),
        ([], [], ["c"], "c"),
        ([], [], ["a", "d"], "ad"),
    ],
    ids=str,
)
def test_selects(first: Sequence[str], last: Sequence[str], only: Sequence[str], chosen: str) -> None:
    assert select(diamond(), first=first, last=last, only=only) == frozenset(chosen)


def test_an_unknown_node_is_refused_with_the_nearest() -> None:
    source = Source()
    spec = spec_of(Pipeline("p", [source, Count(rows=source.rows)]))
    with pytest.raises(UsageError, match=r"a node 'Sourc'; expected a node of 'p': Source, Count\. Choose 'Source'"):
        select(spec, only=["Sourc"])


def test_no_path_between_two_nodes_and_two_ways_to_select_are_refused() -> None:
    with pytest.raises(UsageError, match="no node from c to b; expected a path"):
        select(diamond(), first=["c"], last=["b"])
    with pytest.raises(UsageError, match="--only together with --from or --to"):
        select(diamond(), first=["a"], only=["b"])
