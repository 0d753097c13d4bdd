"""Used by fit: boosting rounds or trees in portions, each kept, so that a killed training goes on with the last whole one.

Measured for the estimators that may be trained so: portions, also with a kill in between, give the bytes of one go.
"""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconciler.errors import ReconcilerError
from reconciler.pipeline.archive import sha256_of
from reconciler.specs.training import Estimator

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

COUNTED: Mapping[Estimator, str] = {Estimator.HIST_GRADIENT_BOOSTING: "max_iter", Estimator.RANDOM_FOREST: "n_estimators"}
"""What counts the rounds of an estimator that can go on where it stopped."""
_KEPT = 2
"""Checkpoints: the newest, and the one before it should the disk have lost the newest."""


class Checkpoints:
    """Files of a folder, each named by how many rounds it holds and by the digest of its content."""

    def __init__(self, folder: Path, estimator: Estimator) -> None:
        self.folder = folder / "rounds"
        self.estimator = estimator
        self.folder.mkdir(exist_ok=True)

    def newest(self) -> Any | None:
        """The estimator as it was kept last, of what is whole; None when nothing is."""
        from reconciler.pipeline.canonical import load

        for file in sorted(self.folder.glob("*.skops"), reverse=True):
            content = file.read_bytes()
            if file.stem.endswith(sha256_of(content)):
                with contextlib.suppress(ReconcilerError):
                    return load(content, self.estimator)
        return None

    def keep(self, fitted: Any, rounds: int) -> None:
        """Write it whole or not at all, and let go of those that are no longer needed."""
        from reconciler.pipeline.canonical import dump

        content = dump(fitted, self.estimator)
        new = self.folder / "new"
        with new.open("wb") as file:
            file.write(content)
            os.fsync(file.fileno())
        new.replace(self.folder / f"{rounds:08d}-{sha256_of(content)}.skops")
        for old in sorted(self.folder.glob("*.skops"), reverse=True)[_KEPT:]:
            old.unlink()


def fit_in_rounds(
    pipeline: Any, rows: "pl.DataFrame", target: "np.ndarray", weights: Mapping[str, Any], every: int, kept: Checkpoints
) -> Any:
    """The fitted pipeline. Its last step is trained `every` rounds at a time; one that stops early is not driven on."""
    counted, last = COUNTED[kept.estimator], pipeline.steps[-1][1]
    wanted, warm = last.get_params()[counted], last.get_params()["warm_start"]
    seen = pipeline[:-1].fit_transform(rows, target)
    estimator = kept.newest() or last
    done = _rounds(estimator)
    for rounds in [*range(every * (done // every + 1), wanted, every), wanted]:
        if rounds > done:
            estimator.set_params(**{counted: rounds, "warm_start": True}).fit(seen, target, **weights)
            done = _rounds(estimator)
            if done < rounds or _has_converged(estimator):
                break
            if rounds < wanted:
                kept.keep(estimator, rounds)
    pipeline.steps[-1] = (pipeline.steps[-1][0], estimator.set_params(**{counted: wanted, "warm_start": warm}))
    return pipeline


def _has_converged(estimator: Any) -> bool:
    """It would not go on by itself: early stopping looks at its scores only after a round, so another portion adds one."""
    if not getattr(estimator, "do_early_stopping_", False):
        return False
    scores = estimator.validation_score_ if estimator._use_validation_data else estimator.train_score_
    return bool(estimator._should_stop(scores))


def _rounds(estimator: Any) -> int:
    """How many it has; 0 of one that was never fitted."""
    return int(getattr(estimator, "n_iter_", 0)) or len(getattr(estimator, "estimators_", ()))
