"""A pipeline that uses every feature of a declaration."""

from headrace import Function, NodeOptions, Pipeline, Resources, RuntimeParameter, Secret
from tests.parts import (
    Apply,
    Bless,
    Blessing,
    Copy,
    Counting,
    Drift,
    Join,
    Judge,
    Leaking,
    Names,
    Source,
    Spanned,
    Train,
    named,
)

GPU = Resources(cpu="2", memory="4Gi", accelerator="nvidia.com/gpu")


def everything() -> Pipeline:
    """Wire every kind of source, expression, condition and option."""
    least = RuntimeParameter("least", float, 1.0)
    source = Source(texts=["a", RuntimeParameter("word", str, "b")])
    judge = Judge(rows=source.rows, least=1)
    apply = Apply(rows=source.rows, function=Function("tests.parts:named"), work={"n": RuntimeParameter("n", int, 3)})
    drift = Drift(rows=source.rows)
    model = Train(rows=apply.made, options=NodeOptions(after=[judge, drift], cache="refresh", retries=2, backoff=0.5))
    bless = Bless(model=model.model, least=least)
    good = bless.blessing[Blessing.blessed].equals(True)
    counting = Counting(
        ledger="served", text="x", options=NodeOptions(when=good & ~least.at_least(9.0) | good, timeout=3.0)
    )
    remote = NodeOptions(cache="off", beam_args=["--a", "1"], resources=GPU)
    leaking = Leaking(password=Secret("PASSWORD"), how="", options=remote)
    renamed = Source(texts=[bless.blessing[Blessing.model]], options=named("Renamed"))
    join = Join(first=renamed.rows, others=[source.rows, counting.made], options=named("All", run_if="always"))
    dynamic = Source(texts=source.listed[Names.names], options=named("Dynamic"))
    nodes = [source, judge, apply, drift, model, bless, counting, leaking, renamed, join, dynamic]
    return Pipeline("everything", [*nodes, Spanned(folder="in")], on_exit=Copy(rows=source.rows, options=named("Last")))
