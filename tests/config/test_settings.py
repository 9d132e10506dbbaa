"""Where a run happens: a file of settings, the environment, and what is refused."""

from pathlib import Path

import pytest

from headrace.config.settings import Settings, place_of, read_settings
from headrace.errors import ConfigError
from headrace.storage.folder_root import FolderRoot
from headrace.storage.url_root import UrlRoot


def local(project: Path, text: str) -> Path:
    (project / "configs").mkdir(exist_ok=True)
    file = project / "configs" / "local.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_everything_is_in_the_state_folder(tmp_path: Path) -> None:
    place = place_of(tmp_path, read_settings(tmp_path, None, {}).settings)
    assert place.store == f"sqlite:{tmp_path}/.headrace/metadata.db"
    assert (place.state.path, place.root) == (tmp_path / ".headrace", FolderRoot(tmp_path / ".headrace" / "artifacts"))
    assert place.jobs >= 1


def test_the_environment_goes_before_the_file_before_the_default(tmp_path: Path) -> None:
    local(tmp_path, 'jobs: 3\norchestrator: beam\nbeam_args: ["--a"]\n')
    found = read_settings(tmp_path, None, {"HEADRACE_JOBS": "4"})
    assert found.settings == Settings(jobs=4, orchestrator="beam", beam_args=("--a",))
    assert found.origins["jobs"] == "HEADRACE_JOBS"
    assert found.origins["orchestrator"] == "configs/local.yaml:2"
    assert found.origins["state"] == "default"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("jobs: 2\njob: 3\n", r"local.yaml:2: the key 'job'; expected one of .*Write 'jobs'"),
        ("jobs: many\n", r"local.yaml:1: jobs is 'many'; expected a number of at least 0"),
        ("orchestrator: kubeflow\n", "expected local or beam"),
        ("beam_args: --x\n", "expected a list of strings"),
        ("root: 7\n", "expected a string"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    local(tmp_path, text)
    with pytest.raises(ConfigError, match=message):
        read_settings(tmp_path, None, {})


def test_a_file_that_is_named_and_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no file nowhere\.yaml"):
        read_settings(tmp_path, Path("nowhere.yaml"), {})


def test_a_root_may_be_in_an_object_store_and_the_state_folder_may_not(tmp_path: Path) -> None:
    assert place_of(tmp_path, Settings(root="s3://bucket/artifacts")).root == UrlRoot("s3://bucket/artifacts")
    with pytest.raises(ConfigError, match="object stores"):
        place_of(tmp_path, Settings(state="s3://bucket/state"))
