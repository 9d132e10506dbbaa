"""SchemaGen: what is expected of every feature."""

from collections.abc import Sequence

from headrace import Channel, Component, Function, Location, Parameter, output, publish_outputs
from headrace.artifacts.schema import Schema
from headrace.artifacts.statistics import ExampleStatistics


class SchemaGen(Component):
    """Infer a schema from statistics, or take the `curated` one: a schema.pbtxt that people review.

    Data validated against a schema that was inferred from it proves nothing: infer one, review it, keep it in
    `schemas/`, and name it here.
    """

    statistics: Channel[ExampleStatistics]
    curated: Parameter[Location | None] = None
    infer_feature_shape: Parameter[bool] = True
    exclude_splits: Parameter[Sequence[str]] = ()
    schema: Channel[Schema] = output()

    component_id = "headrace.SchemaGen"
    component_version = 1
    process_type = "PROCESS"
    environment = "tf_keras"
    distributions = ("tensorflow-data-validation",)
    driver = Function("components.schema_gen.driver:add_curated_schema")
    executor = Function("components.schema_gen.executor:make_schema")
    publisher = publish_outputs
