"""The rules of Kubeflow's IR, each of which a backend, Argo or a pod holds against us."""

from dataclasses import replace

import pytest

from headrace import NodeOptions, Resources, RuntimeParameter
from headrace.errors import PipelineError
from headrace.kubeflow.compile import Compilation, compiled
from headrace.kubeflow.document import written
from headrace.kubeflow.slice import unpack
from headrace.spec.from_pipeline import spec_of
from tests.kubeflow.compiling import (
    SETTINGS,
    compile_nodes,
    container_of,
    parse_strictly,
    pod_of,
    slice_in,
    tasks_of,
)
from tests.parts import Copy, Count, Join, Judge, Source, Spanned, Train, named
from tests.spec.pipelines import everything


def test_a_pipeline_of_all_features_is_read_strictly() -> None:
    spec = spec_of(everything())
    values = {name: parameter.default for name, parameter in spec.parameters.items()}
    settings = replace(SETTINGS, defaults=replace(SETTINGS.defaults, secrets={"warehouse": {"password": "PASSWORD"}}))
    parse_strictly(compiled(Compilation(spec, values, settings)))


def test_the_nodes_are_a_group_that_the_closing_task_follows_however_it_ends() -> None:
    documents = compile_nodes(Source())
    root = documents[0]["root"]["dag"]["tasks"]
    assert root.keys() == {"exit-handler-1", "close"}
    assert root["close"]["dependentTasks"] == ["exit-handler-1"]
    assert root["close"]["triggerPolicy"] == {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"}
    status = {"taskFinalStatus": {"producerTask": "exit-handler-1"}}
    assert root["close"]["inputs"]["parameters"]["headrace_final_status"] == status


def test_outcome_waits_for_every_node_and_the_exit_handler_has_no_task() -> None:
    source = Source()
    tasks = tasks_of(
        compile_nodes(source, Count(rows=source.rows), on_exit=Copy(rows=source.rows, options=named("Last")))
    )
    assert tasks.keys() == {"source", "count", "outcome"}
    assert tasks["outcome"]["dependentTasks"] == ["count", "source"]


def test_an_edge_of_data_is_an_artifact_and_an_edge_of_order_is_none() -> None:
    source = Source()
    judge = Judge(rows=source.rows, least=1)
    tasks = tasks_of(compile_nodes(source, judge, Copy(rows=source.rows, options=NodeOptions(after=[judge]))))
    edge = {"taskOutputArtifact": {"producerTask": "source", "outputArtifactKey": "rows"}}
    assert tasks["copy"]["inputs"]["artifacts"] == {"rows": edge}
    assert tasks["copy"]["dependentTasks"] == ["judge", "source"]


def test_each_of_several_sources_is_an_input_of_its_own() -> None:
    one, two = Source(options=named("one")), Source(options=named("two"))
    documents = compile_nodes(one, two, Join(first=one.rows, others=[two.rows, one.rows]))
    read = tasks_of(documents)["join"]["inputs"]["artifacts"]
    producers = {name: part["taskOutputArtifact"]["producerTask"] for name, part in read.items()}
    assert producers == {"first": "one", "others-0": "two", "others-1": "one"}
    assert documents[0]["components"]["comp-join"]["inputDefinitions"]["artifacts"].keys() == producers.keys()


def test_an_artifact_never_shares_its_name_with_a_parameter() -> None:
    """Kubeflow's local runner keeps both in one mapping."""
    rows = RuntimeParameter("rows", str, "a")
    source = Source(texts=[rows])
    tasks = tasks_of(compile_nodes(source, Copy(rows=source.rows)))
    assert [*tasks["copy"]["inputs"]["artifacts"]] == ["rows-0"]


def test_a_node_that_runs_in_any_case_takes_no_artifacts() -> None:
    """What is above it may have made nothing, and Kubeflow's launcher fails on an artifact that is not there."""
    source = Source()
    documents = compile_nodes(source, Copy(rows=source.rows, options=NodeOptions(run_if="always")))
    assert "artifacts" not in tasks_of(documents)["copy"]["inputs"]
    assert tasks_of(documents)["copy"]["dependentTasks"] == ["source"]


def test_placeholders_are_whole_constants_of_parameters() -> None:
    """The driver fills them in there and nowhere else, and a local runner knows only these two."""
    documents = compile_nodes(Source())
    told = tasks_of(documents)["source"]["inputs"]["parameters"]
    assert told["headrace_run"] == {"runtimeValue": {"constant": "{{$.pipeline_job_uuid}}"}}
    assert told["headrace_run_name"] == {"runtimeValue": {"constant": "{{$.pipeline_job_name}}"}}
    assert str(documents).count("{{$.pipeline") == 2 * 3  # the node, outcome and close


def test_every_task_is_given_every_parameter_with_its_type() -> None:
    kinds = [("s", str, "a"), ("i", int, 1), ("f", float, 0.5), ("b", bool, True), ("l", list, [1]), ("d", dict, {})]
    parameters = [RuntimeParameter(name, kind, default) for name, kind, default in kinds]
    documents = compile_nodes(Source(texts=parameters))  # type: ignore[arg-type]  # any value will do
    root = documents[0]["root"]["inputDefinitions"]["parameters"]
    types = ["STRING", "NUMBER_INTEGER", "NUMBER_DOUBLE", "BOOLEAN", "LIST", "STRUCT"]
    assert [root[name]["parameterType"] for name, _, _ in kinds] == types
    assert [root[name]["defaultValue"] for name, _, _ in kinds] == [default for _, _, default in kinds]
    for task in tasks_of(documents).values():
        assert task["inputs"]["parameters"]["i"] == {"componentInputParameter": "i"}


def test_a_source_with_spans_has_an_optional_span() -> None:
    documents = compile_nodes(Spanned(folder="in"))
    span = {"parameterType": "NUMBER_INTEGER", "isOptional": True}
    assert documents[0]["root"]["inputDefinitions"]["parameters"] == {"span": span}
    assert tasks_of(documents)["spanned"]["inputs"]["parameters"]["span"] == {"componentInputParameter": "span"}


@pytest.mark.parametrize(
    ("parameter", "message"),
    [
        (RuntimeParameter("p", tuple, (1,)), "the parameter 'p' of type tuple; expected one of str, int"),
        (RuntimeParameter("p", int, 2**53 + 1), r"the parameter 'p' is 9007199254740993; .*numbers are doubles"),
        (RuntimeParameter("headrace_run", str, ""), "a parameter called 'headrace_run'"),
    ],
    ids=["a tuple", "a large number", "a name of ours"],
)
def test_a_parameter_that_kubeflow_cannot_hold_is_refused(parameter: RuntimeParameter[str], message: str) -> None:
    with pytest.raises(PipelineError, match=message):
        compile_nodes(Source(texts=[parameter]))


def test_a_pod_runs_our_launcher_with_the_paths_of_its_artifacts() -> None:
    source = Source()
    container = container_of(compile_nodes(source, Train(rows=source.rows)), "train")
    assert container["command"] == ["headrace"]
    assert container["args"][:3] == ["pod", "launch", "--slice"]
    assert container["args"][4:] == [
        "--executor-input",
        "{{$}}",
        "--output",
        "model={{$.outputs.artifacts['model'].path}}",
        "--output",
        "journal={{$.outputs.artifacts['journal'].path}}",
    ]


def test_a_slice_holds_its_node_and_those_whose_spans_are_frozen() -> None:
    source = Source()
    documents = compile_nodes(source, Copy(rows=source.rows), Spanned(folder="in"))
    parts = {name: unpack(slice_in(documents, name)) for name in ("copy", "outcome", "close")}
    assert parts["copy"].node == "Copy"
    assert [node.id for node in parts["copy"].spec.nodes] == ["Copy", "Spanned"]
    assert len(parts["outcome"].spec.nodes) == len(parts["close"].spec.nodes) == 3


def test_arguments_for_beam_stand_before_a_nodes_own() -> None:
    settings = replace(SETTINGS, beam_args=("--runner=X", "--a=1"))
    documents = compile_nodes(Source(options=NodeOptions(beam_args=["--a=2"])), settings=settings)
    (node,) = unpack(slice_in(documents, "source")).spec.nodes
    assert node.options.beam_args == ("--runner=X", "--a=1", "--a=2")


def test_kubeflow_retries_with_a_wait_that_doubles() -> None:
    documents = compile_nodes(Source(options=NodeOptions(retries=2, backoff=0.5)))
    policy = tasks_of(documents)["source"]["retryPolicy"]
    assert policy == {
        "maxRetryCount": 2,
        "backoffDuration": "1s",  # the backend takes whole seconds only
        "backoffFactor": 2.0,
        "backoffMaxDuration": "3600s",
    }
    (node,) = unpack(slice_in(documents, "source")).spec.nodes
    assert node.options.retries == 2  # the pod sets it to 0, and laptops retry


def test_kubernetes_ends_only_a_pod_that_outlives_its_timeout() -> None:
    documents = compile_nodes(Source(options=NodeOptions(timeout=10.5)), Source(options=named("Free")))
    assert pod_of(documents, "source")["activeDeadlineSeconds"] == "311"
    assert "activeDeadlineSeconds" not in pod_of(documents, "free")


def test_kubeflows_cache_is_off() -> None:
    assert all(task["cachingOptions"] == {} for task in tasks_of(compile_nodes(Source())).values())


def test_artifacts_are_of_kubeflows_types_and_say_what_they_stand_for() -> None:
    documents = compile_nodes(Source())
    made = documents[0]["components"]["comp-source"]["outputDefinitions"]["artifacts"]
    assert made["rows"] == {
        "artifactType": {"schemaTitle": "system.Dataset", "schemaVersion": "0.0.1"},
        "metadata": {"headrace_type": "Rows", "output": "rows", "node": "Source"},
    }


def test_resources_are_written_for_newer_and_for_older_backends() -> None:
    asked = Resources(cpu="2", cpu_request="500m", memory="4Gi", accelerator="nvidia.com/gpu")
    documents = compile_nodes(Source(options=NodeOptions(resources=asked)))
    assert container_of(documents, "source")["resources"] == {
        "cpuLimit": 2.0,
        "resourceCpuLimit": "2",
        "cpuRequest": 0.5,
        "resourceCpuRequest": "500m",
        "memoryLimit": 4.294967296,
        "resourceMemoryLimit": "4Gi",
        "accelerator": {
            "type": "nvidia.com/gpu",
            "resourceType": "nvidia.com/gpu",
            "count": "1",
            "resourceCount": "1",
        },
    }
    assert "resources" not in container_of(documents, "outcome")


def test_a_pod_is_told_where_the_run_happens() -> None:
    container = container_of(compile_nodes(Source()), "source")
    assert {part["name"]: part["value"] for part in container["env"]} == {
        "HEADRACE_ROOT": "/shared/root",
        "HEADRACE_STATE": "/tmp/headrace",
        "HOME": "/tmp",
    }


def test_two_ids_that_make_one_name_are_refused() -> None:
    with pytest.raises(PipelineError, match="'a_b' and 'a-b' are both the task 'a-b'"):
        compile_nodes(Source(options=named("a_b")), Source(options=named("a-b")))


def test_nothing_is_an_alias_in_the_file() -> None:
    assert "&id" not in written(compile_nodes(Source(), Source(options=named("two"))))
