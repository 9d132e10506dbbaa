"""Where people look: a run's page, a pod's log, in Kubeflow's own interface."""

from urllib.parse import quote

from headrace.kubeflow.endpoint import Endpoint


def run_page(endpoint: Endpoint, run_id: str) -> str:
    """Return the address of a run's page; a pod's log is a click on its task."""
    return f"{endpoint.ui or endpoint.url}/#/runs/details/{quote(run_id)}"


def schedule_page(endpoint: Endpoint, recurring_run_id: str) -> str:
    """Return the address of a recurring run's page."""
    return f"{endpoint.ui or endpoint.url}/#/recurringrun/details/{quote(recurring_run_id)}"


def log_address(endpoint: Endpoint, run_id: str, pod: str) -> str:
    """Return the address from which the API serves a pod's log."""
    return f"{endpoint.url}/apis/v1alpha1/runs/{quote(run_id)}/nodes/{quote(pod)}/log"
