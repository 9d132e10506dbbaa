"""SchemaGen: inferred from statistics, or the one that people keep."""

from pathlib import Path

import pytest
from tensorflow_metadata.proto.v0 import statistics_pb2

from components.schema_gen.executor import make_schema
from headrace.artifacts.preview import read_preview
from headrace.artifacts.schema import Schema
from headrace.artifacts.schema_text import read_schema
from headrace.artifacts.statistics import ExampleStatistics
from headrace.errors import DataError
from tests.components.months import JANUARY, folder, schema_of

CURATED = """\
# reviewed by people
feature { name: "carrier" type: BYTES string_domain { value: "AA" } presence { min_fraction: 1.0 } }
feature { name: "distance" type: FLOAT float_domain { min: 0 max: 6000 } }
feature { name: "hour" type: INT int_domain { min: 0 max: 23 } not_in_environment: "SERVING" }
"""


def curated(text: str) -> Path:
    file = folder("curated") / "schema.pbtxt"
    file.write_text(text)
    return file


def test_infers_types_presence_and_domains() -> None:
    schema = read_schema(schema_of(JANUARY).file)
    assert [(f.name, f.type, f.presence.min_fraction) for f in schema.feature] == [
        ("carrier", 1, 1.0),
        ("distance", 3, 0.0),
        ("hour", 2, 1.0),
    ]
    assert [*schema.string_domain[0].value] == ["AA", "DL", "UA"]
    assert schema.feature[0].shape.dim[0].size == 1


def test_infers_value_counts_where_shapes_are_not_wanted() -> None:
    schema = read_schema(schema_of(JANUARY, infer_feature_shape=False).file)
    assert not schema.feature[0].HasField("shape")
    assert schema.feature[0].value_count.max == 1


def test_takes_the_curated_schema_in_one_form() -> None:
    schema = schema_of(JANUARY, curated(CURATED))
    assert [f.name for f in read_schema(schema.file).feature] == ["carrier", "distance", "hour"]
    reformatted = schema_of(JANUARY, curated(CURATED.replace("# reviewed by people", "").replace(" }", "\n}")))
    assert reformatted.file.read_bytes() == schema.file.read_bytes()


def test_describes_what_it_expects() -> None:
    preview = read_preview(schema_of(JANUARY, curated(CURATED)).preview_file)
    assert preview is not None
    carrier, distance, hour = preview["content"]["features"]  # type: ignore[index]  # JSON
    assert carrier["domain"] == {"values": ["AA"], "count": 1}
    assert (carrier["presence"], distance["presence"]) == ("required", "optional")
    assert distance["domain"] == {"min": 0.0, "max": 6000.0}
    assert hour["not_in"] == ["SERVING"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param('feature {\n  name: "a"\n  typ: INT\n}', "line 3: .*typ", id="unknown field"),
        pytest.param('feature {\n  name: "a"\n', "line", id="open brace"),
        pytest.param('feature {\n  name: "a"\n  type: NUMBER\n}', "line 3: .*NUMBER", id="unknown type"),
        pytest.param('feature { name: "a" }\nfeature { name: "a" }', r"\['a'\] twice", id="twice"),
        pytest.param("", "no feature", id="empty"),
    ],
)
def test_refuses_a_schema_that_is_none(text: str, said: str) -> None:
    file = curated(text)
    with pytest.raises(DataError, match=said) as raised:
        schema_of(JANUARY, file)
    assert str(raised.value).startswith(f"{file}: ")
    assert "\n" not in str(raised.value)


def test_refuses_a_schema_that_does_not_exist() -> None:
    with pytest.raises(DataError, match="No such file"):
        schema_of(JANUARY, Path("schemas/nowhere.pbtxt"))


def test_refuses_to_infer_from_no_rows() -> None:
    statistics = ExampleStatistics(folder("statistics"), {"split_names": ["train"]})
    nothing = statistics_pb2.DatasetFeatureStatisticsList()
    nothing.datasets.add(num_examples=0)
    statistics.split_file("train").parent.mkdir()
    statistics.split_file("train").write_bytes(nothing.SerializeToString())
    with pytest.raises(DataError, match=r"statistics of no rows for \['train'\]"):
        make_schema(statistics, None, True, (), Schema(folder("schema")))


def test_schema_artifact_names_its_file() -> None:
    assert Schema(Path("x")).file == Path("x/schema.pbtxt")
