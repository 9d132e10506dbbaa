"""Pusher: what it shows, what it never shows, and what it does the second time."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from components.pusher import Pusher
from components.pusher.driver import only_if_blessed
from components.pusher.executor import push
from components.pusher.publisher import name_where_it_is_served
from headrace.artifacts.evaluation import ModelBlessing
from headrace.artifacts.model import Model
from headrace.artifacts.preview import read_preview
from headrace.artifacts.pushed_model import PushedModel
from headrace.dsl.pipeline import Pipeline
from headrace.errors import ConflictError, DataError, UnfitEnvironment
from headrace.metadata.reader import Nothing
from headrace.metadata.records import Cached, Complete
from headrace.serving.destination import locked, roll_back, show, stage, versions
from headrace.serving.model import load_model
from headrace.serving.requests import write_requests
from headrace.spec.from_pipeline import spec_of
from headrace.spec.messages import ArtifactRecord, Canceled, Invocation, NodeRun, Ready, Skip, Succeeded
from headrace.storage.digest import content_digest, manifest_of
from headrace.storage.folder_root import FolderRoot
from headrace.testing import given
from headrace.workers.pool import Pool
from tests.components.evaluation_cases import make_model
from tests.conftest import Lab as Runs


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("pusher") / "model").path


@dataclass
class Lab:
    """A destination, and models that differ in a byte."""

    folder: Path
    saved: Path
    pushes: int = 0

    @property
    def served(self) -> Path:
        return self.folder / "served"

    def model(self, name: str, span: int = 1) -> Model:
        model = Model(self.folder / name, {"span": span})
        if not model.path.exists():
            shutil.copytree(self.saved, model.path)
            (model.serving / "assets").mkdir(exist_ok=True)
            (model.serving / "assets" / "name.txt").write_text(name)
        return model

    def push(
        self, model: Model, *, keep: int = 0, signature: str = "serving_default", blessing: ModelBlessing | None = None
    ) -> PushedModel:
        self.pushes += 1
        pushed = PushedModel(self.folder / f"pushed{self.pushes}")
        pushed.path.mkdir()
        push(model, blessing, str(self.served), signature, keep, 60, 4096, pushed)
        return pushed

    def show(self, model: Model) -> int:
        """Put a model there without a canary, which takes seconds."""
        with locked(self.served):
            return show(self.served, stage(self.served, model.serving, digest(model), model.span))

    def visible(self) -> list[str]:
        return sorted(entry.name for entry in self.served.iterdir()) if self.served.exists() else []


@pytest.fixture
def lab(tmp_path: Path, saved: Path) -> Lab:
    return Lab(tmp_path, saved)


def digest(model: Model) -> str:
    return content_digest(manifest_of(model.path), model.properties)


def test_shows_a_model_as_tensorflow_serving_reads_it(lab: Lab) -> None:
    pushed = lab.push(model := lab.model("one"))
    loaded = tf.saved_model.load(str(lab.served / "1"))
    assert sorted(loaded.signatures) == ["features", "serving_default"]
    assert lab.visible() == [".headrace.lock", "1"]
    assert [(found.version, found.model, found.span) for found in versions(lab.served)] == [(1, digest(model), 1)]
    assert (pushed.pushed_version, pushed.span) == (1, 1)
    assert "saved_model.pb" in json.loads(pushed.file.read_text())["files"]
    preview = read_preview(pushed.preview_file)
    assert preview is not None
    assert preview["summary"] == f"version 1 in {lab.served}"


def test_the_next_version_is_above_every_other(lab: Lab) -> None:
    (lab.served / "1700000000").mkdir(parents=True)
    (lab.served / "notes").mkdir()
    assert lab.show(lab.model("one")) == 1700000001


def test_the_same_model_is_not_shown_twice(lab: Lab) -> None:
    assert lab.show(model := lab.model("one")) == lab.push(model).pushed_version == 1
    assert lab.visible() == [".headrace.lock", "1"]


def test_a_damaged_version_is_not_taken_for_the_model(lab: Lab) -> None:
    lab.show(lab.model("one"))
    (lab.served / "1" / "assets" / "name.txt").write_text("changed")
    assert lab.push(lab.model("one")).pushed_version == 2


def test_keeps_the_newest_versions_and_what_others_put_there(lab: Lab) -> None:
    (lab.served / "1").mkdir(parents=True)
    for name in ("one", "two", "three"):
        lab.show(lab.model(name))
    assert lab.push(lab.model("three"), keep=2).pushed_version == 4
    assert [found.version for found in versions(lab.served)] == [1, 3, 4]
    assert lab.push(lab.model("two"), keep=1).pushed_version == 3
    assert [found.version for found in versions(lab.served)] == [1, 3, 4]


def test_shows_nothing_when_the_canary_fails(lab: Lab) -> None:
    shutil.rmtree((model := lab.model("one")).serving / "variables")
    with pytest.raises(DataError, match=r"the model cannot be served: .*one/Format-Serving cannot be loaded") as raised:
        lab.push(model)
    assert "\n" not in str(raised.value)
    assert "nothing was pushed" in str(raised.value)
    assert lab.visible() == [".headrace.lock"]


def test_a_copy_answers_as_the_model_did_when_it_was_judged(lab: Lab) -> None:
    blessing = ModelBlessing(lab.folder / "blessing")
    blessing.path.mkdir()
    request = {"x": np.array([[1.0], [-1.0]], dtype=np.float32), "kind": np.array([b"a", b"b"], dtype=object)}
    model = load_model((candidate := lab.model("one")).serving, "features")
    write_requests(blessing.requests, "features", request, model.ask(request))
    assert lab.push(candidate, blessing=blessing).pushed_version == 1


def test_says_that_a_destination_cannot_be_written(lab: Lab) -> None:
    lab.served.write_text("a file")
    with pytest.raises(UnfitEnvironment, match=r"served cannot take the model: .*; expected a folder"):
        lab.push(lab.model("one"))


PUSH = """
import resource, sys
from pathlib import Path
from components.pusher.executor import push
from headrace.artifacts.model import Model
from headrace.artifacts.pushed_model import PushedModel
model, served, pushed, limit = sys.argv[1:]
if int(limit):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
try:
    push(Model(Path(model), {"span": 1}), None, served, "serving_default", 0, 60, 4096, PushedModel(Path(pushed)))
except Exception as error:
    print(type(error).__name__, error)
"""


def push_elsewhere(lab: Lab, model: Model, limit: int = 0) -> subprocess.Popen[str]:
    (lab.folder / "elsewhere").mkdir(exist_ok=True)
    arguments = [str(model.path), str(lab.served), str(lab.folder / "elsewhere"), str(limit)]
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": root}
    return subprocess.Popen(
        [sys.executable, "-c", PUSH, *arguments], stdout=subprocess.PIPE, text=True, env=environment
    )


def test_a_full_disk_leaves_nothing(lab: Lab) -> None:
    process = push_elsewhere(lab, lab.model("one"), limit=1000)
    said, _ = process.communicate(timeout=60)
    assert said.startswith("UnfitEnvironment")
    assert "File too large" in said
    assert said.count("\n") == 1
    assert lab.visible() == [".headrace.lock"]


def test_a_push_killed_half_way_is_done_again(lab: Lab) -> None:
    process = push_elsewhere(lab, lab.model("one"))
    deadline = time.monotonic() + 60
    while not any(name.startswith(".headrace-new-") for name in lab.visible()) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert versions(lab.served) == []
    assert lab.push(lab.model("one")).pushed_version == 1
    assert lab.visible() == [".headrace.lock", "1"]


def driven(lab: Lab, model: Model, blessing: Mapping[str, object] | None = None) -> Ready | Skip:
    """Ask the driver about a model and the properties of its blessing, if there is one."""
    judged = given(ModelBlessing(lab.saved, dict(blessing))) if blessing else None
    node = Pusher(model=given(model), blessing=judged, destination=str(lab.served))
    (spec,) = spec_of(Pipeline("p", [node])).nodes
    return only_if_blessed(NodeRun(pipeline="p", run="r", node=spec, values={}), Nothing(FolderRoot(lab.saved)))


def test_pushes_what_is_blessed_and_what_nobody_judged(lab: Lab) -> None:
    model = lab.model("one")
    for answer in (driven(lab, model), driven(lab, model, {"blessed": True, "model": digest(model)})):
        assert isinstance(answer, Ready)
        assert answer.facts == {"destination": str(lab.served)}
        assert answer.no_reuse == "the destination no longer keeps a version of this model"


@pytest.mark.parametrize(
    ("blessing", "reason"),
    [
        ({"blessed": False, "refusals": ["auc: 0.4", "b"]}, "the model is not blessed: auc: 0.4 (and 1 more)"),
        ({"blessed": True, "model": "another"}, "the model is not blessed: its blessing is another model's"),
    ],
)
def test_skips_what_is_not_blessed(lab: Lab, blessing: Mapping[str, object], reason: str) -> None:
    assert driven(lab, lab.model("one"), blessing) == Skip(reason, refused=True)


def test_an_earlier_push_stands_while_the_destination_keeps_it(lab: Lab) -> None:
    lab.show(model := lab.model("one"))
    lab.show(lab.model("two", span=2))
    answer = driven(lab, model)
    assert isinstance(answer, Ready)
    assert answer.no_reuse == ""


def test_an_older_span_does_not_replace_a_newer_one(lab: Lab) -> None:
    lab.show(lab.model("two", span=2))
    assert driven(lab, lab.model("one")) == Skip("version 1 serves span 2, which is newer than span 1")
    assert isinstance(driven(lab, lab.model("same", span=2)), Ready)


def test_what_was_rolled_back_is_not_pushed_again(lab: Lab) -> None:
    lab.show(model := lab.model("one"))
    roll_back(lab.served, 1)
    assert versions(lab.served) == []
    assert driven(lab, model) == Skip("the model was rolled back")


def test_a_destination_that_changed_meanwhile_is_not_overruled(lab: Lab) -> None:
    lab.show(lab.model("two", span=2))
    with pytest.raises(ConflictError, match="changed after this node was driven: version 1 serves span 2"):
        lab.push(lab.model("one"))


def test_the_publisher_records_where_it_is_served() -> None:
    record = ArtifactRecord(type="Model", layout=1, path="", digest="m", properties={})
    invocation = Invocation(
        executor="",
        inputs={"model": (record,)},
        parameters={"destination": "served"},
        functions={},
        outputs={},
        beam_args=(),
        project="",
        work="",
    )
    made = name_where_it_is_served(invocation, Succeeded({"pushed_model": {"pushed_version": 3}}))
    assert isinstance(made, Succeeded)
    assert made.properties["pushed_model"] == {"pushed_version": 3, "destination": "served", "model": "m"}
    assert name_where_it_is_served(invocation, Canceled("Ctrl-C")) == Canceled("Ctrl-C")


def test_a_run_pushes_once_and_again_when_the_version_is_gone(lab: Lab, pool: Pool) -> None:
    runs = Runs(lab.folder / "runs", pool)
    node = Pusher(model=given(lab.model("one")), destination=str(lab.served))

    def status() -> object:
        (execution,) = runs.run(node).executions.values()
        return execution.status

    first = status()
    assert first == Complete()
    assert isinstance(status(), Cached)
    shutil.rmtree(lab.served / "1")
    assert status() == Complete()
    roll_back(lab.served, 1)
    assert status() == Skip("the model was rolled back")
