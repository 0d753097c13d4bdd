"""The rebuilder port on DVC: every stage runs for real in a worktree with a cache of its own, without any lock or run cache."""

import shutil
from collections.abc import Mapping

from reconciler.adapters.dvc_config import main_checkout
from reconciler.adapters.git import GitRepository
from reconciler.adapters.git.process import writing_to
from reconciler.adapters.training.checkout import DVC, configure, environment_of, redacted_log
from reconciler.adapters.training.log import KILLED, cause, failed_stage, tail
from reconciler.adapters.training.process import run_supervised
from reconciler.adapters.training.results import UnfitResultError, collect
from reconciler.adapters.training.worktree import Worktree, worktree, write_files
from reconciler.domain.rebuilding import RebuildFailed, RebuildOrder, RebuildResult, Rebuilt, RowsFrom
from reconciler.domain.training import Limits

_LOCK = "dvc.lock"


class DvcRebuilder:
    """Rebuilder for the repository. `environment` is what the stages get; nothing is left behind, whatever happens."""

    def __init__(self, repository: GitRepository, environment: Mapping[str, str]) -> None:
        self.repository = repository
        self.environment = environment

    def rebuild(self, order: RebuildOrder) -> RebuildResult:
        """Read the rows, from the source if it still gives the same ones; then train, evaluate and package."""
        with writing_to("the rebuild's checkout"), worktree(self.repository.git, order.base, order.model) as here:
            self._prepare(here, order)
            environment = environment_of(here, self.environment)
            snapshot = f"snapshot@{order.model}"
            failed = self._run(here, environment, "repro", "--no-run-cache", snapshot)
            why = f"the source cannot be read: {failed.message}" if failed else _difference(here, order)
            if why and not order.snapshot:
                return failed or RebuildFailed(stage=snapshot, message=f"{why}, and DVC keeps no snapshot", log_tail="")
            if why:
                _place(here, order)
                if failed := self._run(here, environment, "commit", "--force", snapshot):
                    return failed
            if failed := self._run(here, environment, "repro", "--no-run-cache", f"package@{order.model}"):
                return failed
            try:
                files = collect(here, order.model)
            except UnfitResultError as error:
                return RebuildFailed(stage=f"package@{order.model}", message=str(error), log_tail="")
        return Rebuilt(files=files, rows_from=RowsFrom.CACHE if why else RowsFrom.SOURCE, why=why)

    def _prepare(self, here: Worktree, order: RebuildOrder) -> None:
        write_files(here.path, order.files)
        (here.path / _LOCK).unlink(missing_ok=True)
        shutil.rmtree(here.path / "runs" / order.model, ignore_errors=True)
        configure(here, order.base, main_checkout(self.repository.root), here.path / ".dvc" / "tmp" / "cache")

    def _run(self, here: Worktree, environment: Mapping[str, str], *arguments: str) -> RebuildFailed | None:
        """None when it went well."""
        ended = run_supervised(
            [*DVC, *arguments],
            directory=here.path,
            environment=environment,
            log=here.log,
            limits=Limits(),
            keep=(here.descriptor,),
        )
        if ended.code == 0:
            return None
        log = redacted_log(here, self.repository.root, self.environment)
        message = str(ended.exceeded) if ended.exceeded else KILLED if ended.code is None or ended.code < 0 else cause(log)
        return RebuildFailed(stage=failed_stage(log), message=message, log_tail=tail(log))


def _difference(here: Worktree, order: RebuildOrder) -> str:
    """Whether the stage snapshot chose other rows than it did then; empty when not. Its record has the digest of their bytes."""
    path = f"runs/{order.model}/snapshot.json"
    file = here.path / path
    if path not in order.records or (file.is_file() and file.read_bytes() == order.records[path].encode()):
        return ""
    return "the source gives other rows by now"


def _place(here: Worktree, order: RebuildOrder) -> None:
    """Put the snapshot that DVC keeps, and what the stage wrote of it, where the stage would have."""
    folder = here.path / "runs" / order.model / "snapshot"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, kept in order.snapshot.items():
        shutil.copyfile(kept, folder / name)
    write_files(here.path, order.records)
