import json

from tests.cli.conftest import Ask
from tests.lineage.conftest import History


def test_only_what_differs_is_shown(ask: Ask, history: History) -> None:
    answered = ask("diff", history.first.id, "@latest")
    titles = [line for line in answered.out.splitlines() if line in ("parameters", "code", "environment", "nodes")]
    assert titles == ["parameters", "nodes"]
    assert ask("diff", "@latest", "@latest").err == "nothing differs\n"


def test_json_is_the_record(ask: Ask, history: History) -> None:
    told = ask("diff", history.first.id, "@latest", "-o", "json").json
    assert isinstance(told, dict)
    assert (told["version"], told["kind"], told["past_limits"]) == (1, "diff", [])
    assert told["parameters"][0]["name"] == "texts"


def test_markdown_and_ndjson(ask: Ask, history: History) -> None:
    assert ask("diff", history.first.id, "@latest", "-o", "md").out.startswith("### headrace diff")
    lines = ask("diff", history.first.id, "@latest", "-o", "ndjson").out.splitlines()
    assert {"data", "parameters"} <= {json.loads(line)["part"] for line in lines}


def test_past_a_limit_the_exit_code_is_that_of_a_gate(ask: Ask, history: History) -> None:
    answered = ask("diff", history.first.id, "@latest", "--fail-on", "parameters")
    assert answered.code == 3
    assert "past the limit: parameters: 1 difference" in answered.err
    assert ask("diff", history.first.id, "@latest", "--fail-on", "code").code == 0


def test_a_limit_by_which_nothing_was_measured_does_not_pass(ask: Ask, history: History) -> None:
    answered = ask("diff", history.first.id, "@latest", "--fail-on", "drift=0.1")
    assert (answered.code, answered.err) == (
        3,
        "past the limit: drift: nothing was compared, no statistics on both sides\n",
    )
    assert ask("diff", history.first.id, "@latest", "--fail-on", "").code == 2


def test_models_are_compared_with_what_made_them(ask: Ask, history: History) -> None:
    out = ask("diff", f"{history.first.id}/Train.model", "@latest/Train.model").out
    assert "properties" in out.splitlines()
    assert "digest" in out


def test_a_run_and_an_artifact_are_not_comparable(ask: Ask) -> None:
    assert ask("diff", "@latest", "Train.model").code == 2
