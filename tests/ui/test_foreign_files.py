"""What other programs wrote may be torn, huge or something else: it is left out, and never an error."""

import gzip
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headrace.ui import wire
from headrace.ui.foreign import foreign_preview
from headrace.ui.foreign_statistics import statistics_in
from headrace.ui.records_file import records
from headrace.ui.text_proto import parsed
from headrace.ui.training import curves_in, thinned
from tests.ui.tfx_store import statistics_of, write_events


def framed(*contents: bytes) -> bytes:
    return b"".join(struct.pack("<QI", len(c), 0) + c + struct.pack("<I", 0) for c in contents)


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_message_or_refused(content: bytes) -> None:
    try:
        fields = list(wire.fields(content))
    except ValueError:
        return
    assert all(number >= 0 for number, _ in fields)


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_message_or_refused(text: str) -> None:
    try:
        parsed(text)
    except ValueError:
        return


def test_a_text_is_read_with_all_that_it_may_hold() -> None:
    text = """a: 1 a: 2.5 # two
    b { c: "x" 'y' d: TRUE } e < f: [1, 2] >; g: "\\303\\266", h: -inf"""
    assert parsed(text) == {
        "a": [1.0, 2.5],
        "b": [{"c": ["xy"], "d": ["TRUE"]}],
        "e": [{"f": [1.0, 2.0]}],
        "g": ["ö"],
        "h": [float("-inf")],
    }


@pytest.mark.parametrize("text", ["a {", "a }", "a: [1", "a { " * 5000, '"open', "a:"])
def test_a_text_that_is_no_message_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"message|closes nothing"):
        parsed(text)


def test_files_of_another_form_have_no_preview(tmp_path: Path) -> None:
    for name in ("FeatureStats.pb", "SchemaDiff.pb"):
        (tmp_path / name).mkdir()
    assert foreign_preview(tmp_path) is None
    (tmp_path / "Split-train").mkdir()
    (tmp_path / "Split-train" / "FeatureStats.pb").write_bytes(b"\xff" * 50)
    (tmp_path / "schema.pbtxt").write_text("feature {" * 1000, encoding="utf-8")
    assert foreign_preview(tmp_path) is None


def test_statistics_in_a_file_of_records_are_read(tmp_path: Path) -> None:
    (tmp_path / "train").mkdir()
    (tmp_path / "train" / "stats_tfrecord").write_bytes(framed(statistics_of(40).SerializeToString()))
    found = statistics_in(tmp_path)
    assert found is not None
    assert found[0] == "rows: 40 train"


def test_a_link_is_not_followed_to_statistics(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "FeatureStats.pb").write_bytes(statistics_of(40).SerializeToString())
    (tmp_path / "artifact").mkdir()
    (tmp_path / "artifact" / "Split-train").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "artifact" / "FeatureStats.pb").symlink_to(tmp_path / "elsewhere" / "FeatureStats.pb")
    assert foreign_preview(tmp_path / "artifact") is None


def test_records_are_read_up_to_what_is_torn(tmp_path: Path) -> None:
    whole = framed(b"one", b"two")
    file = tmp_path / "records"
    for content, expected in (
        (whole, [b"one", b"two"]),
        (whole[:-1], [b"one"]),
        (whole + b"\1", [b"one", b"two"]),
        (gzip.compress(whole), [b"one", b"two"]),
        (gzip.compress(whole)[:-9], []),
        (struct.pack("<QI", 1 << 60, 0), []),
        (b"", []),
    ):
        file.write_bytes(content)
        assert [record for record in records(file) if content != gzip.compress(whole)[:-9]] == expected


def test_curves_are_read_by_folder_and_what_is_torn_is_left_out(tmp_path: Path) -> None:
    for folder in ("train", "validation"):
        (tmp_path / folder).mkdir()
        write_events(tmp_path / folder / "events.out.tfevents.1.host", {"loss": [2.0, 1.0]})
    file = tmp_path / "train" / "events.out.tfevents.1.host"
    file.write_bytes(file.read_bytes()[:-3])
    (tmp_path / "events.out.tfevents.2.host").write_bytes(framed(b"\xff" * 30, b""))
    curves = curves_in(tmp_path)
    assert curves == {
        "train/loss": [[0, 1.6e9, 2.0]],
        "validation/loss": [[0, 1.6e9, 2.0], [1, 1.6e9 + 1, 1.0]],
    }


def test_values_that_are_tensors_are_read(tmp_path: Path) -> None:
    def tensor(kind: int, content: bytes) -> bytes:
        inner = bytes([0x08, kind]) + content
        value = b"\x0a\x04loss" + b"\x42" + bytes([len(inner)]) + inner
        summary = b"\x0a" + bytes([len(value)]) + value
        return b"\x2a" + bytes([len(summary)]) + summary

    records_of = [
        tensor(1, b"\x22\x04" + struct.pack("<f", 0.5)),
        tensor(2, b"\x22\x08" + struct.pack("<d", 0.25)),
        tensor(1, b"\x2a\x04" + struct.pack("<f", 2.0)),
        tensor(1, b"\x22\x08" + struct.pack("<2f", 1.0, 2.0)),
        tensor(7, b"\x22\x04text"),
        tensor(1, b"\x22\x04" + struct.pack("<f", float("nan"))),
    ]
    (tmp_path / "events.out.tfevents.1.host").write_bytes(framed(*records_of))
    curves = curves_in(tmp_path)
    assert curves is not None
    assert sorted(point[2] for point in curves["loss"]) == [0.25, 0.5, 2.0]


def test_a_folder_without_event_files_has_no_curves(tmp_path: Path) -> None:
    assert curves_in(tmp_path) is None
    assert curves_in(tmp_path / "none") is None


def test_a_long_curve_keeps_its_ends() -> None:
    points = [(step, 0.0, float(step)) for step in range(10_001)]
    kept = thinned(points)
    assert (len(kept), kept[0], kept[-1]) == (500, points[0], points[-1])
    assert kept == sorted(kept)
