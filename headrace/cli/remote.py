"""What the verbs that talk to Kubeflow share: the endpoint's options, its client, the pipelines that they compile."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import click

from headrace.cli.compile_options import chosen
from headrace.cli.session import Session, open_session
from headrace.config.parameters import read_values
from headrace.kubeflow.build import build, deliver
from headrace.kubeflow.client import Client
from headrace.kubeflow.doubts import doubts
from headrace.kubeflow.endpoint import Endpoint, Wanted, find_endpoint
from headrace.kubeflow.gateway import Gateway
from headrace.kubeflow.package import Package, package_of, read_package
from headrace.kubeflow.settings import KubeflowSettings, read_kubeflow
from headrace.user_code.bundle import Bundle

F = TypeVar("F", bound=Callable[..., object])


@dataclass(frozen=True)
class Remote:
    """The project, what configs/kubeflow.yaml says, and the endpoint that follows from it and from options.

    `bundles` holds the code of what was compiled, by version, until it is delivered to the root.
    """

    session: Session
    settings: KubeflowSettings
    wanted: Wanted
    here: Path
    bundles: dict[str, Bundle] = field(default_factory=dict)

    @cached_property
    def endpoint(self) -> Endpoint:
        said = Wanted(
            url=self.settings.endpoint,
            namespace=self.settings.namespace,
            token_file=self.settings.token_file,
            cookie_variable=self.settings.cookie_env,
            headers_variable=self.settings.headers_env,
            ca_file=self.settings.ca_file,
        )
        return find_endpoint(self.wanted, said, os.environ, self.session.project.root)

    @cached_property
    def client(self) -> Client:
        return Client(Gateway(self.endpoint))

    def package(self, pipeline: str) -> Package:
        """Compile a pipeline of the project, or read a compiled file."""
        if Path(pipeline).suffix in (".yaml", ".yml"):
            return read_package(self.here / pipeline, pipeline)
        loaded = self.session.load(pipeline)
        project = self.session.project.root
        values = read_values(loaded.spec, loaded.params, {}, (), project).values
        built = build(loaded, values, self.settings, project)
        for doubt in doubts(loaded.spec, values, self.settings):
            click.echo(f"headrace: {doubt}", err=True)
        package = package_of(built.text, pipeline)
        if built.bundle:
            self.bundles[package.version] = built.bundle
        return package

    def deliver(self, package: Package) -> None:
        """Put the code of a pipeline that was compiled here where its pods fetch it."""
        if bundle := self.bundles.pop(package.version, None):
            for name in bundle.left_out:
                click.echo(f"headrace: {name} is larger than 1 MiB and not in the code bundle", err=True)
            click.echo(f"code bundle: {deliver(bundle, self.settings, self.session.project.root)}", err=True)


def open_remote(
    config: str | None, *, image: str | None = None, code: str | None = None, **options: str | None
) -> Remote:
    """Find the project and what it says of Kubeflow; options are those of `endpoint_options`."""
    session = open_session()
    settings = chosen(read_kubeflow(session.project.root, Path(config) if config else None), image=image, code=code)
    files = {name: os.path.abspath(value) for name in ("token_file", "ca_file") if (value := options[name])}
    wanted = Wanted(url=options["endpoint"] or "", namespace=options["namespace"] or "", **files)
    return Remote(session, settings, wanted, Path.cwd())


def endpoint_options(command: F) -> F:
    """Add the options that say where Kubeflow is; HEADRACE_KUBEFLOW_TOKEN holds a token, never an option."""
    for name, metavar, text in (
        ("--ca-file", "FILE", "Certificates to trust, in PEM."),
        ("--token-file", "FILE", "A file with a bearer token, read anew for each request."),
        ("--namespace", "NAME", "The namespace of your profile."),
        ("--endpoint", "URL", "Kubeflow's address (default: in the configuration, then KF_PIPELINES_ENDPOINT)."),
        ("--config", "FILE", "What the project says of Kubeflow (default: configs/kubeflow.yaml)."),
    ):
        command = click.option(name, metavar=metavar, help=text)(command)
    return command
