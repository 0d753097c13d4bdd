"""Used by make: parameters tried by Optuna before the model is trained; the same rows and seed try and choose the same.

The study is kept in SQLite, so a search that was killed goes on with the trials that are left. Each trial's sampler is seeded
with how many trials are done, and sees done trials only: what a killed one would have tried is tried again.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconciler.domain.known import Missing
from reconciler.domain.metrics import METRICS
from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import Contract, predictions
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.fit import fit, with_parameters
from reconciler.pipeline.folds import Fold, folds_of
from reconciler.specs.search import Span

if TYPE_CHECKING:
    import polars as pl
    from optuna import Study
    from optuna.trial import FrozenTrial

STUDY = "study.db"
_ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best parameters, and a record of all trials, of values that JSON can hold; nothing where nothing was searched."""

    parameters: Mapping[str, Any] = field(default_factory=dict)
    record: Mapping[str, Any] | None = None


def search(context: StageContext, contract: Contract, rows: "pl.DataFrame", folder: Path) -> Found:
    """Try as many sets of parameters as the spec says, but for those that `folder` remembers.

    Raises ReconcilerError when the rows are too few for the folds, or no trial could be judged.
    """
    asked = context.model.spec.training.search
    if asked is None:
        return Found()
    metric = asked.metric or context.model.spec.metrics[0]
    folds = list(folds_of(rows, context.dataset.spec.event_time, asked.folds, context.dataset.spec.label.delay))

    def judge(chosen: Mapping[str, Any]) -> float:
        return _mean(with_parameters(context, chosen), contract, folds, metric)

    study = _study(folder / STUDY, higher_is_better=METRICS[metric].higher_is_better)
    while (done := len(_done(study))) < asked.trials:
        _try(study, asked.space, f"{context.parameters.seed}/{done}", judge)
    return _found(_done(study), asked.space, metric, folds)


def _study(path: Path, *, higher_is_better: bool) -> "Study":
    """The study as far as it got; one that cannot be read is begun anew."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return _opened(path, higher_is_better=higher_is_better)
    except (SQLAlchemyError, ValueError, KeyError, RuntimeError):
        path.unlink(missing_ok=True)
        return _opened(path, higher_is_better=higher_is_better)


def _opened(path: Path, *, higher_is_better: bool) -> "Study":
    import optuna

    direction = optuna.study.StudyDirection.MAXIMIZE if higher_is_better else optuna.study.StudyDirection.MINIMIZE
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(storage=f"sqlite:///{path}", study_name=STUDY, direction=direction, load_if_exists=True)
    for trial in study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.RUNNING,)):
        study.tell(trial.number, state=optuna.trial.TrialState.FAIL)  # its process was killed: the same is tried again
    return study


def _done(study: "Study") -> "list[FrozenTrial]":
    """Trials that were judged or could not be, in their order; not those whose process was killed."""
    from optuna.trial import TrialState

    trials = study.get_trials(deepcopy=False)
    return [one for one in trials if one.state is TrialState.COMPLETE or _ERROR in one.user_attrs]


def _try(study: "Study", space: Mapping[str, Span], seed: str, judge: Callable[[Mapping[str, Any]], float]) -> None:
    import optuna

    state = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big")
    study.sampler = optuna.samplers.TPESampler(seed=state, constant_liar=False)
    trial = study.ask()
    chosen = {name: _suggest(trial, name, span) for name, span in sorted(space.items())}
    try:
        value = judge(chosen)
    except ReconcilerError as error:
        trial.set_user_attr(_ERROR, error.message)
        study.tell(trial, state=optuna.trial.TrialState.FAIL)
    else:
        study.tell(trial, value)


def _suggest(trial: Any, name: str, span: Span) -> Any:
    if span.values is not None:
        return trial.suggest_categorical(name, span.values)
    if span.is_whole:
        return trial.suggest_int(name, span.low, span.high, step=span.step or 1, log=span.log)
    return trial.suggest_float(name, span.low, span.high, step=span.step, log=span.log)


def _mean(context: StageContext, contract: Contract, folds: Sequence[Fold], metric: str) -> float:
    """Of the metric over the folds, each judged by a model that was trained on what lies before it."""
    from reconciler.statistics.metrics import measure

    values = []
    for fold in folds:
        fitted = fit(context, contract, fold.train)
        truth = contract.coding().encode(fold.validation[contract.label])
        value = measure(contract.task, metric, truth, predictions(fitted, contract, fold.validation))
        if isinstance(value, Missing):
            raise ReconcilerError(f"{metric} of {fold.validation.height:,} rows to judge by: {value.why}")
        values.append(value)
    return sum(values) / len(values)


def _found(done: "Sequence[FrozenTrial]", names: Iterable[str], metric: str, folds: Sequence[Fold]) -> Found:
    worth = {number: trial.value for number, trial in enumerate(done) if trial.value is not None}
    if not worth:
        raise ReconcilerError(f"none of {len(done)} trials could be judged; the last: {done[-1].user_attrs[_ERROR]}")
    sign = 1 if METRICS[metric].higher_is_better else -1
    best = max(worth, key=lambda number: (sign * worth[number], -number))
    record = {
        "metric": metric,
        "best": best,
        "value": worth[best],
        "folds": [{"trainRows": fold.train.height, "validationRows": fold.validation.height} for fold in folds],
        "trials": [_told(trial, names) for trial in done],
    }
    return Found(parameters={name: done[best].params[name] for name in sorted(names)}, record=record)


def _told(trial: "FrozenTrial", names: Iterable[str]) -> dict[str, Any]:
    outcome = {"error": trial.user_attrs[_ERROR]} if trial.value is None else {"value": trial.value}
    return {"parameters": {name: trial.params[name] for name in sorted(names)}, **outcome}
