"""Measurement `latency`: seconds from the text of a request to its answers, in a process of the serving environment."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from reconciler.domain.evidence import NOT_MEASURED, NoBaseline
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.serving import Latency, Spread, TimesLive
from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import ModelPackage, open_artifact
from reconciler.pipeline.champion import with_columns
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.package import PACKAGE
from reconciler.pipeline.requests import request_of
from reconciler.pipeline.serving_process import ask_serving
from reconciler.pipeline.stored import Stored, read_stored

if TYPE_CHECKING:
    import polars as pl

ROUNDS = 9
_LOW, _MIDDLE, _HIGH = 1, 4, 7
"""Of nine sorted numbers the second and the eighth: with 96 % the true median is between them, whatever the distribution."""
_REQUESTS = 20
"""Different requests, which are sent in turn."""


def latency(context: StageContext) -> Known[dict[str, Known[Latency]]]:
    """By how many rows a request has. Raises ReconcilerError when the package cannot be asked at all."""
    asked = sorted(key.split("/") for key in context.asked if key.startswith("latency/"))
    if not asked:
        return NOT_MEASURED
    stored = read_stored(context)
    beside = {int(rows): len(more) > 0 for _, rows, *more in asked}
    return {str(rows): _timed(context, stored, rows, live=live) for rows, live in beside.items()}


def _timed(context: StageContext, stored: Stored, rows: int, *, live: bool) -> Known[Latency]:
    if rows > stored.holdout.height:
        why = f"a request of {rows} rows is to be timed, and the hold-out has {stored.holdout.height}"
        return Missing(code="insufficientData", why=why)
    own = context.path(PACKAGE).absolute()
    packages = [_task(own, open_artifact(own), stored.holdout, rows)]
    against = _champion(context, stored, rows) if live else None
    if isinstance(against, dict):
        packages.append(against)
    seconds = [np.asarray(each) for each in ask_serving(context, "time", packages=packages, rounds=ROUNDS)["seconds"]]
    p50, p95 = (np.quantile(seconds[0], level, axis=1) for level in (0.5, 0.95))
    compared: dict[str, Any] = {}
    if isinstance(against, dict) and context.champion:
        times = np.median(seconds[0], axis=1) / np.median(seconds[1], axis=1)
        compared["live"] = TimesLive(champion=context.champion.digest, times=spread(times))
    elif against is not None:
        compared["live"] = against
    return Latency(rows=rows, calls=seconds[0].shape[1], rounds=ROUNDS, p50=spread(p50), p95=spread(p95), **compared)


def spread(rounds: np.ndarray) -> Spread:
    """Of one number per round, (9,)."""
    low, middle, high = (float(np.sort(rounds)[place]) for place in (_LOW, _MIDDLE, _HIGH))
    return Spread(low=low, middle=middle, high=high)


def _task(path: Path, package: ModelPackage, rows: "pl.DataFrame", count: int) -> dict[str, Any]:
    starts = np.unique(np.linspace(0, rows.height - count, _REQUESTS).astype(int)).tolist()
    return {"package": str(path), "requests": [request_of(package.contract, rows[start : start + count]) for start in starts]}


def _champion(context: StageContext, stored: Stored, rows: int) -> dict[str, Any] | Missing | NoBaseline:
    """The same rows for the champion, with the columns that it knows."""
    champion = context.champion
    if champion is None:
        return NoBaseline()
    try:
        path = context.artifacts.fetch(champion.artifact).absolute()
        package = open_artifact(path, champion.artifact.sha256)
        return _task(path, package, with_columns(context, package.contract.features, stored), rows)
    except ReconcilerError as error:
        return Missing(code="championNotComparable", why=f"the live model cannot be asked: {error.message}")
