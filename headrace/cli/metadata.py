"""`headrace metadata serve`: ML Metadata's gRPC server in front of a store."""

import os
from pathlib import Path

import click

from headrace.cli.session import config_option, open_session
from headrace.errors import ConfigError

FILE = click.Path(path_type=Path)


@click.group(help="Serve the metadata store.")
def command() -> None:
    pass


@command.command(help="Serve a store to other machines: ML Metadata's gRPC service, with the standard health service.")
@click.option("--listen", "place", default="127.0.0.1:8080", show_default=True, metavar="HOST:PORT", help="Where.")
@click.option("--store", metavar="ADDRESS", help="The store (default: HEADRACE_STORE, or the settings).")
@click.option("--tls-cert", type=FILE, metavar="FILE", help="The server's certificate, PEM.")
@click.option("--tls-key", type=FILE, metavar="FILE", help="Its key, PEM, without a password.")
@click.option("--client-ca", type=FILE, metavar="FILE", help="Whose certificates clients must have: mutual TLS.")
@click.option("--token-file", type=FILE, metavar="FILE", help="A token that clients must send (HEADRACE_STORE_TOKEN).")
@click.option("--insecure", is_flag=True, help="Let everybody in, from other machines too.")
@config_option
def serve(
    place: str,
    store: str | None,
    tls_cert: Path | None,
    tls_key: Path | None,
    client_ca: Path | None,
    token_file: Path | None,
    insecure: bool,
    config: str | None,
) -> None:
    from headrace.metadata.listen import Listening
    from headrace.metadata.serve import serve as serve_store

    address, token = _store(store, config), _token(token_file)
    listening = Listening(place=place, cert=tls_cert, key=tls_key, client_ca=client_ca, token=token, insecure=insecure)
    serve_store(address, listening, click.echo)


def _store(given: str | None, config: str | None) -> str:
    from headrace.metadata.address import without_password

    address = given or os.environ.get("HEADRACE_STORE") or _of_project(config)
    if address.startswith("grpc"):
        raise ConfigError(
            found=f"the store {without_password(address)}",
            expected="a SQLite file or a database",
            do="Name what is behind that server",
        )
    return address


def _of_project(config: str | None) -> str:
    """Name the project's own store; its folder is made, where nothing has run yet."""
    place = open_session(config).place
    place.state.make()
    return place.store


def _token(file: Path | None) -> str:
    """Read the token, from a file or from HEADRACE_STORE_TOKEN."""
    if file is None:
        return os.environ.get("HEADRACE_STORE_TOKEN", "").strip()
    try:
        token = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError) as error:
        what = getattr(error, "strerror", None) or "it is not ASCII"
        raise ConfigError(
            found=f"--token-file {file} cannot be read ({what})", expected="a file with a token", do="Correct it"
        ) from None
    if not token:
        raise ConfigError(found=f"--token-file {file} is empty", expected="a token", do="Write one into it")
    return token
