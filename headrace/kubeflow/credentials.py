"""The headers that say who asks; read anew for every request, since projected tokens rotate."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from headrace.errors import ConfigError
from headrace.kubeflow.endpoint import Endpoint

HEADER = re.compile(r"[A-Za-z0-9-]+")


@dataclass(frozen=True)
class Credentials:
    """Headers of one request, and the secrets in them, which no message may repeat."""

    headers: Mapping[str, str]
    secrets: tuple[str, ...]

    def hide(self, text: str) -> str:
        """Take the secrets out of a text that came from elsewhere."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text


def read_credentials(endpoint: Endpoint, environment: Mapping[str, str]) -> Credentials:
    """Read the token, the cookie and the extra headers; raises ConfigError for one that is named and missing."""
    headers: dict[str, str] = {}
    token = _token(endpoint, environment)
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if endpoint.cookie_variable:
        headers["Cookie"] = _variable(endpoint.cookie_variable, "a cookie", environment)
    if endpoint.headers_variable:
        headers |= _headers(endpoint.headers_variable, environment)
    secrets = (token, *headers.values())
    return Credentials(headers, tuple(secret for secret in secrets if secret))


def _token(endpoint: Endpoint, environment: Mapping[str, str]) -> str:
    if endpoint.token_variable:
        return _variable(endpoint.token_variable, "a token", environment)
    if endpoint.token_file is None:
        return ""
    try:
        return _line(endpoint.token_file.read_text(encoding="utf-8"), f"the token file {endpoint.token_file}")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            found=f"the token file {endpoint.token_file} cannot be read ({type(error).__name__})",
            expected="a file that holds a bearer token",
            do="Correct token_file, or --token-file",
        ) from error


def _headers(variable: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Read headers from a variable that holds one a line, `Name: value`."""
    headers: dict[str, str] = {}
    for line in environment.get(variable, "").splitlines():
        name, colon, value = line.partition(":")
        if line.strip() and not (colon and HEADER.fullmatch(name.strip())):
            raise ConfigError(
                found=f"the variable {variable} does not hold headers",
                expected="lines of `Name: value`",
                do="Correct it",
            )
        if line.strip():
            headers[name.strip()] = _line(value, f"the variable {variable}")
    if not headers:
        raise ConfigError(
            found=f"the variable {variable} is not set", expected="headers, one a line", do="Set it, or do not name it"
        )
    return headers


def _variable(name: str, what: str, environment: Mapping[str, str]) -> str:
    if not environment.get(name):
        raise ConfigError(found=f"the variable {name} is not set", expected=what, do="Set it, or do not name it")
    return _line(environment[name], f"the variable {name}")


def _line(text: str, place: str) -> str:
    """Return one line that a header can carry."""
    line = text.strip()
    if not line or not line.isascii() or not line.isprintable():
        raise ConfigError(found=f"{place} does not hold one line of text", expected="a secret", do="Correct it")
    return line
