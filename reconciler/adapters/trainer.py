"""The trainer port on DVC: `dvc repro` in a worktree of its own that shares the main checkout's cache."""

import os
import sys
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from reconciler.adapters.dvc_config import cache_dir, main_checkout, training_config
from reconciler.adapters.git import GitRepository
from reconciler.adapters.git.process import writing_to
from reconciler.adapters.redaction import redact
from reconciler.adapters.training.code import code_of
from reconciler.adapters.training.interrupted import note_of
from reconciler.adapters.training.log import KILLED, cause, failed_stage, is_transient, tail
from reconciler.adapters.training.process import Ended, run_supervised
from reconciler.adapters.training.results import UnfitResultError, collect
from reconciler.adapters.training.worktree import Worktree, worktree, write_files
from reconciler.domain.names import short
from reconciler.domain.training import Trained, TrainingFailed, TrainingOrder, TrainingResult
from reconciler.errors import PermanentActError

_QUIET = {"DVC_NO_ANALYTICS": "1", "DVC_STUDIO_OFFLINE": "1", "GX_ANALYTICS_ENABLED": "false", "PYTHONUNBUFFERED": "1"}
_NOT_PASSED_ON = ("GIT_", "DVC_ROOT", "DVC_STAGE", "DVC_EXP_")
_LOG_BYTES = 200_000


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
                [sys.executable, "-P", "-m", "dvc", "repro", f"verify@{order.model}"],
                directory=here.path,
                environment=self._environment(here),
                log=here.log,
                limits=order.limits,
                keep=(here.descriptor,),
            )
            seconds = time.monotonic() - began
            log = self._redacted(here, _end_of(here.log))
            self._keep_log(here, order.model)
            return replace(self._result(here, order, ended, log), seconds=seconds)

    def _worktree(self, order: TrainingOrder) -> AbstractContextManager[Worktree]:
        note = note_of(order.begun) if order.begun else b""
        return worktree(self.repository.git, order.base, order.model, note)

    def _prepare(self, here: Worktree, order: TrainingOrder) -> None:
        config = here.path / ".dvc"
        if not (config / "config").is_file():
            raise PermanentActError(f"there is no .dvc/config in {short(order.base)}", help="dvc init, then git commit .dvc")
        write_files(here.path, order.files)
        main = main_checkout(self.repository.root)
        local = config / "config.local"
        local.unlink(missing_ok=True)
        descriptor = os.open(local, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor, not a path
            file.write(training_config(main, cache_dir(main)))

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

    def _environment(self, here: Worktree) -> dict[str, str]:
        passed = {k: v for k, v in self.environment.items() if not k.startswith(_NOT_PASSED_ON)}
        path = os.pathsep.join(part for part in (str(Path(sys.executable).parent), passed.get("PATH", "")) if part)
        ours = {"PATH": path, "DVC_SITE_CACHE_DIR": str(here.path / ".dvc" / "tmp" / "site")}
        return passed | _QUIET | ours | code_of(here, passed.get("PYTHONPATH", ""))

    def _redacted(self, here: Worktree, log: str) -> str:
        places = {here.path: ".", main_checkout(self.repository.root): "<checkout>", Path(sys.prefix): "<python>"}
        if home := self.environment.get("HOME"):
            places[Path(home)] = "~"
        return redact(log, self.environment, places)

    def _keep_log(self, here: Worktree, model: str) -> None:
        """Keep the newest log of each model for people to read; on this machine only, so as it is."""
        logs = self.repository.common_dir / "perennial" / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        here.log.replace(logs / f"{model}.log")


def _end_of(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - _LOG_BYTES))
        return file.read().decode(errors="replace")
