"""A pod's slice of the spec: exact both ways, one word, of a bounded size."""

import random

import pytest

from headrace import Pipeline
from headrace.errors import ConfigError, SpecError
from headrace.kubeflow.slice import LIMIT, Slice, pack, unpack
from headrace.spec.from_pipeline import spec_of
from tests.parts import Source, named
from tests.spec.pipelines import everything

EVERYTHING = Slice(spec_of(everything()), "Train", "d" * 64)


def test_the_round_trip_is_exact() -> None:
    assert unpack(pack(EVERYTHING)) == EVERYTHING


def test_it_is_one_word_without_braces() -> None:
    """Argo would read braces as its own placeholders."""
    text = pack(EVERYTHING)
    assert not {*"{} \n'\""} & {*text}
    assert pack(EVERYTHING) == text


def test_a_spec_too_large_names_the_node_and_what_to_do() -> None:
    noise = random.Random(0).randbytes(LIMIT).hex()
    spec = spec_of(Pipeline("p", [Source(texts=["a"]), Source(texts=[noise], options=named("Large"))]))
    with pytest.raises(
        ConfigError, match=r"the pod of 'p' takes 1\d\d,\d\d\d bytes.*'Large'; expected at most 100,000"
    ):
        pack(Slice(spec))


@pytest.mark.parametrize("text", ["", "no", "{}", "bm8="], ids=["empty", "short", "JSON", "not compressed"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(SpecError, match=r"--slice .*expected what headrace compile wrote\. Compile again"):
        unpack(text)
