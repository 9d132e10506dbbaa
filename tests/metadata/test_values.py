"""Plain data as MLMD's values, exactly."""

from json import dumps

from hypothesis import given, settings
from hypothesis import strategies as st

from headrace.metadata.values import AS_JSON, from_custom, to_custom
from headrace.spec.records import Json
from tests.spec.strategies import json

names = st.text(min_size=1, max_size=5).filter(lambda name: not name.startswith("__"))


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(names, json, max_size=4))
def test_any_plain_data_is_read_back_exactly(values: dict[str, Json]) -> None:
    again = from_custom(to_custom(values))
    assert again == values
    assert {name: dumps(value) for name, value in again.items()} == {n: dumps(v) for n, v in values.items()}


def test_scalars_are_as_other_readers_expect_them() -> None:
    custom = to_custom({"n": 1, "x": 1.0, "t": "a", "b": True})
    assert [custom[name].WhichOneof("value") for name in "nxtb"] == [
        "int_value",
        "double_value",
        "string_value",
        "bool_value",
    ]
    assert AS_JSON not in custom


def test_a_text_that_looks_like_json_stays_a_text() -> None:
    assert from_custom(to_custom({"text": "[1]", "list": [1]})) == {"text": "[1]", "list": [1]}
