"""`configs/kubeflow.yaml`: where a pipeline runs in Kubernetes, never what it does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, cast

from headrace.config.yaml_file import YamlFile, read_chosen
from headrace.kubeflow.pod_settings import PodSettings, read_pod

DEFAULT = Path("configs") / "kubeflow.yaml"
CodeFrom = Literal["image", "bundle"]


@dataclass(frozen=True)
class SecretKey:
    """One key of a Kubernetes Secret; its value is never read here."""

    name: str
    key: str


@dataclass(frozen=True, kw_only=True)
class CronJobSettings:
    """When a CronJob starts its pod (`time_zone` empty: the cluster's), and what becomes of those before it."""

    name: str = ""
    schedule: str = ""
    time_zone: str = ""
    arguments: tuple[str, ...] = ()
    starting_deadline: int | None = None
    time_limit: int | None = None
    retries: int = 0
    keep_succeeded: int = 3
    keep_failed: int = 3


@dataclass(frozen=True, kw_only=True)
class KubeflowSettings:
    """What the file says.

    `cookie_env` and `headers_env` name environment variables, `token_file` and `ca_file` files; `lines` says where each
    key stands, such as `nodes.Trainer`, since only a compilation knows which nodes there are.
    """

    image: str = ""
    code: CodeFrom = "image"
    root: str = ""
    store_secret: SecretKey | None = None
    token_secret: SecretKey | None = None
    endpoint: str = ""
    namespace: str = ""
    experiment: str = ""
    service_account: str = ""
    token_file: str = ""
    cookie_env: str = ""
    headers_env: str = ""
    ca_file: str = ""
    beam_args: tuple[str, ...] = ()
    defaults: PodSettings = field(default_factory=PodSettings)
    nodes: Mapping[str, PodSettings] = field(default_factory=dict)
    cronjob: CronJobSettings = field(default_factory=CronJobSettings)
    path: Path = DEFAULT
    lines: Mapping[str, int] = field(default_factory=dict)

    def place(self, key: str) -> str:
        """Say where a key such as `defaults.env.A` stands: the file, and the line where it is known."""
        return f"{self.path}:{self.lines[key]}" if key in self.lines else str(self.path)


TEXTS = (
    "image",
    "root",
    "endpoint",
    "namespace",
    "experiment",
    "service_account",
    "token_file",
    "cookie_env",
    "headers_env",
    "ca_file",
)


def read_kubeflow(project: Path, file: Path | None) -> KubeflowSettings:
    """Read the settings; every default where there is no file and none was named."""
    found = read_chosen(file, project / DEFAULT)
    found.only({f.name for f in fields(KubeflowSettings)} - {"path", "lines"})
    nodes = found.section("nodes")
    return KubeflowSettings(
        **{name: found.text(name) for name in TEXTS},
        code=cast(CodeFrom, found.text("code", choices=["image", "bundle"]) or "image"),
        store_secret=_secret(found, "store_secret"),
        token_secret=_secret(found, "token_secret"),
        beam_args=found.texts("beam_args"),
        defaults=read_pod(found.section("defaults")),
        nodes={name: read_pod(nodes.section(name)) for name in nodes.lines},
        cronjob=_cronjob(found.section("cronjob")),
        path=found.path,
        lines=dict(_lines(found)),
    )


def _lines(found: YamlFile, before: str = "") -> Iterator[tuple[str, int]]:
    """Name every key by its whole path, with its line."""
    for name, line in found.lines.items():
        yield f"{before}{name}", line
        if below := found.sections.get(name):
            yield from _lines(below, f"{before}{name}.")


def _secret(found: YamlFile, name: str) -> SecretKey | None:
    below = found.section(name)
    below.only(["name", "key"])
    if not below.content:
        return None
    if not (below.text("name") and below.text("key")):
        raise found.wrong(name, "the name of a Secret and one of its keys")
    return SecretKey(below.text("name"), below.text("key"))


def _cronjob(found: YamlFile) -> CronJobSettings:
    found.only([f.name for f in fields(CronJobSettings)])
    kept = {name: found.number(name) for name in ("retries", "keep_succeeded", "keep_failed")}
    return CronJobSettings(
        name=found.text("name"),
        schedule=found.text("schedule"),
        time_zone=found.text("time_zone"),
        arguments=found.texts("arguments"),
        starting_deadline=found.number("starting_deadline"),
        time_limit=found.number("time_limit"),
        **{name: number for name, number in kept.items() if number is not None},
    )
