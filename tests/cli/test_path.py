from tests.cli.conftest import Ask
from tests.lineage.conftest import History


def test_the_shortest_way_comes_first(ask: Ask) -> None:
    out = ask("path", "Source.rows", "Bless.blessing").out
    assert [part.split()[0] for part in out.splitlines()[0].split(" -> ")] == [
        "Rows",
        "Train",
        "Model",
        "Bless",
        "ModelBlessing",
    ]


def test_what_is_not_shown_is_counted(ask: Ask, history: History) -> None:
    rows = f"artifact:{history.artifact(history.first, 'Source', 'rows')}"
    answered = ask("path", rows, "@latest/Bless.blessing", "--most", "1", "-o", "json")
    told = answered.json
    assert isinstance(told, dict)
    assert len(told["ways"]) == 1
    assert told["count"] >= 1
    assert ("ways (--most)" in answered.err) == (told["count"] > 1)


def test_two_models_are_told_apart_by_what_both_were_made_from(ask: Ask, history: History) -> None:
    blessing, judged = "@latest/Bless.blessing", f"artifact:{history.artifact(history.first, 'Judge', 'verdict')}"
    answered = ask("path", blessing, judged)
    assert answered.out.startswith("both were made from Rows")
    model = history.artifact(history.longer, "Bless", "blessing")
    assert answered.err == f"neither was made from the other: ModelBlessing artifact:{model} and Verdict {judged}\n"


def test_a_run_is_no_end_of_a_way(ask: Ask) -> None:
    assert ask("path", "@latest", "Train.model").code == 2
