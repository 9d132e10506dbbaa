"""The image keeps what Kubernetes asks for, and holds what pods need and no more."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
STEPS = re.sub(r"\\\n", "", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE)).splitlines()
LAST = STEPS[max(number for number, step in enumerate(STEPS) if step.startswith("FROM ")) :]
DEVELOPMENT = {"pytest", "mypy", "ruff", "hypothesis", "import-linter", "kfp", "kfp-pipeline-spec", "kfp-server-api"}


def arguments_of(instruction: str, steps: list[str]) -> list[str]:
    return [rest for name, _, rest in (step.partition(" ") for step in steps) if name == instruction]


def pinned(lock: str) -> dict[str, str]:
    lines = re.findall(r"^([a-z0-9][^\\\n]*?) *\\?$", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
    return {requirement.name: str(requirement.specifier) for requirement in map(Requirement, lines)}


def test_it_runs_as_a_user_that_is_a_number_and_not_root() -> None:
    assert arguments_of("USER", LAST) == ["1000:1000"]


def test_it_has_no_entry_point_so_that_a_command_is_a_command() -> None:
    assert arguments_of("ENTRYPOINT", STEPS) == []
    assert arguments_of("CMD", LAST) == ['["headrace", "--help"]']


def test_its_base_can_be_chosen() -> None:
    assert arguments_of("ARG", STEPS)[0].startswith("BASE_IMAGE=")
    assert {base.split()[0] for base in arguments_of("FROM", STEPS)} == {"${BASE_IMAGE}"}


def test_pods_work_in_the_project_with_its_environment_first_and_write_to_tmp_only() -> None:
    variables = dict(pair.split("=", 1) for pair in " ".join(arguments_of("ENV", LAST)).split())
    assert arguments_of("WORKDIR", LAST) == ["/app"]
    assert variables["PATH"].split(":")[0] == "/opt/headrace/bin"
    assert (variables["HOME"], variables["HEADRACE_STATE"]) == ("/tmp", "/tmp/headrace")


def test_what_is_installed_is_pinned_by_hash_and_compiled() -> None:
    installs = [step for step in STEPS if re.search(r"pip (install|sync)", step)]
    assert len(installs) == 3
    assert all("--require-hashes" in step or "--no-deps --offline" in step for step in installs)
    assert all("--compile-bytecode" in step for step in installs if "/opt/headrace" in step)


def test_its_lock_file_is_that_of_the_project_without_development() -> None:
    image, project = pinned("requirements-image.lock"), pinned("requirements-tf216.lock")
    shared = image.keys() & project.keys()
    assert {name: image[name] for name in shared} == {name: project[name] for name in shared}
    assert len(shared) > 100
    assert image.keys() & DEVELOPMENT == set()


def test_its_lock_file_has_what_runs_demonstrations_and_object_stores_need() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    (stores,) = re.findall(r"^EXTRAS \?= (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert stores.split() == ["s3", "az"]
    of_stores = [needed for name in stores.split() for needed in extras[name]]
    wanted = map(Requirement, [*project["dependencies"], *extras["run"], *extras["demo"], *of_stores])
    here = {"python_version": "3.11"}
    assert {one.name for one in wanted if not one.marker or one.marker.evaluate(here)} <= pinned(
        "requirements-image.lock"
    ).keys()


def test_its_context_is_what_the_dockerfile_copies() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = {name for step in arguments_of("COPY", STEPS) if "--from" not in step for name in step.split()[:-1]}
    assert lines[1] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == copied
