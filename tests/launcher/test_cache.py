"""When an earlier result stands for a new one, and what says why not."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ml_metadata.proto import metadata_store_pb2 as pb

from headrace import Function, RuntimeParameter, latest
from headrace.dsl.component import Component
from headrace.launcher.cache import why
from headrace.launcher.decide import CacheRules
from headrace.metadata.records import Cached, CacheKey, Complete, Execution
from headrace.orchestrators.request import Finished
from headrace.spec.messages import Invocation, Result, Succeeded
from tests.conftest import Lab
from tests.parts import (
    Bless,
    Copy,
    Count,
    Counting,
    Drift,
    FileSource,
    Join,
    Misbehaving,
    Rows,
    Source,
    Train,
    Warm,
    named,
)


def counted(*texts: str) -> tuple[Source, Count]:
    source = Source(texts=texts)
    return source, Count(rows=source.rows)


def changed(before: Execution, after: Execution) -> list[str]:
    """Name the parts in which two keys differ."""
    assert after.key is not None
    return [line.partition(":")[0] for line in why(before.key, after.key)]


def test_reuses_when_nothing_changed(lab: Lab) -> None:
    first, again = lab.run(*counted("a")).executions, lab.run(*counted("a")).executions
    assert [e.status for e in first.values()] == [Complete()] * 2
    assert [e.status for e in again.values()] == [Cached(first[name].id) for name in ("Source", "Count")]
    assert [e.outputs for e in again.values()] == [e.outputs for e in first.values()]


@pytest.mark.parametrize(
    ("node", "parts"),
    [
        (Source(texts=["b"]), ["parameter texts"]),
        (Source(texts=["a"], span=2), ["parameter span"]),
        (Source(texts=["a", "b"], span=3), ["parameter span", "parameter texts"]),
    ],
    ids=["texts", "span", "both"],
)
def test_a_changed_parameter_misses_by_name(lab: Lab, node: Source, parts: list[str]) -> None:
    first, second = (lab.run(n).executions["Source"] for n in (Source(texts=["a"]), node))
    assert second.status == Complete()
    assert changed(first, second) == parts


def test_a_changed_input_misses_by_name_and_index(lab: Lab) -> None:
    one, two = Source(options=named("one")), Source(texts=["b"], options=named("two"))
    straight = lab.run(one, two, Join(others=[one.rows, two.rows])).executions["Join"]
    swapped = lab.run(one, two, Join(others=[two.rows, one.rows])).executions["Join"]
    assert changed(straight, swapped) == ["input others[0]", "input others[1]"]
    assert changed(swapped, lab.run(one, two, Join(others=[two.rows])).executions["Join"]) == ["input others[1]"]


def test_a_changed_component_version_misses(lab: Lab) -> None:
    class Source2(Source):
        """The same, remade."""

        component_id = "Source"
        component_version = 2

    first, second = lab.run(Source()).executions["Source"], lab.run(Source2()).executions["Source2"]
    assert changed(first, second) == ["component"]


def say_two(invocation: Invocation, result: Result) -> Result:  # noqa: ARG001  a publisher's arguments
    assert isinstance(result, Succeeded)
    return result.with_property("rows", Rows.span, 2)


def say_three(invocation: Invocation, result: Result) -> Result:  # noqa: ARG001  a publisher's arguments
    assert isinstance(result, Succeeded)
    return result.with_property("rows", Rows.span, 3)


def test_another_publisher_of_the_same_file_misses(lab: Lab) -> None:
    class Two(Source):
        """The span is two."""

        component_id = "Said"
        publisher = Function.of(say_two)

    class Three(Source):
        """The span is three."""

        component_id = "Said"
        publisher = Function.of(say_three)

    first, second = lab.run(Two()).executions["Two"], lab.run(Three()).executions["Three"]
    assert changed(first, second) == ["function publisher"]
    assert second.outputs["rows"][0].properties["span"] == 3


def test_same_bytes_leave_what_is_below_cached(lab: Lab) -> None:
    """Early cut-off: the blank is not in the rows."""
    first, second = (lab.run(*counted(text)).executions for text in ("a", "a "))
    assert (second["Source"].status, second["Count"].status) == (Complete(), Cached(first["Count"].id))


def test_properties_are_content_of_an_empty_folder(lab: Lab) -> None:
    first, second = (lab.run(*counted(*texts)).executions["Count"] for texts in ("a", "ab"))
    assert first.outputs["counts"][0].digest != second.outputs["counts"][0].digest


def test_names_of_pipeline_run_and_node_are_in_no_key(lab: Lab) -> None:
    first = lab.run(Source(), name="one").executions["Source"]
    again = lab.run(Source(options=named("Elsewhere")), name="other").executions["Elsewhere"]
    assert again.status == Cached(first.id)


def test_retries_timeouts_and_beam_arguments_are_in_no_key(lab: Lab) -> None:
    lab.run(Source())
    options = named("Source", retries=3, timeout=60.0, beam_args=["--direct_num_workers=2"])
    assert lab.states(Source(options=options)) == {"Source": "CACHED"}


def test_a_location_is_recorded_and_a_fact_stands_for_it(lab: Lab) -> None:
    one, two = lab.folder / "one.txt", lab.folder / "two.txt"
    for file in (one, two):
        file.write_text("a\n", encoding="utf-8")
    first = lab.run(FileSource(file=str(one))).executions["FileSource"]
    moved = lab.run(FileSource(file=str(two))).executions["FileSource"]
    assert (moved.status, moved.parameters["file"]) == (Cached(first.id), str(two))
    two.write_text("b\n", encoding="utf-8")
    assert changed(first, lab.run(FileSource(file=str(two))).executions["FileSource"]) == ["fact digest"]


def test_touching_a_source_changes_nothing(lab: Lab) -> None:
    file = lab.folder / "one.txt"
    file.write_text("a\n", encoding="utf-8")
    node = FileSource(file=str(file))
    lab.run(node)
    file.touch()
    assert lab.states(node) == {"FileSource": "CACHED"}


def test_a_driver_can_refuse_reuse_and_says_why(lab: Lab) -> None:
    file = lab.folder / "volatile.txt"
    file.write_text("a\n", encoding="utf-8")
    lab.run(FileSource(file=str(file)))
    again = lab.run(FileSource(file=str(file))).executions["FileSource"]
    assert (again.status, again.note) == (Complete(), "the file is never the same")


def test_cache_off_neither_looks_nor_offers(lab: Lab) -> None:
    off = Source(options=named("Source", cache="off"))
    assert [lab.states(off), lab.states(off), lab.states(Source())] == [{"Source": "COMPLETE"}] * 3
    assert [lab.states(off), lab.states(Source())] == [{"Source": "COMPLETE"}, {"Source": "CACHED"}]


def test_cache_refresh_does_not_look_and_offers(lab: Lab) -> None:
    first = lab.run(Source()).executions["Source"]
    fresh = lab.run(Source(options=named("Source", cache="refresh"))).executions["Source"]
    assert fresh.status == Complete()
    assert lab.run(Source()).executions["Source"].status == Cached(fresh.id)
    assert lab.run(Source(), rules=CacheRules(refresh=True)).executions["Source"].status == Complete()
    assert fresh.id > first.id


@pytest.mark.parametrize("what", ["folder", "file", "manifest", "half"])
def test_what_is_gone_becomes_deleted_and_is_made_again(lab: Lab, what: str) -> None:
    made = lab.run(Source()).executions["Source"].outputs["rows"][0]
    folder = Path(made.path)
    match what:
        case "folder":
            shutil.rmtree(folder)
        case "file":
            (folder / "rows.txt").unlink()
        case "manifest":
            folder.with_name("rows.manifest.json").unlink()
        case "half":
            folder.with_name("rows.manifest.json").write_text('{"ro', encoding="utf-8")
    again = lab.run(Source()).executions["Source"]
    assert (again.status, again.note.endswith("is damaged" if what == "half" else "is gone")) == (Complete(), True)
    assert state_of(lab, made.id) == pb.Artifact.DELETED
    assert state_of(lab, again.outputs["rows"][0].id) == pb.Artifact.LIVE
    assert again.outputs["rows"][0].digest == made.digest


def state_of(lab: Lab, artifact: int) -> int:
    (found,) = lab.store.connection.mlmd.get_artifacts_by_id([artifact])
    return int(found.state)


def edit(made: Finished) -> Path:
    file = Path(made.executions["Source"].outputs["rows"][0].path) / "rows.txt"
    file.write_text("b\n", encoding="utf-8")
    return file


def test_what_was_edited_is_found_by_verify_only(lab: Lab) -> None:
    first = lab.run(Source())
    edit(first)
    assert lab.states(Source()) == {"Source": "CACHED"}
    verified = lab.run(Source(), rules=CacheRules(verify=True)).executions["Source"]
    assert verified.status == Complete()
    assert state_of(lab, first.executions["Source"].outputs["rows"][0].id) == pb.Artifact.DELETED
    assert lab.run(Source()).executions["Source"].status == Cached(verified.id)


def test_what_verify_found_changed_is_not_reused_by_a_run_that_does_not_verify(lab: Lab) -> None:
    first = lab.run(Source())
    edit(first)
    lab.store.mark_deleted(first.executions["Source"].outputs["rows"])
    assert lab.states(Source()) == {"Source": "COMPLETE"}


def test_an_older_result_that_is_intact_stands_when_the_newest_is_gone(lab: Lab) -> None:
    first = lab.run(Source()).executions["Source"]
    second = lab.run(Source(), rules=CacheRules(refresh=True)).executions["Source"]
    shutil.rmtree(Path(second.outputs["rows"][0].path).parent)
    assert lab.run(Source()).executions["Source"].status == Cached(first.id)


def test_only_complete_executions_are_reused(lab: Lab) -> None:
    node = Misbehaving(how="recover", memory=str(lab.folder / "memory"))
    assert [lab.states(node)["Misbehaving"] for _ in range(3)] == ["FAILED", "COMPLETE", "CACHED"]


def test_an_accelerator_is_recorded_and_in_no_key(lab: Lab) -> None:
    def nodes(*texts: str) -> list[Component]:
        source = Source(texts=texts, options=named("Feed"))
        return [source, Warm(options=named("Warm", after=[source]))]

    first = lab.run(*nodes("a")).executions["Warm"]
    second = lab.run(*nodes("b")).executions["Warm"]
    assert (first.inputs["earlier"], len(second.inputs["earlier"])) == ((), 1)
    assert (second.status, second.resolvers) == (Cached(first.id), {"earlier": "latest"})


def test_what_stands_beside_an_accelerator_is_in_the_key(lab: Lab) -> None:
    def joined(text: str) -> Execution:
        source = Source(texts=[text])
        return lab.run(source, Join(others=[source.rows, latest(Rows, keyed=False)])).executions["Join"]

    joined("a")
    again = joined("b")
    assert (again.status, "input others[0]" in (again.key.parts if again.key else {})) == (Complete(), True)


def test_a_keyed_resolver_is_in_the_key(lab: Lab) -> None:
    def drift(span: int, *texts: str) -> Execution:
        source = Source(texts=texts, span=span)
        return lab.run(source, Drift(rows=source.rows)).executions["Drift"]

    alone = drift(2, "b")
    drift(1, "a")
    compared = drift(2, "b")
    assert (alone.inputs["before"], len(compared.inputs["before"])) == ((), 1)
    assert changed(alone, compared) == ["input before[0]"]
    assert drift(2, "b").status == Cached(compared.id)


def test_a_volatile_output_is_recorded_and_in_no_digest(lab: Lab) -> None:
    source = Source()
    train = Train(rows=source.rows)
    one = lab.run(source, train).executions["Train"].outputs["journal"][0]
    two = lab.run(source, train, rules=CacheRules(refresh=True)).executions["Train"].outputs["journal"][0]
    assert [p.name for p in Path(one.path).iterdir()] != [p.name for p in Path(two.path).iterdir()]
    assert (one.digest, one.size > 0) == (two.digest, True)


def test_a_value_enters_only_the_keys_of_nodes_that_use_it(lab: Lab) -> None:
    source = Source(texts=["a"])
    model = Train(rows=source.rows)
    bless = Bless(model=model.model, least=RuntimeParameter("least", float, 0.0))
    lab.run(source, model, bless)
    states = lab.states(source, model, bless, values={"least": 0.5})
    assert states == {"Source": "CACHED", "Train": "CACHED", "Bless": "COMPLETE"}


def test_two_nodes_of_one_key_compute_once(lab: Lab) -> None:
    ledger = lab.folder / "ledger"
    one, two = (Counting(ledger=str(ledger), seconds=0.3, options=named(name)) for name in ("one", "two"))
    assert sorted(lab.states(one, two).values()) == ["CACHED", "COMPLETE"]
    assert ledger.read_text(encoding="utf-8") == "called\n"


def test_a_reused_result_feeds_what_is_below(lab: Lab) -> None:
    source = Source(texts=["a", "b"])
    lab.run(source)
    copy = lab.run(source, Copy(rows=source.rows)).executions["Copy"]
    assert copy.status == Complete()
    assert (Path(copy.outputs["copied"][0].path) / "rows.txt").read_text(encoding="utf-8") == "a\nb\n"


KEY = CacheKey({"a": "1", "b": "x" * 300}, {"m": "0" * 64})


def test_why_shows_old_and_new_shortened() -> None:
    assert why(None, KEY) == ["it has not run before"]
    assert why(KEY, KEY) == []
    after = CacheKey({"a": "2", "c": "3", "b": "y" * 300}, {"m": "1" * 64})
    assert why(KEY, after) == [
        "a: 1 -> 2",
        f"b: {'x' * 200} -> {'y' * 200}",
        "c: nothing -> 3",
        f"code m: {'0' * 12} -> {'1' * 12}",
    ]


parts = st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3)


@given(parts, parts, parts, parts)
def test_two_keys_are_equal_exactly_when_their_parts_and_code_are(
    one: dict[str, str], two: dict[str, str], code: dict[str, str], other: dict[str, str]
) -> None:
    first, second = CacheKey(one, code), CacheKey(two, other)
    assert (first.digest == second.digest) == (one == two and sorted(code.values()) == sorted(other.values()))
    assert replace(first, parts=dict(reversed(one.items()))).digest == first.digest


def test_cached_executions_do_not_make_a_look_up_longer(lab: Lab) -> None:
    key = lab.run(Source()).executions["Source"].key
    assert [lab.states(Source())["Source"] for _ in range(3)] == ["CACHED"] * 3
    assert len(lab.store.with_key(key.digest if key else "").reusable) == 1
