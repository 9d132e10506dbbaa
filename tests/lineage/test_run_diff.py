from headrace.lineage.run_diff import diff_runs
from tests.lineage.conftest import History


def test_nodes_are_matched_and_what_changed_is_named(history: History) -> None:
    found = diff_runs(history.snapshot(), history.first, history.longer)
    verdicts = {node.node: (node.verdict, [change.part for change in node.changes]) for node in found.nodes}
    assert verdicts["Source"] == ("changed", ["parameter texts"])
    assert verdicts["Train"] == ("changed", ["input rows[0]"])
    (texts,) = found.nodes[0].changes
    assert (texts.before, texts.after) == ('["a","b"]', '["a","b","c"]')


def test_a_cached_run_is_the_same(history: History) -> None:
    found = diff_runs(history.snapshot(), history.first, history.again)
    assert {node.verdict for node in found.nodes} == {"same"}
    assert found.nodes[0].states == ("COMPLETE", "CACHED")


def test_what_one_run_lacks_is_only_in_the_other(history: History) -> None:
    found = diff_runs(history.snapshot(), history.broken, history.first)
    assert {node.node: node.verdict for node in found.nodes} == {
        **dict.fromkeys(("Source", "Judge", "Train", "Bless"), "only_second"),
        "Misbehaving": "only_first",
    }
