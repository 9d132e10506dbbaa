"""The values of a run's parameters: where each comes from, and what is refused."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from headrace.config.parameters import Values, read_values
from headrace.errors import ConfigError
from headrace.spec.records import PipelineSpec, RunParameter

SPEC = PipelineSpec(
    name="p",
    parameters={
        "trials": RunParameter("int", 2),
        "rate": RunParameter("float", 0.5),
        "source": RunParameter("str", "a.csv"),
        "deep": RunParameter("bool", False),
        "layers": RunParameter("list[int]", [1]),
    },
    nodes=(),
    on_exit=None,
)


def values(
    folder: Path, params: str = "", environment: Mapping[str, str] | None = None, given: Sequence[str] = ()
) -> Values:
    file = folder / "params.yaml"
    file.write_text(params, encoding="utf-8")
    return read_values(SPEC, file, environment or {}, given, folder)


def test_the_command_line_goes_before_the_environment_before_the_file_before_the_default(tmp_path: Path) -> None:
    params = "# a comment\ntrials: 3\nrate: 1\nsource: b.csv\n"
    environment = {"HEADRACE_PARAM_RATE": "2.5", "HEADRACE_PARAM_SOURCE": "c.csv", "HEADRACE_PARAM_OTHER": "x"}
    found = values(tmp_path, params, environment, ["source=d.csv"])
    assert found.values == {"trials": 3, "rate": 2.5, "source": "d.csv", "deep": False, "layers": [1]}
    assert found.origins == {
        "trials": "params.yaml:2",
        "rate": "HEADRACE_PARAM_RATE",
        "source": "-p",
        "deep": "default in the pipeline",
        "layers": "default in the pipeline",
    }


@pytest.mark.parametrize(
    ("given", "name", "value"),
    [
        ("trials=7", "trials", 7),
        ("rate=1", "rate", 1.0),
        ("source=7", "source", "7"),
        ("source=a=b", "source", "a=b"),
        ("deep=true", "deep", True),
        ("layers=[4, 5]", "layers", [4, 5]),
    ],
)
def test_a_text_is_read_as_the_type_asks(tmp_path: Path, given: str, name: str, value: object) -> None:
    found = values(tmp_path, given=[given]).values[name]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("params", "given", "message"),
    [
        ("", "trials=many", r"'trials' is 'many' \(-p\); expected a value of type int"),
        ("", "trials=true", "'trials' is True"),
        ("", "trails=3", "-p trails=3; .* Write -p trials="),
        ("", "trials", "-p trials; expected name=value"),
        ("rate: 1\ntrails: 3\n", "trials=1", r"params.yaml:2: the key 'trails'; .* Write 'trials'"),
        ("trials: x\n", "rate=1", r"'trials' is 'x' \(params.yaml:1\)"),
        ("- a\n", "rate=1", "params.yaml holds list"),
        ("a: [\n", "rate=1", r"params.yaml:\d: .*; expected YAML"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(tmp_path: Path, params: str, given: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        values(tmp_path, params, given=[given])


@pytest.mark.parametrize(
    ("given", "found"), [("rate=.nan", "nan"), ("layers=[2020-01-01]", "datetime.date(2020, 1, 1)")]
)
def test_what_json_cannot_hold_is_refused_with_its_place(tmp_path: Path, given: str, found: str) -> None:
    with pytest.raises(ConfigError) as refused:
        values(tmp_path, given=[given])
    assert (found in refused.value.found, "(-p)" in refused.value.found) == (True, True)
