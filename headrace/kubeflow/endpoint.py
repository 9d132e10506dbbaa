"""Where a Kubeflow Pipelines API is, and who asks it: address, namespace, credentials."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from headrace.errors import ConfigError

IN_CLUSTER_TOKEN = Path("/var/run/secrets/kubeflow/pipelines/token")
"""Where Kubeflow's pod defaults project a token for the pipelines API."""


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """An API and how it is reached; secrets are named here (files, variables), never held."""

    url: str
    ui: str = ""
    namespace: str = ""
    token_file: Path | None = None
    token_variable: str = ""
    cookie_variable: str = ""
    headers_variable: str = ""
    ca_file: Path | None = None
    timeout: float = 30.0


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the command line and a configuration say of an endpoint; empty where they say nothing."""

    url: str = ""
    namespace: str = ""
    token_file: str = ""
    cookie_variable: str = ""
    headers_variable: str = ""
    ca_file: str = ""


def find_endpoint(
    option: Wanted,
    setting: Wanted,
    environment: Mapping[str, str],
    project: Path,
    in_cluster_token: Path = IN_CLUSTER_TOKEN,
) -> Endpoint:
    """Join options, settings and the environment, in this order; raises ConfigError where no address is given.

    A token in HEADRACE_KUBEFLOW_TOKEN comes before the settings' file, which may be for another user.
    """
    url = option.url or setting.url or environment.get("KF_PIPELINES_ENDPOINT", "")
    token_file, variable = _token(option, setting, environment, in_cluster_token)
    ca_file = option.ca_file or setting.ca_file
    return Endpoint(
        url=checked_url(url),
        ui=environment.get("KF_PIPELINES_UI_ENDPOINT", "").rstrip("/"),
        namespace=option.namespace or setting.namespace,
        token_file=project / token_file if token_file else None,
        token_variable=variable,
        cookie_variable=option.cookie_variable or setting.cookie_variable,
        headers_variable=option.headers_variable or setting.headers_variable,
        ca_file=project / ca_file if ca_file else None,
    )


def checked_url(url: str) -> str:
    """Return an address without its last slash; raises ConfigError for one that no API can have."""
    wanted = "an address such as https://kubeflow.example.org/pipeline or http://localhost:8080"
    if not url:
        raise ConfigError(
            found="no Kubeflow endpoint",
            expected=wanted,
            do="Give --endpoint, `endpoint:` in configs/kubeflow.yaml or KF_PIPELINES_ENDPOINT",
        )
    if "@" in url:
        raise ConfigError(
            found=f"an endpoint with a password in it (…@{url.rpartition('@')[2].partition('?')[0]})",
            expected=wanted,
            do="Leave the password out and give a token, a cookie or a header",
        )
    parts = _parts(url if "://" in url else f"http://{url}")
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        shown = re.split("[?#]", url)[0]  # what comes behind may be a token
        raise ConfigError(found=f"the endpoint {shown!r}{'…' * (shown != url)}", expected=wanted, do="Correct it")
    return parts.geturl().rstrip("/")


def _parts(url: str) -> SplitResult | None:
    """Take an address apart; None for one that no request can be sent to."""
    try:
        parts = urlsplit(url)
        _ = parts.port
        (parts.hostname or "").encode("idna")
    except ValueError:
        return None
    return parts if url.isascii() and url.isprintable() and " " not in url else None


def _token(option: Wanted, setting: Wanted, environment: Mapping[str, str], in_cluster: Path) -> tuple[str, str]:
    """Choose one source of a token: a file, or the name of a variable."""
    if option.token_file:
        return option.token_file, ""
    if environment.get("HEADRACE_KUBEFLOW_TOKEN"):
        return "", "HEADRACE_KUBEFLOW_TOKEN"
    named = setting.token_file or environment.get("KF_PIPELINES_SA_TOKEN_PATH", "")
    if not named and in_cluster.is_file():
        named = str(in_cluster)
    return named, ""
