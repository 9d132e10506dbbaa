"""ExampleGen: which files a run reads, and what makes them count as changed."""

import os
from pathlib import Path
from typing import Literal

import pytest

from components.example_gen import ExampleGen
from components.example_gen.driver import fingerprint
from components.example_gen.fingerprint import digest_by_content
from components.example_gen.freezer import choose_span
from components.example_gen.source import files_of, find_files
from headrace import Parameter, Pipeline, RuntimeParameter
from headrace.errors import ConfigError, DataError
from headrace.spec.from_pipeline import spec_of
from headrace.spec.messages import NodeRun
from headrace.spec.records import Json
from headrace.storage.span_pattern import spell_span


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def freeze(
    source: str,
    *,
    asked: Json = None,
    span: Parameter[int | None] = None,
    version: int | None = None,
    gaps: Literal["error", "allow"] = "error",
) -> dict[str, Json]:
    """Ask the freezer as the start of a run does."""
    node = ExampleGen(source=source, span=span, version=version, gaps=gaps)
    (spec,) = spec_of(Pipeline("test", [node])).nodes
    return dict(choose_span(NodeRun(pipeline="test", run="1", node=spec, values={"span": asked, "month": 2})))


def test_takes_the_newest_span(tmp_path: Path) -> None:
    touch(tmp_path, "d-8.csv", "d-9.csv", "d-10.csv", "d-x.csv")
    assert freeze(f"{tmp_path}/d-{{SPAN}}.csv") == {"span": 10, "version": 0}


def test_takes_the_span_that_is_asked_for(tmp_path: Path) -> None:
    touch(tmp_path, "d-1.csv", "d-2.csv", "d-3.csv")
    pattern = f"{tmp_path}/d-{{SPAN}}.csv"
    assert freeze(pattern, asked=2)["span"] == 2
    assert freeze(pattern, span=1)["span"] == 1
    assert freeze(pattern, span=RuntimeParameter("month", int, default=2))["span"] == 2
    assert freeze(pattern, asked=3, span=1)["span"] == 3


def test_names_the_spans_that_exist(tmp_path: Path) -> None:
    touch(tmp_path, "d-1.csv", "d-2.csv")
    with pytest.raises(DataError, match=r"no span 7 of .*; expected one of 1, 2\. Ask for one of them with --span"):
        freeze(f"{tmp_path}/d-{{SPAN}}.csv", asked=7)


def test_refuses_a_gap_below_the_span(tmp_path: Path) -> None:
    touch(tmp_path, "d-1.csv", "d-2.csv", "d-5.csv")
    pattern = f"{tmp_path}/d-{{SPAN}}.csv"
    with pytest.raises(DataError, match="has no span 3, 4, but 5"):
        freeze(pattern)
    assert freeze(pattern, asked=2)["span"] == 2
    assert freeze(pattern, gaps="allow")["span"] == 5


def test_takes_the_highest_version_of_a_span(tmp_path: Path) -> None:
    touch(tmp_path, "1/v2/a.csv", "1/v10/a.csv", "2/v1/a.csv")
    pattern = f"{tmp_path}/{{SPAN}}/v{{VERSION}}/*.csv"
    assert freeze(pattern, asked=1) == {"span": 1, "version": 10}
    assert freeze(pattern, asked=1, version=2) == {"span": 1, "version": 2}
    with pytest.raises(DataError, match=r"no version 3 of span 1; expected one of \[2, 10\]"):
        freeze(pattern, asked=1, version=3)


def test_counts_months_and_days_without_a_gap_at_the_new_year(tmp_path: Path) -> None:
    touch(tmp_path, "2013-12.csv", "2014-01.csv", "2014-13.csv", "d/20131231.csv", "d/20140101.csv")
    months, days = f"{tmp_path}/{{YYYY}}-{{MM}}.csv", f"{tmp_path}/d/{{YYYY}}{{MM}}{{DD}}.csv"
    assert freeze(months)["span"] == 44 * 12
    assert spell_span(months, 44 * 12) == "528 (2014-01)"
    assert spell_span(days, int(str(freeze(days)["span"]))) == "16071 (2014-01-01)"


def test_a_file_without_a_pattern_is_span_0(tmp_path: Path) -> None:
    touch(tmp_path, "a.csv")
    assert freeze(f"{tmp_path}/a.csv", asked=3) == {"span": 0, "version": 0}


def test_reads_one_pattern_in_several_places(tmp_path: Path) -> None:
    touch(tmp_path, "1/d-1.csv", "1/d-2.csv", "2/d-2.csv")
    found = find_files(f"{tmp_path}/{{SPAN}}/d-{{SPAN}}.csv")
    assert [(file.span, file.path.name) for file in found] == [(1, "d-1.csv"), (2, "d-2.csv")]


def test_takes_a_file_whose_name_looks_like_a_pattern(tmp_path: Path) -> None:
    touch(tmp_path, "a[1].csv", "a1.csv")
    assert [file.path.name for file in find_files(f"{tmp_path}/a[1].csv")] == ["a[1].csv"]


def test_names_files_that_went_away_during_the_run(tmp_path: Path) -> None:
    touch(tmp_path, "d-2.csv")
    with pytest.raises(
        DataError, match=r"no file of span 1, version 0, matches .*; expected the files that were there"
    ):
        files_of(f"{tmp_path}/d-{{SPAN}}.csv", 1, 0)


@pytest.mark.parametrize("pattern", ["{SPAN}-{YYYY}.csv", "{MM}.csv", "{YYYY}-{DD}.csv"])
def test_refuses_a_pattern_that_tells_no_spans(pattern: str) -> None:
    with pytest.raises(ConfigError, match="the source"):
        find_files(pattern)


def test_a_change_of_one_byte_changes_the_digest_and_a_touch_or_a_name_does_not(tmp_path: Path) -> None:
    touch(tmp_path, "a.csv")
    file, memo = tmp_path / "a.csv", tmp_path / "memo"
    before = digest_by_content([file], memo)
    os.utime(file, (1, 1))
    assert digest_by_content([file], memo) == before
    moved = file.rename(tmp_path / "b.csv")
    assert digest_by_content([moved], memo) == before
    moved.write_text("b.csv")
    assert digest_by_content([moved], memo) != before


def test_remembers_the_digest_of_a_file_that_stands_still(tmp_path: Path) -> None:
    touch(tmp_path, "a.csv")
    file, memo = tmp_path / "a.csv", tmp_path / "memo"
    digest_by_content([file], memo)
    assert not memo.exists()
    os.utime(file, (1, 1))
    digest = digest_by_content([file], memo)
    (note,) = memo.iterdir()
    note.write_text(note.read_text().replace("sha256", "other"))
    assert digest_by_content([file], memo) == digest


def test_names_the_way_of_a_fingerprint(tmp_path: Path) -> None:
    touch(tmp_path, "a.csv")
    assert fingerprint([tmp_path / "a.csv"], "stat").startswith("stat:")
    with pytest.raises(ConfigError, match="only object stores have an etag"):
        fingerprint([tmp_path / "a.csv"], "etag")
