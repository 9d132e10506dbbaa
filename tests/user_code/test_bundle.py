"""The code bundle: all of a project's code that pods need, the same bytes every time, checked before it is used."""

import subprocess
import sys
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from headrace import Component, Function, NodeOptions, Pipeline, RuntimeParameter
from headrace.errors import ConfigError, DeclarationError, ExitCode
from headrace.spec.from_pipeline import spec_of
from headrace.spec.records import Json
from headrace.storage.folder_root import FolderRoot
from headrace.user_code.bundle import LARGEST, Bundle, make_bundle, open_bundle, write_bundle
from tests.parts import Apply, FileSource, Source

FILES = {
    "pipelines/__init__.py": "",
    "pipelines/birds/__init__.py": "",
    "pipelines/birds/pipeline.py": "from pipelines.birds.names import NAME\n",
    "pipelines/birds/names.py": "NAME = 'birds'\n",
    "pipelines/birds/features.py": "from pipelines.birds.numbers import TWO\n\ndef twice(a):\n    return a * TWO\n",
    "pipelines/birds/numbers.py": "import json\n\nTWO = 2\n",
    "pipelines/other.py": "raise SystemExit('never imported')\n",
    "script.py": "import beside\n\n\ndef shout(line):\n    return beside.loud(line)\n",
    "beside.py": "def loud(line):\n    return line.upper()\n",
    "data/rows.csv": "a\n",
    "data/large.csv": "x" * (LARGEST + 1),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one project for all: a process remembers where modules are."""
    folder = tmp_path_factory.mktemp("birds") / "project"
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in the project, whose modules are found as `headrace` finds them."""
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(str(folder))
    return folder


def bundle_of(
    project: Path, *nodes: Component, values: Mapping[str, Json] | None = None, module: str = "pipelines.birds.pipeline"
) -> Bundle:
    return make_bundle(spec_of(Pipeline("p", nodes)), values or {}, module, project)


def names_in(bundle: Bundle, folder: Path) -> list[str]:
    with zipfile.ZipFile(write_bundle(bundle, folder)) as packed:
        return packed.namelist()


def birds() -> list[Component]:
    source = Source()
    return [source, Apply(rows=source.rows, function=Function("pipelines.birds.features:twice"))]


def test_it_holds_the_closure_of_the_functions_the_pipelines_module_and_packages(project: Path, tmp_path: Path) -> None:
    assert names_in(bundle_of(project, *birds()), tmp_path) == [
        "pipelines/__init__.py",
        "pipelines/birds/__init__.py",
        "pipelines/birds/features.py",
        "pipelines/birds/names.py",
        "pipelines/birds/numbers.py",
        "pipelines/birds/pipeline.py",
    ]


def test_a_file_named_by_its_path_brings_its_neighbours(project: Path, tmp_path: Path) -> None:
    source = Source()
    node = Apply(rows=source.rows, function=Function("script.py:shout"))
    assert names_in(bundle_of(project, source, node, module=""), tmp_path) == ["beside.py", "script.py"]


def test_it_is_the_same_whenever_it_is_made(project: Path) -> None:
    first = bundle_of(project, *birds())
    for file in project.rglob("*.py"):
        file.touch()
        file.chmod(0o600)
    assert bundle_of(project, *birds()) == first
    assert first.digest == sha256(first.content).hexdigest()


def test_small_files_that_locations_name_are_in_it(project: Path, tmp_path: Path) -> None:
    node = FileSource(file=RuntimeParameter("file", str, "nowhere"))
    made = bundle_of(project, node, values={"file": "data/rows.csv"}, module="")
    assert names_in(made, tmp_path) == ["data/rows.csv"]
    assert made.left_out == ()


def test_a_large_file_is_left_out_and_named(project: Path, tmp_path: Path) -> None:
    made = bundle_of(project, FileSource(file="data/large.csv"), module="")
    assert names_in(made, tmp_path) == []
    assert made.left_out == ("data/large.csv",)


@pytest.mark.parametrize("location", ["s3://bucket/rows.csv", "data", "data/none.csv", "", "../outside.csv"])
def test_a_location_that_is_no_file_of_the_project_is_left_alone(project: Path, tmp_path: Path, location: str) -> None:
    (project.parent / "outside.csv").write_text("a\n", encoding="utf-8")
    made = bundle_of(project, FileSource(file=location), module="")
    assert (names_in(made, tmp_path), made.left_out) == ([], ())


def test_a_file_of_another_folder_is_refused(project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere.py"
    outside.write_text("def f(line):\n    return line\n", encoding="utf-8")
    source = Source()
    with pytest.raises(ConfigError, match=r"elsewhere.py:f'; expected a file of the project"):
        bundle_of(project, source, Apply(rows=source.rows, function=Function(f"{outside}:f")))


def test_a_pod_imports_from_it(project: Path, tmp_path: Path) -> None:
    made = bundle_of(project, *birds())
    write_bundle(made, tmp_path)
    root = FolderRoot(tmp_path)
    folder = open_bundle(root, made.digest, tmp_path / "unpacked")
    call = "from pipelines.birds.features import twice; print(twice('ab'))"
    done = subprocess.run([sys.executable, "-c", call], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout == "abab\n"
    assert open_bundle(root, made.digest, folder) == folder


def test_another_content_is_refused_before_anything_is_unpacked(project: Path, tmp_path: Path) -> None:
    made = bundle_of(project, *birds())
    file = write_bundle(made, tmp_path)
    file.write_bytes(made.content + b" ")
    message = rf"the code bundle {file} has the digest .*expected {made.digest[:12]}….*Compile again"
    with pytest.raises(ConfigError, match=message) as caught:
        open_bundle(FolderRoot(tmp_path), made.digest, tmp_path / "unpacked")
    assert caught.value.exit_code == ExitCode.USAGE
    assert not (tmp_path / "unpacked").exists()


def test_a_bundle_that_is_not_below_the_root_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=rf"no code bundle {tmp_path}/\.code/abc\.zip; .*Compile again") as caught:
        open_bundle(FolderRoot(tmp_path), "abc", tmp_path / "unpacked")
    assert caught.value.exit_code == ExitCode.USAGE


def test_it_is_in_no_folder_of_a_node(project: Path) -> None:
    with pytest.raises(DeclarationError):
        NodeOptions(id=Path(bundle_of(project, *birds()).name).parts[0])


@pytest.mark.parametrize("name", ["/etc/passwd", "../up.py", "a/../../up.py", "..\\up.py", "C:/up.py"])
def test_an_entry_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / "bundle.zip"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr(zipfile.ZipInfo(name), "x = 1\n")
    made = Bundle(file.read_bytes(), sha256(file.read_bytes()).hexdigest(), ())
    write_bundle(made, tmp_path)
    with pytest.raises(ConfigError, match="expected paths within it"):
        open_bundle(FolderRoot(tmp_path), made.digest, tmp_path / "unpacked" / "deep")
    assert not (tmp_path / "unpacked").exists()
