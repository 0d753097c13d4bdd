"""The trainer port on DVC: `dvc repro` in a worktree of its own that shares the main checkout's cache."""

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace

from reconciler.adapters.dvc_config import cache_dir, main_checkout
from reconciler.adapters.git import GitRepository
from reconciler.adapters.git.process import writing_to
from reconciler.adapters.training.checkout import DVC, configure, environment_of, redacted_log
from reconciler.adapters.training.interrupted import note_of
from reconciler.adapters.training.log import KILLED, cause, failed_stage, is_transient, tail
from reconciler.adapters.training.process import Ended, run_supervised
from reconciler.adapters.training.results import UnfitResultError, collect
from reconciler.adapters.training.worktree import Worktree, worktree, write_files
from reconciler.domain.training import Trained, TrainingFailed, TrainingOrder, TrainingResult


class DvcTrainer:
    """Trainer for the repository: one try, within the order's limits. `environment` is what the stages get."""

    def __init__(self, repository: GitRepository, environment: Mapping[str, str]) -> None:
        self.repository = repository
        self.environment = environment

    def train(self, order: TrainingOrder) -> TrainingResult:
        """Run the model's stages up to `verify` once, and tell how long they took.

        Raises PermanentActError when they cannot even start, or the disk is full.
        Its log is `<git directory>/perennial/worktrees/*.log` while it runs, and `perennial/logs/<model>.log` afterwards.
        """
        with writing_to("the training's checkout"), self._worktree(order) as here:
            self._prepare(here, order)
            began = time.monotonic()
            ended = run_supervised(
                [*DVC, "repro", f"verify@{order.model}"],
                directory=here.path,
                environment=environment_of(here, self.environment),
                log=here.log,
                limits=order.limits,
                keep=(here.descriptor,),
            )
            seconds = time.monotonic() - began
            log = redacted_log(here, self.repository.root, self.environment)
            self._keep_log(here, order.model)
            return replace(self._result(here, order, ended, log), seconds=seconds)

    def _worktree(self, order: TrainingOrder) -> AbstractContextManager[Worktree]:
        note = note_of(order.begun) if order.begun else b""
        return worktree(self.repository.git, order.base, order.model, note)

    def _prepare(self, here: Worktree, order: TrainingOrder) -> None:
        main = main_checkout(self.repository.root)
        write_files(here.path, order.files)
        configure(here, order.base, main, cache_dir(main))

    def _result(self, here: Worktree, order: TrainingOrder, ended: Ended, log: str) -> TrainingResult:
        stage = failed_stage(log)
        if ended.exceeded:
            return TrainingFailed(stage=stage, message=str(ended.exceeded), log_tail=tail(log), exceeded=ended.exceeded)
        if ended.code is None or ended.code < 0:
            return TrainingFailed(stage=stage, message=KILLED, log_tail=tail(log), transient=True)
        if ended.code:
            return TrainingFailed(stage=stage, message=cause(log), log_tail=tail(log), transient=is_transient(log))
        try:
            return Trained(files=collect(here, order.model))
        except UnfitResultError as error:
            return TrainingFailed(stage=f"verify@{order.model}", message=str(error), log_tail=tail(log))

    def _keep_log(self, here: Worktree, model: str) -> None:
        """Keep the newest log of each model for people to read; on this machine only, so as it is."""
        logs = self.repository.common_dir / "perennial" / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        here.log.replace(logs / f"{model}.log")
