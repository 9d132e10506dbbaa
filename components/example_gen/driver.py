"""Makes span, version and the content of the source parts of the cache key."""

from dataclasses import replace
from pathlib import Path

from components.example_gen.fingerprint import digest_by_content, digest_by_stat
from components.example_gen.freezer import choose_span
from components.example_gen.source import files_of
from headrace.errors import ConfigError
from headrace.launcher.drive import resolve_inputs
from headrace.metadata.reader import Reader
from headrace.spec.messages import NodeRun, Ready, Skip


def add_source_facts(node_run: NodeRun, reader: Reader) -> Ready | Skip:
    """Resolve as usual, for the span that was frozen at the start of the run."""
    ready = resolve_inputs(node_run, reader)
    if isinstance(ready, Skip):
        return ready
    frozen = node_run.frozen or choose_span(node_run)
    span, version = int(str(frozen["span"])), int(str(frozen["version"]))
    files = files_of(str(ready.parameters["source"]), span, version)
    facts = {"source": fingerprint(files, str(ready.parameters["fingerprint"])), "span": f"{span}"}
    return replace(
        ready,
        parameters={**ready.parameters, "span": span, "version": version},
        facts={**ready.facts, **facts, "version": f"{version}"},
    )


def fingerprint(files: list[Path], way: str) -> str:
    """Digest the files in the way that was asked for, and name the way."""
    match way:
        case "content":
            return f"content:{digest_by_content(files)}"
        case "stat":
            return f"stat:{digest_by_stat(files)}"
    raise ConfigError(
        found=f"fingerprint={way!r} for local files",
        expected='"content" or "stat": only object stores have an etag',
        do="Change it",
    )
