"""Declare, run and trace machine-learning pipelines."""

from headrace.dsl.artifact import Artifact as Artifact
from headrace.dsl.artifact import Property as Property
from headrace.dsl.channel import Channel as Channel
from headrace.dsl.component import Component as Component
from headrace.dsl.component import output as output
from headrace.dsl.component import publish_outputs as publish_outputs
from headrace.dsl.component import resolve_inputs as resolve_inputs
from headrace.dsl.function import Function as Function
from headrace.dsl.node_options import NodeOptions as NodeOptions
from headrace.dsl.parameter import Location as Location
from headrace.dsl.parameter import Parameter as Parameter
from headrace.dsl.parameter import Placeholder as Placeholder
from headrace.dsl.parameter import RuntimeParameter as RuntimeParameter
from headrace.dsl.parameter import Secret as Secret
from headrace.dsl.pipeline import Pipeline as Pipeline
from headrace.dsl.resolver import for_each as for_each
from headrace.dsl.resolver import latest as latest
from headrace.dsl.resolver import latest_blessed as latest_blessed
from headrace.dsl.resolver import previous_span as previous_span
from headrace.dsl.resolver import span_range as span_range
from headrace.dsl.resources import Resources as Resources

__version__ = "0.1.0"
