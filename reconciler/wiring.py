"""Settings to adapters: the only reader of the environment, and the only place that knows which adapter is behind a port."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.adapters.artifacts import DvcArtifacts
from reconciler.adapters.clock import FixedClock, SystemClock
from reconciler.adapters.dvc_config import main_checkout
from reconciler.adapters.forges.local import LocalForge
from reconciler.adapters.git import GitRepository
from reconciler.adapters.memory import FolderMemory
from reconciler.adapters.sources.data import SourceData
from reconciler.adapters.trainer import DvcTrainer
from reconciler.adapters.worktree import read_tree
from reconciler.errors import ReconcilerError
from reconciler.pipeline.champion import champion_build
from reconciler.pipeline.context import StageContext
from reconciler.ports import Clock, Readers, Writers
from reconciler.rules.fields import parse_time
from reconciler.specs.fingerprint import fingerprint
from reconciler.specs.load import load_specs

QUIET = {
    "DVC_NO_ANALYTICS": "1",
    "DVC_STUDIO_OFFLINE": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "OMP_WAIT_POLICY": "passive",
}
"""Switches that keep the libraries that we run from phoning home, and their idle threads from spinning (halves a training)."""


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


def world_of(path: str, clock: Clock) -> World:
    """The same, by a clock of the caller's."""
    env = environment()
    repository = GitRepository.open(Path(path), env)
    forge = LocalForge(repository)
    readers = Readers(
        clock=clock,
        repository=repository,
        forge=forge,
        data=source_data(repository.root, env),
        artifacts=DvcArtifacts(repository.root, env),
        memory=FolderMemory(repository.common_dir / "perennial" / "cache" / "measured"),
    )
    writers = Writers(repository=repository, forge=forge, trainer=DvcTrainer(repository, env))
    return World(root=repository.root, readers=readers, writers=writers)


def working_tree(root: Path) -> Mapping[str, bytes]:
    """The files of the checkout that say what is wanted, committed or not. Raises ObserveError."""
    return read_tree(root)


def root_of(path: str) -> Path:
    """The top of the working tree that holds the path. Raises ObserveError outside of a repository."""
    return GitRepository.open(Path(path), environment()).root


def stage_context(repo: str, model: str) -> StageContext:
    """What a stage of the model's pipeline is given, from the working tree at `repo`.

    Raises InvalidSpecsError, and ReconcilerError for a model that is unknown or has no entry in params.yaml.
    """
    root = root_of(repo)
    files = read_tree(root)
    specs = load_specs(files)
    if model not in specs.models:
        known = ", ".join(specs.models) or "none"
        raise ReconcilerError(f"there is no model {model}; there are {known}", help="perennial status")
    if model not in specs.parameters:
        raise ReconcilerError(f"params.yaml has no entry models.{model}, so no run of it is defined", help="perennial reconcile")
    spec, parameters = specs.models[model], specs.parameters[model]
    dataset = specs.datasets[spec.spec.dataset]
    return StageContext(
        root=root,
        model=spec,
        dataset=dataset,
        parameters=parameters,
        made_from=fingerprint(files, spec, dataset, parameters),
        champion=champion_build(specs, model, parameters.champion),
        data=source_data(root, environment()),
        artifacts=DvcArtifacts(main_checkout(root), environment()),
    )


def source_data(root: Path, env: Mapping[str, str]) -> SourceData:
    """Rows from the working tree at `root`, or from the main checkout for a linked one: what Git ignores is only there."""
    return SourceData(list(dict.fromkeys((root, main_checkout(root)))), env)
