"""Bare components whose executors the tests run in real child processes."""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path

from headrace import (
    Artifact,
    Channel,
    Component,
    Function,
    Location,
    NodeOptions,
    Parameter,
    Property,
    latest,
    latest_blessed,
    output,
    previous_span,
)
from headrace.errors import UsageError
from headrace.launcher.drive import resolve_inputs
from headrace.metadata.reader import Reader
from headrace.progress import report
from headrace.spec.messages import Invocation, NodeRun, Ready, Result, Skip, Succeeded
from headrace.spec.records import Json
from headrace.storage.digest import file_sha256


class Rows(Artifact):
    """Lines of text."""

    system_type = "DATASET"
    span = Property(int)
    names = Property(list[str])

    def write(self, lines: Sequence[str]) -> None:
        (self.path / "rows.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def read(self) -> list[str]:
        return (self.path / "rows.txt").read_text(encoding="utf-8").splitlines()


class Names(Artifact):
    """A list of names, as a property of an empty folder."""

    names = Property(list[str])


class Counts(Artifact):
    """A number, as a property of an empty folder."""

    number = Property(int)


class Verdict(Artifact):
    """Whether what depends on it may run."""

    gate = True
    verdict = Property(str)


class Trained(Artifact):
    """A model: its bytes are its quality."""

    type_id = "Model"
    span = Property(int)
    quality = Property(float)


class Blessing(Artifact):
    """Whether a model may be used; it names the model by content."""

    type_id = "ModelBlessing"
    blessed = Property(bool)
    model = Property(str)


class Journal(Artifact):
    """What is named by time: recorded, never digested."""

    volatile = True


def write_rows(texts: Sequence[str], span: int, listed: Names, rows: Rows) -> None:
    listed.names = list(texts)
    rows.span = span
    rows.write([text.strip() for text in texts])


class Source(Component):
    """Write texts as rows, without the blanks around them."""

    texts: Parameter[Sequence[Parameter[str]]] = ("a",)
    span: Parameter[int] = 1
    listed: Channel[Names] = output()
    rows: Channel[Rows] = output()

    executor = Function("tests.parts:write_rows")


def join(first: Rows | None, others: Sequence[Rows], joined: Rows) -> None:
    parts = [one for one in (first, *others) if one]
    joined.write([line for one in parts for line in one.read()])


class Join(Component):
    """Put rows one after the other."""

    first: Channel[Rows] | None = None
    others: Sequence[Channel[Rows]] = ()
    joined: Channel[Rows] = output()

    executor = Function("tests.parts:join")


def copy_rows(rows: Rows, copied: Rows) -> None:
    copied.write(rows.read())


class Copy(Component):
    """Copy rows: it needs its input."""

    rows: Channel[Rows]
    copied: Channel[Rows] = output()

    executor = Function("tests.parts:copy_rows")


def count_rows(rows: Rows, counts: Counts) -> None:
    counts.number = len(rows.read())


class Count(Component):
    """Count rows; what it makes is a property only."""

    rows: Channel[Rows]
    counts: Channel[Counts] = output()

    executor = Function("tests.parts:count_rows")


def judge(rows: Rows, least: int, verdict: Verdict) -> None:
    verdict.verdict = "pass" if len(rows.read()) >= least else "block"


class Judge(Component):
    """A gate: block what depends on it when there are too few rows."""

    rows: Channel[Rows]
    least: Parameter[int]
    verdict: Channel[Verdict] = output()

    executor = Function("tests.parts:judge")


def train(rows: Rows, model: Trained, journal: Journal) -> None:
    model.span, model.quality = rows.span, float(len(rows.read()))
    (model.path / "weights").write_text("\n".join(rows.read()), encoding="utf-8")
    (journal.path / f"{time.time_ns()}").write_text(str(os.getpid()), encoding="utf-8")


class Train(Component):
    """Make a model whose quality is its number of rows."""

    rows: Channel[Rows]
    model: Channel[Trained] = output()
    journal: Channel[Journal] = output()

    process_type = "TRAIN"
    executor = Function("tests.parts:train")


def bless(model: Trained, baseline: Trained | None, least: float, blessing: Blessing) -> None:
    blessing.blessed = model.quality >= least and (baseline is None or model.quality >= baseline.quality)


def name_the_model(invocation: Invocation, result: Result) -> Result:
    if not isinstance(result, Succeeded):
        return result
    return result.with_property("blessing", Blessing.model, invocation.inputs["model"][0].digest)


class Bless(Component):
    """Bless a model that is good, and no worse than the one blessed before it."""

    model: Channel[Trained]
    baseline: Channel[Trained] | None = latest_blessed(Trained, other_than="model")
    least: Parameter[float] = 0.0
    blessing: Channel[Blessing] = output()

    process_type = "EVALUATE"
    executor = Function("tests.parts:bless")
    publisher = Function("tests.parts:name_the_model")


def compare(rows: Rows, before: Rows | None, difference: Counts) -> None:
    difference.number = len(rows.read()) - (len(before.read()) if before else 0)


class Drift(Component):
    """Compare rows with those of the span before: a keyed resolver."""

    rows: Channel[Rows]
    before: Channel[Rows] | None = previous_span(Rows, of="rows")
    difference: Channel[Counts] = output()

    executor = Function("tests.parts:compare")


class Warm(Component):
    """Join rows; the newest of all is an accelerator that it does not need."""

    first: Channel[Rows] | None = None
    others: Sequence[Channel[Rows]] = ()
    earlier: Channel[Rows] | None = latest(Rows, keyed=False)
    joined: Channel[Rows] = output()

    executor = Function("tests.parts:join")


def read_newest(newest: Rows, copied: Rows) -> None:
    copied.write(newest.read())


class Newest(Component):
    """Copy the newest rows of older runs: a keyed resolver that is required."""

    newest: Channel[Rows] = latest(Rows)
    copied: Channel[Rows] = output()

    executor = Function("tests.parts:read_newest")


def die_in_publish(invocation: Invocation, result: Result) -> Result:
    """Kill the launcher, the first time."""
    memory = Path(str(invocation.parameters["ledger"]) + ".published")
    if not memory.exists():
        memory.touch()
        os.kill(os.getpid(), 9)
    return result


def count_a_call(ledger: str, seconds: float, text: str, made: Rows) -> None:
    with Path(ledger).open("a", encoding="utf-8") as file:
        file.write(f"{text}\n")
    time.sleep(seconds)
    made.write([text])


class Counting(Component):
    """Write a line outside the pipeline for every call of its executor."""

    ledger: Parameter[Location]
    seconds: Parameter[float] = 0.0
    text: Parameter[str] = "called"
    made: Channel[Rows] = output()

    executor = Function("tests.parts:count_a_call")


class DyingInPublish(Counting):
    """Count a call; the first time, the launcher dies before its end is recorded."""

    publisher = Function("tests.parts:die_in_publish")


def misbehave(how: str, memory: str, made: Rows) -> None:
    remembered = Path(memory).exists()
    Path(memory).touch()
    match how:
        case "die":
            os._exit(9)
        case "killed":
            os.kill(os.getpid(), 9)
        case "hang once" if remembered:
            made.write(["went on"])
        case "hang" | "hang once":
            time.sleep(600)
        case "refuse":
            raise UsageError(found="a wrong option", expected="a right one", do="Correct it")
        case "speak":
            print("through print", flush=True)
            os.write(2, b"through the number 2\n")
        case "report":
            report("step", 1, 2, "half way")
            time.sleep(0.3)  # the last words of a process that ends at once may be lost
        case "recover" if remembered:
            made.write(["recovered"])
        case "half":
            made.write(["half"])
            raise ValueError("cannot go on")
        case _:
            raise ValueError(f"cannot {how}")


class Misbehaving(Component):
    """Raise, die, hang, recover or go on at the second attempt; `memory` is in no key."""

    how: Parameter[str]
    memory: Parameter[Location]
    made: Channel[Rows] = output()

    executor = Function("tests.parts:misbehave")


def only_if_wanted(node_run: NodeRun, reader: Reader) -> Ready | Skip:
    answer = resolve_inputs(node_run, reader)
    if isinstance(answer, Ready) and not answer.parameters["wanted"]:
        return Skip("nobody wants it", refused=True)
    return answer


def write_nothing(wanted: bool, made: Rows) -> None:
    made.write([])
    assert wanted


class Picky(Component):
    """Skip by its driver unless it is wanted."""

    wanted: Parameter[bool]
    made: Channel[Rows] = output()

    driver = Function("tests.parts:only_if_wanted")
    executor = Function("tests.parts:write_nothing")


def digest_the_file(node_run: NodeRun, reader: Reader) -> Ready | Skip:
    answer = resolve_inputs(node_run, reader)
    if isinstance(answer, Skip):
        return answer
    file = Path(str(answer.parameters["file"]))
    return Ready(
        inputs=answer.inputs,
        parameters=answer.parameters,
        facts={"digest": file_sha256(file)},
        no_reuse="the file is never the same" if file.name == "volatile.txt" else "",
    )


def read_file(file: str, rows: Rows) -> None:
    rows.write(Path(file).read_text(encoding="utf-8").splitlines())


class FileSource(Component):
    """Read a file; its driver's digest stands for its path."""

    file: Parameter[Location]
    rows: Channel[Rows] = output()

    driver = Function("tests.parts:digest_the_file")
    executor = Function("tests.parts:read_file")


def newest_span(node_run: NodeRun) -> Mapping[str, Json]:
    folder = Path(str(node_run.values["folder"]))
    return {"span": max(int(file.stem) for file in folder.iterdir())}


def drive_frozen(node_run: NodeRun, reader: Reader) -> Ready | Skip:
    answer = resolve_inputs(node_run, reader)
    if isinstance(answer, Skip):
        return answer
    return Ready(inputs=answer.inputs, parameters=answer.parameters, facts={"span": str(node_run.frozen["span"])})


def write_empty(folder: str, rows: Rows) -> None:
    assert Path(folder).is_dir()
    rows.write([])


class Spanned(Component):
    """Read the newest span of a folder, asked once a run."""

    folder: Parameter[Location]
    rows: Channel[Rows] = output()

    driver = Function("tests.parts:drive_frozen")
    executor = Function("tests.parts:write_empty")
    freezer = Function("tests.parts:newest_span")


def leak(password: str, how: str, made: Rows) -> None:
    print(f"the password is {password}")
    sys.stderr.write(password)
    os.write(1, f"again {password}\n".encode())
    report("leaking", text=f"with {password}")
    if how == "raise":
        raise ValueError(f"refused {password}")
    made.write([])


class Leaking(Component):
    """Print a secret, and raise it."""

    password: Parameter[str]
    how: Parameter[str]
    made: Channel[Rows] = output()

    executor = Function("tests.parts:leak")


def user_function(rows: Rows, work: Mapping[str, int], function: object, made: Rows) -> None:
    assert callable(function)
    made.write([str(function(line, **work)) for line in rows.read()])


class Apply(Component):
    """Apply a user's function to every row."""

    rows: Channel[Rows]
    function: Parameter[Function]
    work: Parameter[Mapping[str, Parameter[int]]] = field(default_factory=dict)
    made: Channel[Rows] = output()

    executor = Function("tests.parts:user_function")


def named(id: str, **others: object) -> NodeOptions:  # noqa: A002  the option's own name
    """Options with an id."""
    return NodeOptions(id=id, **others)  # type: ignore[arg-type]  # a test passes what NodeOptions takes
