from pathlib import Path

import pytest

from headrace.errors import ExitCode, UnknownReference
from headrace.lineage.reference import resolve, resolve_run
from headrace.lineage.shelf import Records
from headrace.metadata.catalogue import Catalogue
from headrace.metadata.records import Execution, Run, StoredArtifact
from headrace.workers.pool import Pool
from tests.conftest import Lab
from tests.lineage.conftest import History
from tests.parts import Source, named


@pytest.fixture(params=["store", "snapshot"])
def shelf(request: pytest.FixtureRequest, history: History) -> Records:
    """References mean the same in a store and in a snapshot of it."""
    return history.catalogue if request.param == "store" else history.snapshot()


def name_of(text: str, shelf: Records, here: Path) -> str:
    found = resolve(text, shelf, here)
    match found:
        case Run():
            return found.id
        case Execution() | StoredArtifact():
            return found.name


def refused(text: str, shelf: Records) -> str:
    with pytest.raises(UnknownReference) as caught:
        resolve(text, shelf, Path("/"))
    assert caught.value.exit_code == ExitCode.REFERENCE
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "run", "rest"),
    [
        ("@latest", "longer", ""),
        ("@prev", "spaced", ""),
        ("test@latest", "longer", ""),
        ("broken@latest", "broken", ""),
        ("@latest/Train", "longer", "/Train/1"),
        ("@latest/Train/1", "longer", "/Train/1"),
        ("Train", "longer", "/Train/1"),
        ("Train.model", "longer", "/Train/1/model[0]"),
        ("@latest/Train.model", "longer", "/Train/1/model[0]"),
        ("@prev/Train.model", "first", "/Train/1/model[0]"),
        ("@latest/Source.rows[0]", "longer", "/Source/1/rows[0]"),
        ("Model@latest", "longer", "/Train/1/model[0]"),
        ("Model@blessed", "longer", "/Train/1/model[0]"),
        ("Model@quality=2.0", "first", "/Train/1/model[0]"),
        ("Rows@span=1", "longer", "/Source/1/rows[0]"),
    ],
)
def test_finds(text: str, run: str, rest: str, shelf: Records, history: History) -> None:
    assert name_of(text, shelf, Path("/")) == f"{getattr(history, run).id}{rest}"


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("@prv", "Try @prev"),
        ("@lates", "Try @latest"),
        ("@prv/Train.model", "Try @prev/Train.model"),
        ("test@prv", "Try test@prev"),
    ],
)
def test_a_run_that_is_spelled_wrong_offers_those_of_runs(text: str, offered: str, shelf: Records) -> None:
    assert offered in refused(text, shelf)
    with pytest.raises(UnknownReference, match=offered):
        resolve_run(text, shelf)


def test_finds_by_number_and_by_the_beginning_of_an_id(shelf: Records, history: History) -> None:
    train = history.execution(history.first, "Train")
    model = history.artifact(history.first, "Train", "model")
    assert name_of(f"execution:{train.id}", shelf, Path("/")) == train.name
    assert name_of(f"artifact:{model}", shelf, Path("/")) == f"{train.name}/model[0]"
    assert name_of(history.first.id[:-1], shelf, Path("/")) == history.first.id
    assert resolve_run(f"{history.first.id[:-1]}/Train", shelf).id == history.first.id


def test_finds_by_path_and_by_a_file_in_it(shelf: Records, history: History) -> None:
    model = history.execution(history.first, "Train").outputs["model"][0]
    name = f"{history.first.id}/Train/1/model[0]"
    here = Path(model.path).parent
    for text in (model.path, f"{model.path}/weights", "./model", f"file://{model.path}"):
        assert name_of(text, shelf, here) == name


def test_an_ambiguous_reference_lists_the_candidates(shelf: Records, history: History) -> None:
    message = refused(history.first.id[:2], shelf)
    assert "fits 5 runs" in message
    assert history.longer.id in message
    folder = str(Path(history.execution(history.first, "Train").outputs["model"][0].path).parent)
    assert "fits 2 artifacts" in refused(folder, shelf)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Trian", "Try Train"),
        ("@latest/Trian", "Try Train"),
        ("@latest/Train.modl", "Try model"),
        ("@latest/Train.model[3]", "Train.model[0]"),
        ("@latest/Train/7", "no attempt 7 of 'Train'"),
        ("Modl@latest", "Try Model"),
        ("Model@best", "Try latest"),
        ("Rows@span=2", "Try Rows@span=1"),
        ("Counts@latest", "no artifact of type 'Counts'"),
        ("artifact:99999", "headrace ls artifacts"),
        ("execution:99999", "headrace ls executions"),
        ("no/such/path", "nothing is called 'no/such/path'"),
        ("", "nothing is called ''"),
    ],
)
def test_an_unknown_reference_offers_the_closest(text: str, said: str, shelf: Records) -> None:
    assert said in refused(text, shelf)


def test_the_first_run_of_a_pipeline_has_none_before_it(history: History) -> None:
    assert "broken@prev" in refused("broken@prev", history.catalogue)


def test_a_property_that_several_outputs_share_lists_the_newest_of_each(tmp_path: Path, pool: Pool) -> None:
    lab = Lab(tmp_path, pool, project=tmp_path)
    runs = [
        lab.run(*(Source(texts=[*texts, n], options=named(n)) for n in ("One", "Other"))).run for texts in ("a", "b")
    ]
    said = refused("Rows@span=1", Catalogue(lab.store))
    assert "'Rows@span=1' fits 2 outputs: " in said
    assert all(f"{runs[1].id}/{name}.rows" in said for name in ("One", "Other"))
