"""Outputs are written aside and renamed into place at once."""

from json import loads
from pathlib import Path

import pytest

from headrace.errors import ConflictError
from headrace.storage.staging import Staging, defect, manifest_file

NOTHING: frozenset[str] = frozenset()


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    return Staging(tmp_path, "Node", 7)


def written(staging: Staging, text: str = "content") -> Path:
    folders = staging.make(["made", "empty"])
    (Path(folders["made"]) / "file").write_text(text, encoding="utf-8")
    return Path(folders["made"])


def test_nothing_stands_in_place_before_it_is_published(staging: Staging) -> None:
    aside = written(staging)
    assert aside.is_relative_to(staging.aside)
    assert not staging.final.exists()


def test_publishing_renames_all_outputs_with_their_manifests(staging: Staging) -> None:
    written(staging)
    published = staging.publish(["made", "empty"], NOTHING)
    assert not staging.aside.exists()
    assert sorted(p.name for p in staging.final.iterdir()) == [
        "empty",
        "empty.manifest.json",
        "made",
        "made.manifest.json",
    ]
    assert loads(manifest_file(staging.final / "made").read_text(encoding="utf-8")) == published["made"].manifest
    assert (published["made"].size, published["empty"].size) == (7, 0)


def test_a_preview_beside_an_output_goes_with_it_and_is_not_content(staging: Staging) -> None:
    aside = written(staging)
    aside.with_name("made.preview.json").write_text("{}", encoding="utf-8")
    published = staging.publish(["made", "empty"], NOTHING)
    assert [*published["made"].manifest] == ["file"]
    assert (staging.final / "made.preview.json").is_file()


def test_a_volatile_output_has_an_empty_manifest_and_a_size(staging: Staging) -> None:
    written(staging)
    made = staging.publish(["made", "empty"], frozenset({"made"}))["made"]
    assert (made.manifest, made.size) == ({}, 7)


def test_what_is_in_place_is_never_written_over(staging: Staging) -> None:
    written(staging)
    staging.final.mkdir(parents=True)
    (staging.final / "kept").touch()
    with pytest.raises(OSError, match=r"not empty|exists"):
        staging.publish(["made", "empty"], NOTHING)
    assert (staging.final / "kept").is_file()


def test_an_execution_whose_folder_is_there_already_is_refused_at_its_start(staging: Staging) -> None:
    staging.final.mkdir(parents=True)
    with pytest.raises(ConflictError, match="another store"):
        written(staging)


def test_discarding_leaves_nothing(staging: Staging) -> None:
    written(staging)
    staging.discard()
    assert not staging.aside.exists()
    staging.discard()


def test_a_defect_is_found_and_named(staging: Staging) -> None:
    written(staging)
    staging.publish(["made", "empty"], NOTHING)
    made = staging.final / "made"
    assert (defect(made), defect(made, rehash=True)) == ("", "")
    (made / "file").write_text("CONTENT", encoding="utf-8")
    assert (defect(made), defect(made, rehash=True)) == ("", f"{made / 'file'} has changed")
    (made / "file").unlink()
    assert defect(made) == f"{made / 'file'} is gone"
    manifest_file(made).unlink()
    assert defect(made) == f"{made} is gone"


def test_a_damaged_manifest_is_a_defect(staging: Staging) -> None:
    written(staging)
    staging.publish(["made", "empty"], NOTHING)
    file = manifest_file(staging.final / "made")
    file.write_text('{"fi', encoding="utf-8")
    assert defect(staging.final / "made") == f"{file} is damaged"


def test_a_file_that_was_added_is_found_by_reading_every_byte(staging: Staging) -> None:
    written(staging)
    staging.publish(["made", "empty"], NOTHING)
    added = staging.final / "made" / "more"
    added.touch()
    assert (defect(staging.final / "made"), defect(staging.final / "made", rehash=True)) == ("", f"{added} was added")
