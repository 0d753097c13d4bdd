"""Used by train: parameters, learning curve and metrics of a run, through DVCLive, which here only writes files."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from reconciler.domain.known import Missing
from reconciler.domain.names import run_path
from reconciler.pipeline.artifact import Contract, predictions
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.make import Made
from reconciler.pipeline.stored import Stored

POINTS = 50
"""Of a learning curve; DVCLive writes its files again at each."""


def log_run(context: StageContext, made: Made, contract: Contract, rows: Stored) -> Mapping[str, float]:
    """Write `live/`. Returns the hold-out's metrics."""
    from dvclive.live import Live

    coding = contract.coding()
    training = context.model.spec.training
    measured: Mapping[str, float] = {}
    folder = str(context.root / run_path(context.model.name, "live"))
    live: Any = Live(dir=folder, save_dvc_exp=False, dvcyaml=None, report=None, monitor_system=False)
    live.log_params({"estimator": str(training.estimator), "seed": context.parameters.seed, **training.parameters, **made.chosen})
    for round_number, losses in _curves(made.answers).items():
        live.step = round_number
        for name, value in losses.items():
            live.log_metric(f"loss/{name}", value)
    for part, frame in (("train", rows.train), ("holdout", rows.holdout)):
        target, prediction = coding.encode(frame[contract.label]), predictions(made.answers, contract, frame)
        measured = metrics_on(context, target, prediction)
        for name, value in measured.items():
            live.log_metric(f"{part}/{name}", value)
    if found := made.record.get("search"):
        live.log_metric(f"search/{found['metric']}", found["value"])
    for name, value in made.said.items():
        live.log_metric(f"program/{name}", value)
    live.end()
    context.path("live/plots").mkdir(parents=True, exist_ok=True)
    return measured


def metrics_on(context: StageContext, target: np.ndarray, prediction: np.ndarray) -> Mapping[str, float]:
    """The model's metrics that have a value on these rows."""
    from reconciler.statistics.metrics import measure

    body = context.model.spec
    values = {name: measure(body.task, name, target, prediction) for name in body.metrics}
    return {name: value for name, value in values.items() if not isinstance(value, Missing)}


def _curves(fitted: Any) -> Mapping[int, Mapping[str, float]]:
    """Round of boosting to the losses after it, of at most 50 rounds, where the estimator kept its scores (larger is better)."""
    estimator = fitted.steps[-1][1] if hasattr(fitted, "steps") else fitted
    scores = {"train": getattr(estimator, "train_score_", ()), "validation": getattr(estimator, "validation_score_", ())}
    kept = {name: -np.asarray(values, dtype=float) for name, values in scores.items() if len(values)}
    rounds = min(map(len, kept.values()), default=0)
    shown = np.unique(np.linspace(0, rounds - 1, min(POINTS, rounds)).astype(int)).tolist()
    return {number: {name: float(values[number]) for name, values in kept.items()} for number in shown}
