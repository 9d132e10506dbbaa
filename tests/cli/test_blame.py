import json

from tests.cli.conftest import Ask
from tests.lineage.conftest import History


def test_tables_name_data_code_and_parameters(ask: Ask) -> None:
    out = ask("blame", "@prev/Train.model").out
    titles = [line for line in out.splitlines() if line and line == line.lower() and "  " not in line]
    assert titles[:3] == ["data", "code", "parameters"]
    assert '"c"' not in out  # that is the newer run's
    assert "tests.parts" in out


def test_json_is_the_record(ask: Ask, history: History) -> None:
    told = ask("blame", "Train.model", "-o", "json").json
    assert isinstance(told, dict)
    assert (told["version"], told["kind"], told["reference"]) == (1, "blame", "Train.model")
    (data,) = told["data"]
    assert data["artifact"] == history.artifact(history.longer, "Source", "rows")
    assert told["start"] == [f"artifact:{history.artifact(history.longer, 'Train', 'model')}"]


def test_ndjson_is_a_line_a_leaf(ask: Ask) -> None:
    lines = [json.loads(line) for line in ask("blame", "Train.model", "-o", "ndjson").out.splitlines()]
    assert {line["part"] for line in lines} >= {"data", "code", "parameters"}


def test_an_unknown_reference_is_refused(ask: Ask) -> None:
    answered = ask("blame", "Trian.model")
    assert (answered.code, answered.out) == (4, "")
    assert "Try" in answered.err


def test_the_newest_of_many_is_named(ask: Ask, history: History) -> None:
    model = history.artifact(history.longer, "Train", "model")
    said = f"Model@latest is Model artifact:{model}, {history.longer.id}/Train/1/model[0]\n"
    assert ask("blame", "Model@latest").err == said
    assert ask("diff", f"artifact:{model}", "Model@latest").err.startswith(said)
