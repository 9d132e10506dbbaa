"""A secret is hidden in every form in which programs print it."""

import json
import time

import pytest

from headrace.workers.hidden import hide

SECRET = """-----BEGIN KEY-----
it's "quoted" \\ with\ttabs
ümläut-und-mehr
short
-----END KEY-----
"""


@pytest.mark.parametrize(
    "printed",
    [
        SECRET,
        SECRET.strip(),
        repr(SECRET),
        repr(SECRET.encode()),
        repr({"key": SECRET, "other": b"x"}),
        json.dumps({"key": SECRET}),
        json.dumps({"key": SECRET}, ensure_ascii=False),
        SECRET.replace("\n", "\n    "),
        repr(SECRET.splitlines()),
        repr(SECRET.encode().splitlines()),
        repr("it's \"" + "it's-a-password"),
    ],
    ids=lambda text: repr(text)[:30],
)
def test_no_form_of_a_secret_is_left(printed: str) -> None:
    left = hide(printed, {SECRET, "it's-a-password"})
    assert not any(part in left for part in ("KEY", "quoted", "tabs", "mehr", "password"))


def test_short_lines_and_forms_of_short_secrets_stay() -> None:
    assert hide("a short word\nand\\n", {"short\nlong-enough", "\n"}) == "a short word***and\\n"
    assert hide("abc", {""}) == "abc"


def test_a_secret_that_begins_with_another_is_hidden_whole() -> None:
    secrets = {f"word{number}" for number in ("", *range(20))}
    assert hide(" ".join(sorted(secrets)), secrets) == " ".join(["***"] * 21)


def test_the_time_grows_with_the_text() -> None:
    secret = "\n".join(f"line-{number:060}" for number in range(50))
    text = "line-" + "0" * 59 + "\n"

    def seconds(lines: int) -> float:
        began = time.process_time()
        hide(text * lines, {secret})
        return time.process_time() - began

    seconds(10)
    assert seconds(16_000) < 40 * max(seconds(1_600), 0.005)
