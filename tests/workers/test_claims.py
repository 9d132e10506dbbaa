"""Claims: of two that want the same key, one works."""

import json
import threading
from dataclasses import asdict, replace
from pathlib import Path

from headrace.workers.claims import FileClaims
from headrace.workers.lease import this_process

KEY = "a" * 64


def test_one_of_two_has_the_claim(tmp_path: Path) -> None:
    with FileClaims(tmp_path).claimed(KEY) as mine:
        assert (mine, FileClaims(tmp_path).is_claimed(KEY)) == (True, True)
        with FileClaims(tmp_path).claimed(KEY) as other, FileClaims(tmp_path).claimed("b" * 64) as another_key:
            assert (other, another_key) == (False, True)
        assert FileClaims(tmp_path).is_claimed(KEY)
        assert FileClaims(tmp_path).is_held_after_watching(KEY)
    assert not FileClaims(tmp_path).is_claimed(KEY)
    assert not FileClaims(tmp_path).is_held_after_watching(KEY)
    assert [*tmp_path.iterdir()] == []


def test_a_claim_is_given_back_when_the_work_fails(tmp_path: Path) -> None:
    try:
        with FileClaims(tmp_path).claimed(KEY):
            raise ValueError
    except ValueError:
        pass
    assert not FileClaims(tmp_path).is_claimed(KEY)


def test_after_a_dead_holder_comes_the_next_number(tmp_path: Path) -> None:
    dead = replace(this_process(), born="1")
    (tmp_path / f"{KEY}.3").write_text(json.dumps(asdict(dead)), encoding="utf-8")
    assert not FileClaims(tmp_path).is_claimed(KEY)
    with FileClaims(tmp_path).claimed(KEY) as mine:
        assert mine
        assert [file.name for file in tmp_path.iterdir()] == [f"{KEY}.4"]


def test_many_threads_that_want_one_key_get_one_claim_at_a_time(tmp_path: Path) -> None:
    inside, most, errors = 0, 0, list[Exception]()
    guard = threading.Lock()

    def work() -> None:
        nonlocal inside, most
        try:
            for _ in range(100):
                with FileClaims(tmp_path).claimed(KEY) as mine:
                    if mine:
                        with guard:
                            inside += 1
                            most = max(most, inside)
                        with guard:
                            inside -= 1
        except OSError as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert most == 1
    assert [*tmp_path.iterdir()] == []
