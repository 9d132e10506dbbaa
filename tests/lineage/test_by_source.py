"""What was made of a file outside the pipelines is found by the file."""

from dataclasses import replace
from pathlib import Path

import pytest

from headrace.errors import UnknownReference
from headrace.lineage.reference import resolve
from headrace.metadata.catalogue import Catalogue
from headrace.metadata.records import Complete, Run, StoredArtifact
from headrace.spec.records import OutputSpec
from headrace.storage.span_pattern import match
from tests.conftest import Lab
from tests.metadata.executions import artifact, running
from tests.parts import Copy, FileSource


def test_a_file_finds_what_was_made_of_it(lab: Lab, tmp_path: Path) -> None:
    file = tmp_path / "rows.txt"
    file.write_text("a\n", encoding="utf-8")
    source = FileSource(file=str(file))
    finished = lab.run(source, Copy(rows=source.rows))
    found = resolve(str(file), Catalogue(lab.store), tmp_path)
    assert isinstance(found, StoredArtifact)
    assert found.id == finished.executions["FileSource"].outputs["rows"][0].id
    assert resolve("rows.txt", Catalogue(lab.store), tmp_path) == found


def test_a_value_that_is_no_location_is_not_found(lab: Lab, tmp_path: Path) -> None:
    lab.store.open_run(Run(id="2024", pipeline="p"))
    begun = lab.store.begin(running(run="2024", node="gen", parameters={"payload": "parquet"}))
    lab.store.commit(replace(begun, status=Complete()), {})
    with pytest.raises(UnknownReference):
        resolve("parquet", Catalogue(lab.store), tmp_path)


def test_a_file_of_a_span_finds_that_span(lab: Lab, tmp_path: Path) -> None:
    made: dict[int, int] = {}
    spec = {"made": OutputSpec(type="Rows", layout=1, gate=False, volatile=False, system_type="")}
    for span in (1, 2, 12):
        run = f"2024-{span:02d}"
        lab.store.open_run(Run(id=run, pipeline="p"))
        parameters = {"source": "data/rows-{SPAN}.csv", "span": span, "version": 0}
        begun = lab.store.begin(running(run=run, node="gen", parameters=parameters))
        outputs = {"made": (artifact(lab.store, f"gen/{span}/made"),)}
        ended = lab.store.commit(replace(begun, status=Complete(), outputs=outputs), spec)
        made[span] = ended.outputs["made"][0].id
    for span in (2, 12):
        found = resolve(f"data/rows-{span}.csv", Catalogue(lab.store), tmp_path)
        assert isinstance(found, StoredArtifact)
        assert found.id == made[span]
    with pytest.raises(UnknownReference):
        resolve("data/rows-3.csv", Catalogue(lab.store), tmp_path)


@pytest.mark.parametrize(
    ("pattern", "name", "found"),
    [
        ("rows-{SPAN}.csv", "rows-7.csv", (7, 0)),
        ("rows-{SPAN:3}.csv", "rows-7.csv", None),
        ("{YYYY}/{MM}/r.{VERSION}.csv", "1970/02/r.3.csv", (1, 3)),
        ("{YYYY}-{MM}-{DD}.csv", "1970-01-11.csv", (10, 0)),
        ("{YYYY}-{MM}-{DD}.csv", "1970-02-31.csv", None),
        ("a/**/r-*.csv", "a/b/c/r-x.csv", (0, 0)),
    ],
)
def test_a_name_says_its_span_and_version(pattern: str, name: str, found: tuple[int, int] | None) -> None:
    assert match(pattern, name) == found
