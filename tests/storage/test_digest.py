"""What an artifact's content is."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.storage.digest import canonical, content_digest, digest_of, file_sha256, manifest_of


def folder_with(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        file = folder / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def test_a_manifest_is_relative_sorted_and_by_content(tmp_path: Path) -> None:
    one = manifest_of(folder_with(tmp_path / "one", b="2", sub__a="1"))
    two = manifest_of(folder_with(tmp_path / "elsewhere" / "two", sub__a="1", b="2"))
    assert [*one] == ["b", "sub/a"]
    assert one == two
    assert one["b"] == file_sha256(tmp_path / "one" / "b")


@pytest.mark.parametrize(
    "files",
    [{"a": "1", "b": "3"}, {"a": "1"}, {"a": "1", "c": "2"}, {"a": "1", "b": "2", "d": ""}, {"a": "2", "b": "1"}],
    ids=["a byte", "a file less", "a name", "an empty file more", "swapped"],
)
def test_any_change_of_names_or_bytes_changes_the_digest(tmp_path: Path, files: dict[str, str]) -> None:
    before = content_digest(manifest_of(folder_with(tmp_path / "one", a="1", b="2")), {})
    assert content_digest(manifest_of(folder_with(tmp_path / "two", **files)), {}) != before


def test_properties_are_content_and_their_order_is_not() -> None:
    assert content_digest({}, {"blessed": True}) != content_digest({}, {"blessed": False})
    assert content_digest({}, {"a": 1, "b": 2}) == content_digest({}, {"b": 2, "a": 1})


def test_the_order_inside_a_value_counts() -> None:
    assert canonical({"b": 1, "a": 2}) == '{"b":1,"a":2}'
    assert digest_of({"b": 1, "a": 2}) != digest_of({"a": 2, "b": 1})


@given(
    st.dictionaries(st.text(max_size=4), st.text(max_size=4)), st.dictionaries(st.text(max_size=4), st.text(max_size=4))
)
def test_two_contents_have_two_digests(one: dict[str, str], two: dict[str, str]) -> None:
    assert (content_digest(one, {}) == content_digest(two, {})) == (one == two)


def test_a_manifest_and_a_property_are_not_confused() -> None:
    assert content_digest({"a": "b"}, {}) != content_digest({}, {"a": "b"})
