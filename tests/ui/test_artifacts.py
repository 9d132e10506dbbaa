"""Artifacts in the page: lists, files, tombstones, taint."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from headrace.workers.pool import Pool
from tests.conftest import Lab
from tests.lineage.conftest import History
from tests.parts import Source, Train
from tests.ui.conftest import Served, serving_lab
from tests.ui.tfx_store import SCRIPT

SECRET = "not for the page"


def test_artifacts_are_listed_newest_first_with_who_made_each(served: Served, history: History) -> None:
    answer = served.get("/api/artifacts?type=Model")
    numbers = [history.artifact(run, "Train", "model") for run in (history.longer, history.first)]
    assert [row["id"] for row in answer["artifacts"]] == numbers
    row = answer["artifacts"][0]
    assert (row["title"], row["node"], row["run"], row["span"]) == ("Train.model", "Train", history.longer.id, 1)
    assert row["marks"] == ["blessed"]
    assert answer["total"] == answer["types"]["Model"] == 2
    assert answer["types"]["Rows"] > 0


def test_artifacts_are_filtered_by_their_properties(served: Served, history: History) -> None:
    (row,) = served.get("/api/artifacts?q=prop.quality%3E2")["artifacts"]
    assert row["id"] == history.artifact(history.longer, "Train", "model")
    assert served.get("/api/artifacts?q=node:Train%20type:Model%20span:1&limit=1")["total"] == 2
    assert served.get("/api/artifacts?q=since:1h%20nothing-of-it")["total"] == 0


def test_models_are_filtered_by_what_was_decided(served: Served) -> None:
    for text, count in {"type:Model state:blessed since:7d": 2, "state:not-blessed": 0, "state:pushed": 0}.items():
        assert served.get(f"/api/artifacts?{urlencode({'q': text})}")["total"] == count, text


def test_an_artifact_tells_who_made_it_read_it_and_reused_it(served: Served, history: History) -> None:
    number = history.artifact(history.first, "Train", "model")
    found = served.get(f"/api/artifacts/{number}")
    assert (found["maker"]["node"], found["maker"]["run"]) == ("Train", history.first.id)
    assert {reader["node"] for reader in found["readers"]} == {"Bless"}
    assert {each["run"] for each in found["reused_by"]} == {history.again.id, history.spaced.id}
    assert [each["id"] for each in found["siblings"]] == [history.artifact(history.longer, "Train", "model")]
    assert found["artifact"]["exists"]
    assert found["artifact"]["properties"]["quality"] == 2.0
    assert [each["name"] for each in found["blame"]["parameters"] if each["name"].startswith("Source")] == [
        "Source.span",
        "Source.texts",
    ]
    assert [each["title"] for each in found["blame"]["code"]] == ["tests.parts"]


def test_an_artifact_is_found_by_any_reference(served: Served, history: History) -> None:
    number = history.artifact(history.longer, "Train", "model")
    assert served.get("/api/artifacts/Model@latest")["artifact"]["id"] == number
    assert served.ask("/api/artifacts/99999").status == 404
    assert served.ask(f"/api/artifacts/{history.first.id}").status == 404
    heard = served.ask("/api/artifacts/Modle@latest")
    assert heard.status == 404
    assert "Model" in heard.json["error"]["do"]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, pool: Pool) -> Iterator[tuple[Lab, Served]]:
    """A run whose artifacts these tests change: links out of them, a script in a property."""
    lab = Lab(tmp_path_factory.mktemp("own"), pool)
    source = Source(texts=[SCRIPT, "b"])
    lab.run(source, Train(rows=source.rows))
    (lab.folder / "secret.txt").write_text(SECRET, encoding="utf-8")
    with serving_lab(lab, write=True) as page:
        yield lab, page


def rows(page: Served) -> tuple[int, Path]:
    """Find the artifact of rows, and its folder."""
    artifact = page.get("/api/artifacts/Rows@latest")["artifact"]
    return artifact["id"], Path(artifact["path"])


def test_files_are_named_and_given_away_as_downloads(own: tuple[Lab, Served]) -> None:
    _, page = own
    number, place = rows(page)
    (place / "page.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    files = page.get(f"/api/artifacts/{number}")["files"]
    assert {"path": "rows.txt", "size": (place / "rows.txt").stat().st_size} in files
    for name, kind in (("rows.txt", "text/plain; charset=utf-8"), ("page.html", "application/octet-stream")):
        heard = page.ask(f"/api/artifacts/{number}/files/{name}")
        assert heard.body == (place / name).read_bytes()
        assert heard.headers["content-type"] == kind
        assert heard.headers["content-disposition"].startswith("attachment")
        assert heard.headers["x-content-type-options"] == "nosniff"
        assert heard.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert page.ask(f"/api/artifacts/{number}/files/rows.txt", trusted=False).status == 401


@pytest.mark.parametrize(
    "path",
    [
        "../rows.manifest.json",
        "..%2Frows.manifest.json",
        "%2e%2e%2frows.manifest.json",
        "%2e%2e/rows.manifest.json",
        "a/../../rows.manifest.json",
        "..%5Crows.manifest.json",
        "%252e%252e%252frows.manifest.json",
        "../../../../../secret.txt",
        "/etc/passwd",
        "%2Fetc%2Fpasswd",
        "//etc/passwd",
        "file:%2F%2F%2Fetc%2Fpasswd",
        "link.txt",
        "inside/secret.txt",
        "loop",
        "rows.txt%00.json",
        ".",
        "",
    ],
)
def test_no_path_leads_out_of_an_artifact(own: tuple[Lab, Served], path: str) -> None:
    lab, page = own
    number, place = rows(page)
    for name, target in (("link.txt", lab.folder / "secret.txt"), ("inside", lab.folder), ("loop", place / "loop")):
        if not (place / name).is_symlink():
            (place / name).symlink_to(target)
    heard = page.ask(f"/api/artifacts/{number}/files/{path}")
    assert heard.status == 404
    assert SECRET not in heard.text
    assert "root:" not in heard.text


@pytest.mark.parametrize("path", ["../routes/__init__.py", "%2e%2e%2fapp.py", "/etc/passwd", "vendor", ""])
def test_no_path_leads_out_of_the_pages_own_files(served: Served, path: str) -> None:
    assert served.ask(f"/static/{path}").status == 404


def test_links_are_not_listed_among_the_files(own: tuple[Lab, Served]) -> None:
    _, page = own
    number, place = rows(page)
    if not (place / "aside").is_symlink():
        (place / "aside").symlink_to("/etc/passwd")
    assert "aside" not in [file["path"] for file in page.get(f"/api/artifacts/{number}")["files"]]


def test_a_script_in_a_property_is_text_of_json(own: tuple[Lab, Served]) -> None:
    _, page = own
    heard = page.ask("/api/artifacts/Names@latest")
    assert heard.headers["content-type"] == "application/json"
    assert heard.json["artifact"]["properties"]["names"] == [SCRIPT, "b"]
    assert "<script" not in heard.text


def test_a_preview_beside_an_artifact_is_shown(own: tuple[Lab, Served]) -> None:
    _, page = own
    number, place = rows(page)
    preview = {"version": 1, "type": "Rows", "summary": f"2 rows {SCRIPT}", "content": {"rows": 2, "nan": None}}
    place.with_name("rows.preview.json").write_text(json.dumps(preview, indent=1), encoding="utf-8")
    found = page.get(f"/api/artifacts/{number}")
    assert (found["preview"], found["preview_type"]) == (preview, "Rows")
    listed = page.get("/api/artifacts?type=Rows")["artifacts"]
    assert [row["summary"] for row in listed] == [preview["summary"]]


def test_a_payload_that_is_gone_leaves_a_tombstone(own: tuple[Lab, Served]) -> None:
    _, page = own
    found = page.get("/api/artifacts/Model@latest")
    assert found["artifact"]["exists"]
    shutil.move(found["artifact"]["path"], f"{found['artifact']['path']}.aside")
    gone = page.get("/api/artifacts/Model@latest")
    shutil.move(f"{found['artifact']['path']}.aside", found["artifact"]["path"])
    assert (gone["artifact"]["exists"], gone["files"], gone["files_total"]) == (False, [], 0)
    assert gone["artifact"]["digest"] == found["artifact"]["digest"]


def test_tainting_needs_the_header_and_a_reason(own: tuple[Lab, Served]) -> None:
    _, page = own
    address = f"/api/artifacts/{page.get('/api/artifacts/Journal@latest')['artifact']['id']}/taint"
    assert page.get("/api/meta")["can_taint"]
    assert page.ask(address, method="POST").status == 400
    assert page.ask(address, method="POST", trusted=False, X_Headrace="1").status == 401
    refused = [
        ("text", 400),
        ({"reason": " "}, 400),
        ({}, 400),
        ({"reason": None}, 400),
        ({"reason": "x" * 20_000}, 413),
    ]
    for body, status in refused:
        assert page.ask(address, method="POST", body=body, X_Headrace="1").status == status


def test_a_mark_goes_to_all_that_was_made_and_is_taken_back(own: tuple[Lab, Served]) -> None:
    lab, page = own
    (rows,) = {e.node: e for e in lab.store.in_run(lab.store.runs()[-1].id)}["Source"].outputs["rows"]
    marked = page.ask(f"/api/artifacts/{rows.id}/taint", method="POST", body={"reason": "bad data"}, X_Headrace="1")
    assert f"artifact:{rows.id}" in marked.json["changed"]
    model = page.get("/api/artifacts/Model@latest")["artifact"]
    assert (model["state"], model["tainted"]) == ("TAINTED", f"bad data (from artifact:{rows.id})")
    assert model["taints"] == [{"source": f"artifact:{rows.id}", "reason": "bad data"}]
    ended = page.ask(f"/api/artifacts/{rows.id}/untaint", method="POST", X_Headrace="1")
    assert (ended.json["changed"], ended.json["tainted"]) == (marked.json["changed"], [])
    assert page.get("/api/artifacts/Model@latest")["artifact"]["state"] == "LIVE"


def test_a_page_that_only_reads_taints_nothing(served: Served, history: History) -> None:
    number = history.artifact(history.first, "Train", "model")
    assert served.ask(f"/api/artifacts/{number}/taint", method="POST", X_Headrace="1").status == 409


def test_the_address_of_a_taint_cannot_be_got(served: Served) -> None:
    heard: Any = served.ask("/api/artifacts/1/taint")
    assert heard.status == 405
