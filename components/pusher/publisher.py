"""Records where a model is served."""

from headrace.artifacts.pushed_model import PushedModel
from headrace.spec.messages import Invocation, Result, Succeeded


def name_where_it_is_served(invocation: Invocation, result: Result) -> Result:
    """Name the destination, as the pipeline gave it, and the model, by its content; the executor knows the version."""
    if not isinstance(result, Succeeded):
        return result
    destination, (model,) = invocation.parameters["destination"], invocation.inputs["model"]
    named = result.with_property("pushed_model", PushedModel.destination, str(destination))
    return named.with_property("pushed_model", PushedModel.model, model.digest)
