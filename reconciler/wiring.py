"""Settings to adapters: the only reader of the environment, and the only place that knows which adapter is behind a port."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.adapters.alerts import FileAlerts
from reconciler.adapters.artifacts import DvcArtifacts
from reconciler.adapters.clock import FixedClock, SystemClock
from reconciler.adapters.clusters.opening import Clusters, open_clusters
from reconciler.adapters.data_remote import DvcDataRemote
from reconciler.adapters.database import SqlDatabase
from reconciler.adapters.dvc_config import main_checkout
from reconciler.adapters.forges.opening import Choice, Service, open_forge
from reconciler.adapters.git import GitRepository
from reconciler.adapters.git.scratch import is_scratch
from reconciler.adapters.logs import ParquetLogs
from reconciler.adapters.memory import FolderMemory
from reconciler.adapters.packages import place_of
from reconciler.adapters.rebuilder import DvcRebuilder
from reconciler.adapters.signing.keyless import KeylessSigner
from reconciler.adapters.signing.keys import KeySigner
from reconciler.adapters.signing.verifier import Signatures
from reconciler.adapters.sources.addresses import is_url
from reconciler.adapters.sources.data import SourceData
from reconciler.adapters.sources.schemas import SourceSchemas
from reconciler.adapters.stores import FsspecStore
from reconciler.adapters.trainer import DvcTrainer
from reconciler.adapters.training.interrupted import FolderRuns
from reconciler.adapters.training.program import SupervisedPrograms
from reconciler.adapters.training.retries import PatientTrainer
from reconciler.adapters.worktree import read_tree
from reconciler.domain.names import MAIN, SIGNING
from reconciler.errors import InvalidSpecsError, ObserveError, ReconcilerError
from reconciler.ports import Clock, Metrics, Readers, Rebuilder, Signer, Verifier, Writers
from reconciler.rules.fields import parse_time
from reconciler.specs.places import PYPROJECT
from reconciler.specs.settings import ForgeSettings, Settings, SigningSettings
from reconciler.specs.toml import read_settings

QUIET = {
    "DVC_NO_ANALYTICS": "1",
    "DVC_STUDIO_OFFLINE": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "OMP_WAIT_POLICY": "passive",
}
"""Switches that keep the libraries that we run from phoning home, and their idle threads from spinning (halves a training)."""
SIGNING_KEY = "PERENNIAL_SIGNING_KEY"
"""The variable that names the private key's file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that a command needs."""

    root: Path
    readers: Readers
    writers: Writers


def environment() -> Mapping[str, str]:
    """The process's environment, with telemetry switched off."""
    return {**os.environ, **QUIET}  # noqa: TID251 - the one place where the environment is read


def quiet() -> None:
    """Switch telemetry off for the libraries that are used in this process."""
    os.environ.update(QUIET)  # noqa: TID251 - the one place where the environment is touched


def clock(as_of: str | None) -> Clock:
    """The machine's clock, or one that stands still at `--as-of`. Raises ReconcilerError for a time that is none."""
    if as_of is None:
        return SystemClock()
    try:
        return FixedClock(parse_time(as_of))
    except ValueError as error:
        raise ReconcilerError(f"--as-of {as_of}: {error}", help="perennial plan --as-of 2013-06-01") from error


def open_world(path: str, as_of: str | None = None) -> World:
    """The adapters for the repository that holds the path. Raises ObserveError outside of a repository."""
    return world_of(path, clock(as_of))


def open_clone(path: str, as_of: str | None = None) -> Readers:
    """What may be read of this clone alone, whatever forge the settings name: no token is needed, and no forge is asked."""
    return world_of(path, clock(as_of), offline=True).readers


def world_of(path: str, clock: Clock, *, offline: bool = False) -> World:
    """The same, by a clock of the caller's; `offline`, as in a rehearsal, with this clone's own refs, and nothing is sent."""
    env = environment()
    local = GitRepository.open(Path(path), env)
    settings = settings_or_defaults(local.root)
    alone = offline or is_scratch(local)
    opened = open_forge(local, Choice(**(ForgeSettings() if alone else settings.forge).model_dump()), env)
    repository = opened.repository
    roots = roots_of(repository.root)
    artifacts = DvcArtifacts(repository.root, env)
    runs = FolderRuns(repository.git.git_dir)
    remote = None if alone else DvcDataRemote.default(repository.root, env)
    rehearsed = str(repository.common_dir / "perennial" / "packages")
    place = place_of(settings.packages, rehearsed if alone else address(repository.root, settings.packages or ""), env)
    clusters = None if alone else clusters_of(repository.root)
    readers = Readers(
        clock=clock,
        repository=repository,
        forge=opened.forge,
        data=source_data(repository.root, env),
        artifacts=artifacts,
        cache=artifacts,
        data_remote=remote,
        packages=place,
        memory=FolderMemory(repository.common_dir / "perennial" / "cache" / "measured"),
        schemas=SourceSchemas(roots, env),
        metrics=metrics(settings, env),
        alerts=FileAlerts(repository.root),
        database=SqlDatabase(roots, env),
        store=FsspecStore(address(repository.root, settings.store or str(repository.common_dir / "perennial" / "store"))),
        logs=ParquetLogs(address(repository.root, settings.logs)),
        runs=runs,
        programs=SupervisedPrograms(env, lambda _: None),
        verifier=verifier(),
        conversations=opened.service,
        clusters=clusters,
    )
    trainer = PatientTrainer(DvcTrainer(repository, env), time.sleep)
    signing = signer(repository, settings.signing, env)
    writers = Writers(
        repository=repository,
        forge=opened.forge,
        trainer=trainer,
        runs=runs,
        signer=signing,
        notices=opened.service,
        data_remote=remote,
        packages=place,
        clusters=clusters,
    )
    return World(root=repository.root, readers=readers, writers=writers)


def service(root: Path) -> Service:
    """The forge, where it is a service. Raises ReconcilerError where it is none, or cannot be opened."""
    env = environment()
    opened = open_forge(GitRepository.open(root, env), Choice(**settings_of(root).forge.model_dump()), env)
    if opened.service is None:
        raise ReconcilerError("pull requests are in a repository's own refs", help="perennial init --forge github")
    return opened.service


def clusters_of(root: Path) -> Clusters | None:
    """What is asked of what runs; None where the settings name nobody."""
    settings = settings_or_defaults(root)
    return open_clusters(settings.clusters.model_dump(), root, settings.argocd_namespace, environment())


def rebuilder(root: Path) -> Rebuilder:
    """What makes releases again."""
    env = environment()
    return DvcRebuilder(GitRepository.open(root, env), env)


def verifier() -> Verifier:
    """What checks signatures."""
    return Signatures()


def signer(repository: GitRepository, settings: SigningSettings, env: Mapping[str, str]) -> Signer | None:
    """What signs releases, if they are signed. No key is looked for before something is signed."""
    match settings.method:
        case "none":
            return None
        case "keyless":
            return KeylessSigner()
        case "key":
            named = env.get(SIGNING_KEY) or settings.key
            key = main_checkout(repository.root) / Path(named).expanduser() if named else None
            main = f"refs/heads/{MAIN}"
            return KeySigner(key, lambda: repository.files(repository.refs(main)[main], SIGNING))


def working_tree(root: Path) -> Mapping[str, bytes]:
    """The files of the checkout that say what is wanted, committed or not. Raises ObserveError."""
    return read_tree(root)


def root_of(path: str) -> Path:
    """The top of the working tree that holds the path. Raises ObserveError outside of a repository."""
    return GitRepository.open(Path(path), environment()).root


def source_data(root: Path, env: Mapping[str, str]) -> SourceData:
    """Rows of any source, for the working tree at `root`."""
    return SourceData(roots_of(root), env)


def roots_of(root: Path) -> list[Path]:
    """The working tree at `root`, and the main checkout for a linked one: what Git ignores is only there."""
    return list(dict.fromkeys((root, main_checkout(root))))


def settings_of(root: Path) -> Settings:
    """`[tool.perennial]` of the working tree. Raises InvalidSpecsError with every problem in it, or ObserveError."""
    path = root / PYPROJECT
    try:
        return read_settings(path.read_bytes()) if path.is_file() and not path.is_symlink() else Settings()
    except OSError as error:
        raise ObserveError(f"cannot read {PYPROJECT}: {error.strerror}") from error


def settings_or_defaults(root: Path) -> Settings:
    """The same, but what is wrong is left for loading the specs to say: a broken repository must open to be mended."""
    try:
        return settings_of(root)
    except InvalidSpecsError:
        return Settings()


def metrics(settings: Settings, env: Mapping[str, str]) -> Metrics | None:
    """The Prometheus server, if there is one."""
    if settings.prometheus is None:
        return None
    from reconciler.adapters.metrics import PrometheusMetrics  # requests, sqlalchemy and polars: most have no server

    return PrometheusMetrics(settings.prometheus, env)


def log_address(root: Path) -> str:
    """Where the logs of the repository at `root` are. Raises InvalidSpecsError for broken settings."""
    return address(root, settings_of(root).logs)


def address(root: Path, written: str) -> str:
    """An fsspec address as it is; a relative path starts at the main checkout, because Git ignores what is there."""
    return written if is_url(written) else str(main_checkout(root) / written)
