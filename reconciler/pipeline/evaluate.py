"""Stage 4 of 5, evaluate: the candidate measured on the hold-out, and compared with the champion on the very same rows."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from reconciler.domain.evidence import Comparison, NoBaseline
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.names import Digest, short
from reconciler.domain.releases import digest_of_bytes
from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import CONTRACT, MODEL, SAMPLES, Contract, open_artifact, predictions, read_contract
from reconciler.pipeline.build_json import json_text
from reconciler.pipeline.canonical import load
from reconciler.pipeline.champion import champion_predictions, unseen_rows, with_columns
from reconciler.pipeline.columns import features_of
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.evidence_json import EVALUATION, evaluation_text
from reconciler.pipeline.plots import confusion_plot, curve_plots
from reconciler.pipeline.stored import Stored, read_run_bytes, read_stored, write_run

if TYPE_CHECKING:
    import polars as pl

SAMPLE_ROWS = 5


def evaluate(context: StageContext) -> str:
    """Write metrics.json, evaluation.json, samples.json and plots/. Returns one line of what was measured.

    A champion that cannot be compared is Missing in the evidence, which no gate passes.
    Raises ReconcilerError when the stage's own inputs are absent.
    """
    from threadpoolctl import threadpool_limits

    stored = read_stored(context)
    candidate = read_contract(read_run_bytes(context, CONTRACT), context.model.name)
    with threadpool_limits(limits=1, user_api="blas"):
        estimator = load(read_run_bytes(context, MODEL), candidate.estimator)
        prediction = predictions(estimator, candidate, stored.holdout)
        target = candidate.coding().encode(stored.holdout[candidate.label])
        measured = _measure(context, target, prediction)
        comparison = _compare(context, candidate, stored, prediction)
        write_run(context, SAMPLES, json_text(_samples(estimator, candidate, stored.holdout)))
    return _write(context, candidate, (target, prediction), (measured, comparison))


def _measure(context: StageContext, target: np.ndarray, prediction: np.ndarray) -> Mapping[str, Known[Measured]]:
    from reconciler.statistics.bootstrap import Resampling, intervals

    body = context.model.spec
    resampling = Resampling(seed=context.parameters.seed, resamples=body.bootstrap)
    return intervals(body.task, body.metrics, target, prediction, resampling)


def _compare(
    context: StageContext, candidate: Contract, stored: Stored, prediction: np.ndarray
) -> Known[Comparison | NoBaseline]:
    """Both on the rows of the hold-out that neither was trained on, aligned by position."""
    champion = context.champion
    if champion is None:
        return NoBaseline()
    unseen = unseen_rows(context, champion, stored.holdout)
    if isinstance(unseen, Missing):
        return unseen
    try:
        package = open_artifact(context.artifacts.fetch(champion.artifact), champion.artifact.sha256)
        before = champion_predictions(package, candidate, with_columns(context, package.contract.features, stored))
    except ReconcilerError as error:
        return Missing(code="championNotComparable", why=f"champion {short(champion.digest)} cannot be rescored: {error.message}")
    return _gains(context, candidate, stored.holdout.filter(unseen), (before[unseen], prediction[unseen]))


def _gains(
    context: StageContext, candidate: Contract, rows: "pl.DataFrame", pair: tuple[np.ndarray, np.ndarray]
) -> Known[Comparison | NoBaseline]:
    from reconciler.statistics.bootstrap import Resampling, paired_gains

    body, champion = context.model.spec, context.parameters.champion
    target = candidate.coding().encode(rows[candidate.label])
    resampling = Resampling(seed=context.parameters.seed, resamples=body.bootstrap)
    gains = paired_gains(body.task, body.metrics, target, pair, resampling)
    known = {name: gain for name, gain in gains.items() if not isinstance(gain, Missing)}
    return Comparison(champion=Digest(champion), evaluation_set=evaluation_set(rows), gains=known)


def _samples(estimator: Any, contract: Contract, holdout: "pl.DataFrame") -> Mapping[str, Any]:
    """A few rows of the hold-out, evenly spaced, and what the model answers: whoever serves it can check itself."""
    rows = np.unique(np.linspace(0, holdout.height - 1, SAMPLE_ROWS).astype(int))
    few = holdout[rows.tolist()]
    inputs = features_of(few, contract.features).fill_nan(None).to_dicts()
    return {"inputs": inputs, "predictions": predictions(estimator, contract, few).tolist()}


def evaluation_set(rows: "pl.DataFrame") -> Digest:
    """The digest of the rows, in their order, as CSV."""
    return digest_of_bytes(rows.write_csv(datetime_format="%+").encode())


def _write(
    context: StageContext,
    candidate: Contract,
    answers: tuple[np.ndarray, np.ndarray],
    found: tuple[Mapping[str, Known[Measured]], Known[Comparison | NoBaseline]],
) -> str:
    measured, comparison = found
    known = {name: value for name, value in measured.items() if not isinstance(value, Missing)}
    unmeasured = {name: value.why for name, value in measured.items() if isinstance(value, Missing)}
    write_run(context, "metrics.json", json_text({name: value.value for name, value in known.items()}))
    write_run(context, EVALUATION, evaluation_text(known, unmeasured, comparison))
    for name, table in curve_plots(candidate, *answers).items():
        write_run(context, f"plots/curves/{name}.csv", table)
    write_run(context, "plots/confusion.csv", confusion_plot(candidate, *answers))
    shown = ", ".join(f"{name} {m.value:.4g} ({m.low:.4g} to {m.high:.4g})" for name, m in known.items())
    return f"{context.model.name}: {shown or 'nothing could be measured'}; {_said(comparison)}"


def _said(comparison: Known[Comparison | NoBaseline]) -> str:
    match comparison:
        case Missing(why=why):
            return f"not compared: {why}"
        case NoBaseline():
            return "no champion to compare with"
        case Comparison(gains=gains, champion=champion):
            return f"against {short(champion)}: " + ", ".join(f"{name} {gain.gain:+.4g}" for name, gain in gains.items())
