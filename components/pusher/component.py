"""What Pusher takes and makes."""

from headrace.artifacts.evaluation import ModelBlessing
from headrace.artifacts.model import Model
from headrace.artifacts.pushed_model import PushedModel
from headrace.dsl.channel import Channel
from headrace.dsl.component import Component, output
from headrace.dsl.function import Function
from headrace.dsl.parameter import Location, Parameter


class Pusher(Component):
    """Put a blessed model into a folder that TensorFlow Serving reads, as its next version.

    The version is one above the highest that is there, so that it does not depend on the time. Before anything can be
    seen, the copy is loaded and queried through `signature` in a fresh process of at most `canary_seconds` and
    `canary_megabytes` beyond TensorFlow itself. A version that holds the same model already is kept instead of a second
    one. Afterwards at most `keep_versions` of the versions that headrace made stay, the newest; 0 keeps all.

    Without a blessing among its inputs, every model is pushed; with one, only the model that it blesses.
    """

    model: Channel[Model]
    blessing: Channel[ModelBlessing] | None = None
    destination: Parameter[Location]
    signature: Parameter[str] = "serving_default"
    keep_versions: Parameter[int] = 0
    canary_seconds: Parameter[int] = 120
    canary_megabytes: Parameter[int] = 4096
    pushed_model: Channel[PushedModel] = output()

    component_id = "headrace.Pusher"
    process_type = "DEPLOY"
    environment = "bare"
    driver = Function("components.pusher.driver:only_if_blessed")
    executor = Function("components.pusher.executor:push")
    publisher = Function("components.pusher.publisher:name_where_it_is_served")
