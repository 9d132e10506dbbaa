"""A page of a thousand runs answers at once; bounds are those of a small machine, doubled."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from headrace.ui.opened import of_database
from tests.ui.conftest import Served, serving
from tests.ui.many import NODES, name_of, write_many

RUNS = 1250
SLACK = 2.0


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("many") / "many.db"
    write_many(file, RUNS)
    return file


@pytest.fixture(scope="module")
def page(file: Path) -> Iterator[Served]:
    with ExitStack() as stack, serving(of_database(str(file), (), stack)) as served:
        yield served


def seconds(call: Callable[[], object], times: int = 5) -> float:
    """Measure the shortest of some calls."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        call()
        found.append(time.perf_counter() - begun)
    return min(found)


@pytest.mark.slow
def test_the_first_answer_takes_less_than_a_second(file: Path) -> None:
    with ExitStack() as stack:
        begun = time.perf_counter()
        shown = of_database(str(file), (), stack)
        with serving(shown) as served:
            answer = served.get("/api/runs")
        taken = time.perf_counter() - begun
    assert (answer["total"], answer["shown"]) == (RUNS, 100)
    assert answer["runs"][0]["headline"]["name"] == "auc"
    assert taken < 1.0 * SLACK


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/api/meta", 0.1),
        ("/api/runs", 0.1),
        ("/api/runs?q=state:FAILED%20param.trials%3E3", 0.1),
        (f"/api/runs/{name_of(600)}", 0.1),
        ("/api/artifacts?type=Model", 0.1),
        (f"/api/lineage?focus={name_of(600)}/Trainer.model&up=2&down=2", 0.05),
        (f"/api/search?q={name_of(600)}", 0.2),
    ],
    ids=lambda value: str(value).partition("?")[0],
)
def test_a_warm_page_answers_at_once(page: Served, path: str, most: float) -> None:
    page.get(path)
    assert seconds(lambda: page.get(path)) < most * SLACK


@pytest.mark.slow
def test_ten_thousand_executions_are_shown_as_a_few_types(page: Served) -> None:
    answer = page.get("/api/lineage")
    assert len(answer["vertices"]) == 2 * len(NODES)
    assert answer["total"] == 2 * RUNS * len(NODES)
    assert page.get("/api/meta")["counts"] == {"runs": RUNS, "executions": RUNS * 8, "artifacts": RUNS * 8}
