"""What went wrong with a request, in one line: what the server said, what was expected, what to do."""

import ssl
import urllib.error
from dataclasses import dataclass
from http import HTTPStatus

from headrace.errors import RemoteError
from headrace.kubeflow.endpoint import Endpoint

LONGEST = 300


@dataclass(frozen=True)
class Asked:
    """A request as messages name it: never with its query, its body or its headers."""

    endpoint: Endpoint
    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path} at {self.endpoint.url}"


def not_logged_in(asked: Asked, status: int) -> RemoteError:
    """Name a log-in page, which is what a gateway shows to whom it does not know."""
    return RemoteError(
        found=f"{asked} led to a log-in page ({status}): not logged in",
        expected="a token or a cookie that the gateway in front of Kubeflow accepts",
        do=_how_to_log_in(asked.endpoint),
        status=int(HTTPStatus.UNAUTHORIZED),
    )


def refused(asked: Asked, status: int, message: str) -> RemoteError:
    """Name a refusal by its status."""
    said = f"{asked} answered {status}" + (f": {_short(message)}" if message else "")
    match status:
        case HTTPStatus.UNAUTHORIZED:
            expected, do = "a token that is valid and not expired", _how_to_log_in(asked.endpoint)
        case HTTPStatus.FORBIDDEN:
            who = f"the namespace {asked.endpoint.namespace!r}" if asked.endpoint.namespace else "this"
            expected = f"rights for {who} and a token that has not expired"
            do = "Get a new token, ask for the role kubeflow-edit, or correct --namespace"
        case HTTPStatus.NOT_FOUND:
            expected, do = "something that exists there", "Check the id and the endpoint"
        case HTTPStatus.CONFLICT:
            expected, do = "a name that is free", "Choose another name, or remove what has it"
        case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            expected, do = "a healthy server", "Try again later, and look at the log of the deployment ml-pipeline"
        case _:
            expected, do = "a request that Kubeflow accepts", "Correct what it names"
    return RemoteError(found=said, expected=expected, do=do, status=status)


def cause_of(error: Exception) -> object:
    """Return what is behind urllib's error."""
    return error.reason if isinstance(error, urllib.error.URLError) else error


def untrusted(error: Exception) -> bool:
    """Tell whether the server could not prove who it is, which it will not on a further attempt either."""
    return isinstance(cause_of(error), ssl.SSLCertVerificationError)


def lost(asked: Asked, error: Exception, *, repeatable: bool) -> RemoteError:
    """Name a request that got no answer."""
    cause = cause_of(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return RemoteError(
            found=f"the certificate of {asked.endpoint.url} is not trusted ({cause.verify_message})",
            expected="one that a known authority signed",
            do="Give ca_file in configs/kubeflow.yaml, or --ca-file",
        )
    seconds = f"{asked.endpoint.timeout:g} s"
    why = f"no answer in {seconds}" if isinstance(cause, TimeoutError) else _short(str(cause) or type(cause).__name__)
    do = "Check the endpoint, the network and, for localhost, `kubectl port-forward`"
    if not repeatable:
        do += "; if it answered too late, what was asked for may exist: list it before you ask again"
    return RemoteError(
        found=f"{asked.endpoint.url} cannot be reached ({asked.method} {asked.path}: {why})",
        expected="a Kubeflow Pipelines API",
        do=do,
    )


def _how_to_log_in(endpoint: Endpoint) -> str:
    if endpoint.token_variable:
        return f"Put a new token in {endpoint.token_variable}"
    if endpoint.token_file:
        return f"Put a new token in {endpoint.token_file}"
    if endpoint.cookie_variable:
        return f"Log in with a browser and put its cookie in {endpoint.cookie_variable}"
    return "Give a token (--token-file, HEADRACE_KUBEFLOW_TOKEN) or a cookie (cookie_env)"


def _short(message: str) -> str:
    """Take the first line of a message; Kubeflow adds its own stack to some."""
    line = " ".join(message.split("\n", maxsplit=1)[0].split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
