"""A copy of the repository's pipelines in a folder of its own, and the command line called there."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from headrace.artifacts.preview import read_preview
from headrace.metadata.catalogue import Catalogue
from headrace.metadata.reader import last_attempts
from headrace.metadata.records import Execution
from headrace.metadata.states import state_of
from headrace.metadata.store import Store
from headrace.orchestrators.workspace import Place, open_for_reading
from headrace.storage.folder_root import FolderRoot
from headrace.storage.state import StateFolder
from pipelines.penguins.data import prepare
from tests.metadata.executions import whole_executions

ROOT = Path(__file__).resolve().parents[2]
# -P: the current folder is on no path of its own accord, as for the installed command.
HEADRACE = (sys.executable, "-P", "-m", "headrace.cli.main")
NODES = (
    "ExampleGen",
    "StatisticsGen",
    "SchemaGen",
    "Validator",
    "Transform",
    "Tuner",
    "Trainer",
    "Evaluator",
    "Pusher",
)
DATA = "data/penguins/penguins.csv"
FEATURES = "pipelines/penguins/features.py"
HELPER = "pipelines/penguins/measures.py"
MODEL = "pipelines/penguins/model.py"
PIPELINE = "pipelines/penguins/pipeline.py"
TRACEBACK = "Traceback (most recent call last)"


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    out: str
    err: str
    code: int


@dataclass(frozen=True)
class Project:
    """A folder with pipelines, and the address of its store where that is not in the folder."""

    folder: Path
    address: str = ""

    @property
    def root(self) -> Path:
        return self.folder / ".headrace" / "artifacts"

    @property
    def served(self) -> Path:
        return self.folder / "served" / "penguins"

    @property
    def variables(self) -> dict[str, str]:
        return {"HEADRACE_STORE": self.address} if self.address else {}

    def headrace(self, *arguments: str, seconds: float = 280, **variables: str) -> Said:
        """Call the command line and wait for its end."""
        with self.start(*arguments, **variables) as process:
            try:
                out, err = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return Said(out, err, process.returncode)

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """Start the command line, in a session of its own."""
        paths = [str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), **self.variables, **variables}
        return subprocess.Popen(
            [*HEADRACE, *arguments],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def plan(self, *arguments: str, pipeline: str = "penguins") -> dict[str, str]:
        """Tell what every node would do."""
        said = self.headrace("plan", pipeline, "-o", "json", *arguments)
        assert said.code == 0, said.err
        return {step["node"]: step["answer"] for step in json.loads(said.out)}

    def edit(self, file: str, before: str, after: str) -> None:
        """Replace a text in a file that holds it."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")

    def append(self, file: str, text: str) -> None:
        """Add a text to the end of a file."""
        with (self.folder / file).open("a", encoding="utf-8") as opened:
            opened.write(text)

    def store(self) -> Store:
        """Open the metadata for reading."""
        state = StateFolder(self.folder / ".headrace")
        root = FolderRoot(self.root)
        address = self.address or f"sqlite:{state.database}"
        place = Place(project=self.folder, state=state, root=root, store=address, jobs=1)
        return open_for_reading(place).store

    def last_run(self) -> str:
        return self.store().runs()[0].id

    def last(self, run: str = "") -> Mapping[str, Execution]:
        """Return the last attempt of every node in a run, the newest by default."""
        store = self.store()
        return last_attempts(store.in_run(run or store.runs()[0].id))

    def states(self, run: str = "") -> dict[str, str]:
        return {name: state_of(execution) for name, execution in self.last(run).items()}

    def everywhere(self) -> list[str]:
        """List the states of all attempts of all runs."""
        return [state_of(execution) for execution in whole_executions(self.store())]

    def half_written(self) -> list[str]:
        """List the folders below the root that no record of the store tells of."""
        recorded = {Path(a.record.path).parent for a in Catalogue(self.store()).artifacts()}
        found = {folder for folder in self.root.glob("*/*") if folder.is_dir()}
        return sorted(str(folder.relative_to(self.root)) for folder in found - recorded)


def accuracy(project: Project) -> float:
    """Read the accuracy that the last run's Evaluator found, from its preview."""
    path = Path(project.last()["Evaluator"].outputs["evaluation"][0].path)
    preview = read_preview(path.with_name(f"{path.name}.preview.json"))
    assert preview is not None
    words = str(preview["summary"]).replace(",", "").split()
    return float(words[words.index("accuracy") + 1])


def copy_project(folder: Path) -> Project:
    """Copy the pipelines and schemas into a new folder, and bring the penguins."""
    folder.mkdir(parents=True)
    for name in ("pipelines", "schemas"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    prepare(folder / "data" / "penguins")
    project = Project(folder)
    # features.py gets a helper of its own, so that tests can change one that it imports.
    measures = 'MEASURES = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")'
    project.edit(FEATURES, measures, "from pipelines.penguins.measures import MEASURES")
    (folder / HELPER).write_text(f'"""What is measured of a penguin."""\n\n{measures}\n', encoding="utf-8")
    return project


def penguins_that_ran(base: Path) -> Project:
    """Run the penguins once, for all tests of a session that start from a finished run; do not change it."""
    folder = base / "penguins-that-ran"
    if not folder.exists():
        project = copy_project(base / "penguins-that-run")
        said = project.headrace("run", "penguins")
        (project.folder / "said.txt").write_text(f"{said.code}\n{said.out}\n{said.err}", encoding="utf-8")
        project.folder.rename(folder)
    code, _, words = (folder / "said.txt").read_text(encoding="utf-8").partition("\n")
    assert code == "0", words
    return Project(folder)


def copy_of(project: Project, folder: Path) -> Project:
    """Copy a project with its state to another folder."""
    shutil.copytree(project.folder, folder)
    return Project(folder)


def processes_below(pid: int) -> list[int]:
    """List the processes that a process started, and those that they started."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return [found for child in children for found in (child, *processes_below(child))]


def executors_below(pid: int) -> list[int]:
    """List the processes of executors: what the forkservers below a process have forked."""
    return [child for server in processes_below(pid) if _is_forkserver(server) for child in processes_below(server)]


def _is_forkserver(pid: int) -> bool:
    try:
        return b"headrace.workers.forkserver" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def kill_all(process: subprocess.Popen[str]) -> None:
    """Kill a command as a machine that loses its power does: it and all that it started, at once."""
    for pid in (process.pid, *processes_below(process.pid)):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.communicate()
