"""Functions are named, looked up in source and never imported for it."""

import subprocess
import sys
from pathlib import Path

import pytest

from headrace import Function, Pipeline
from headrace.dsl.function import locate
from headrace.errors import DeclarationError
from tests import parts


def test_a_function_at_hand_is_named() -> None:
    assert Function.of(parts.join).reference == "tests.parts:join"
    assert Function("tests/parts.py:join").parse().name == "join"


def test_what_other_processes_cannot_import_is_refused() -> None:
    def closure() -> None: ...

    for nameless in (lambda: 0, closure, Pipeline.__post_init__):
        with pytest.raises(DeclarationError, match="top of a module"):
            Function.of(nameless)


def test_a_function_of_main_is_refused(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("from headrace import Function\ndef f(): ...\nFunction.of(f)\n", encoding="utf-8")
    ended = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, cwd=Path.cwd())
    assert ended.returncode == 1
    assert "__main__.f; expected a function at the top of a module" in ended.stderr


@pytest.mark.parametrize(
    "reference",
    ["tests.parts:jion", "tests.nowhere:join", "tests/nowhere.py:join", "join", "tests.parts:", "tests.parts:Rows"],
)
def test_an_unknown_function_is_refused_with_what_is_there(reference: str) -> None:
    with pytest.raises(DeclarationError, match=r"top of its file\. Correct the name"):
        Function(reference)


def test_a_misspelt_function_is_told_what_the_file_defines() -> None:
    with pytest.raises(DeclarationError, match=r"parts.py defines \[.*'join'.*\]"):
        Function("tests.parts:jion")


def test_a_syntax_error_is_told_with_its_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("def run_fn(:\n    pass\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"broken.py, line 1: .*a Python file that parses"):
        Function(f"{broken}:run_fn")


def test_looking_up_imports_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    package = tmp_path / "never_imported"
    package.mkdir()
    for name in ("__init__", "steps"):
        (package / f"{name}.py").write_text("raise SystemExit\ndef go(): ...\n", encoding="utf-8")
    assert Function("never_imported.steps:go").parse().name == "go"
    assert "never_imported" not in sys.modules


def test_a_components_init_that_hides_ours_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "components").mkdir()
    (tmp_path / "components" / "__init__.py").touch()
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(DeclarationError, match=r"components/__init__.py hides headrace's own components: delete"):
        Function("components.trainer.executor:train")


def test_a_components_folder_without_init_merges_with_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "components" / "mine").mkdir(parents=True)
    (tmp_path / "components" / "mine" / "executor.py").write_text("def go(): ...\n", encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert locate("components.mine.executor") == tmp_path / "components" / "mine" / "executor.py"
    assert locate("components.trainer.executor") is not None


def test_declaring_and_planning_import_no_tensorflow_no_beam_and_no_executor() -> None:
    code = (
        "import sys; import tests.parts, headrace.orchestrators.preview; "
        "from components.trainer import Trainer; from components.example_gen import ExampleGen; print(*sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    heavy = {"tensorflow", "apache_beam", "pyarrow", "keras", "tf_keras", "numpy", "pandas"}
    loaded = set(ended.stdout.split())
    assert loaded & heavy == set()
    assert [name for name in loaded if name.endswith(".executor")] == []
