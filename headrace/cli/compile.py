"""`headrace compile`: a pipeline as Kubeflow's IR, as a Kubernetes CronJob, or as a line of a crontab."""

import shlex
import sys
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any

import click

from headrace.cli.compile_options import chosen, compile_options
from headrace.cli.session import parameter_option
from headrace.config.parameters import read_values
from headrace.config.project import Loaded, Project, find_project, load_pipeline
from headrace.errors import ConfigError, HeadraceError, UsageError
from headrace.kubeflow.build import build, deliver
from headrace.kubeflow.cronjob import Scheduled, cronjob, crontab
from headrace.kubeflow.document import written
from headrace.kubeflow.doubts import doubts
from headrace.kubeflow.settings import KubeflowSettings, read_kubeflow
from headrace.user_code.bundle import Bundle, write_bundle

SHOWN = 20
"""Lines of a difference that are printed."""


@click.command()
@click.argument("pipeline")
@click.option("--target", type=click.Choice(["kubeflow", "cronjob", "crontab"]), default="kubeflow", show_default=True)
@click.option("-o", "--output", metavar="FILE", help="Where to write it (default: the standard output).")
@compile_options
@click.option("--check", metavar="FILE", help="Write nothing; exit with 2 when FILE is not what would be written.")
@click.option("--config", metavar="FILE", help="A file of settings (default: configs/kubeflow.yaml).")
@parameter_option
def command(pipeline: str, given: tuple[str, ...], output: str | None, check: str | None, **options: Any) -> None:
    """Write PIPELINE as YAML; `-p` changes the values that its runs start from."""
    here = Path.cwd()
    asked = _asked(pipeline, given, **options)
    text, bundle = asked.compiled()
    if check:
        _compare((here / check), text, check)
        return
    if output:
        _write(here / output, text)
    else:
        click.echo(text, nl=False)
    if bundle:
        _place(bundle, asked, (here / output).parent if output else here)


@dataclass(frozen=True)
class _Asked:
    """What is to be compiled, for which target."""

    project: Project
    loaded: Loaded
    settings: KubeflowSettings
    target: str
    pipeline: str
    given: tuple[str, ...]

    def compiled(self) -> tuple[str, Bundle | None]:
        """Compile; a bundle goes with Kubeflow's file only."""
        values = read_values(self.loaded.spec, self.loaded.params, {}, self.given, self.project.root)
        for doubt in doubts(self.loaded.spec, values.values, self.settings) if self.target != "crontab" else ():
            click.echo(f"headrace: {doubt}", err=True)
        if self.target == "kubeflow":
            built = build(self.loaded, values.values, self.settings, self.project.root)
            return built.text, built.bundle
        named = self.pipeline if self.pipeline in self.project.pipelines() else self.loaded.module or self.pipeline
        scheduled = Scheduled(self.loaded.spec, named, self.given, self.settings)
        if self.target == "crontab":
            return crontab(scheduled, self.project.root, Path(sys.executable).with_name("headrace")), None
        return written([cronjob(scheduled)]), None


def _asked(
    pipeline: str,
    given: tuple[str, ...],
    *,
    target: str,
    image: str | None,
    code: str | None,
    config: str | None,
) -> _Asked:
    project = find_project(Path.cwd())
    settings = chosen(read_kubeflow(project.root, Path(config) if config else None), image=image, code=code)
    return _Asked(project, load_pipeline(project, pipeline), settings, target, pipeline, given)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            found=f"-o {file} cannot be written ({error.strerror})",
            expected="a file in a folder that is there",
            do="Correct the path",
        ) from error


def _compare(file: Path, text: str, name: str) -> None:
    """Raise ConfigError when a file differs, after showing how."""
    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    if before == text:
        return
    lines = [*unified_diff(before.splitlines(), text.splitlines(), name, "compiled", n=1, lineterm="")]
    for line in lines[:SHOWN]:
        click.echo(line[:200], err=True)
    if len(lines) > SHOWN:
        click.echo(f"… and {len(lines) - SHOWN} more lines", err=True)
    raise ConfigError(
        found=f"{name} is not what the pipeline compiles to" if file.is_file() else f"no file {name}",
        expected="the same bytes",
        do=f"Run {_rewriting(name)}",
    )


def _rewriting(name: str) -> str:
    """Say the command that writes the file again: this one, with -o for --check."""
    words = ["headrace", *sys.argv[1:]]
    changed = [
        f"--output={name}" if word == f"--check={name}" else "-o" if word == "--check" else word for word in words
    ]
    return shlex.join(changed)


def _place(bundle: Bundle, asked: _Asked, beside: Path) -> None:
    """Put the bundle where pods fetch it; where that cannot be written from here, beside the output."""
    for name in bundle.left_out:
        click.echo(
            f"headrace: {name} is larger than 1 MiB and not in the code bundle: put it where pods can read it", err=True
        )
    try:
        click.echo(f"code bundle: {deliver(bundle, asked.settings, asked.project.root)}", err=True)
    except HeadraceError as error:
        file = write_bundle(bundle, beside)
        target = f"{asked.settings.root.rstrip('/')}/{bundle.name}"
        click.echo(f"headrace: {error.found}; copy {file} to {target} before the first run", err=True)
