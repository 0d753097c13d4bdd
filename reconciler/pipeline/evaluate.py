"""Stage 4 of 6, evaluate: the candidate measured on the hold-out, and compared with the champion on the very same rows."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from reconciler.domain.evidence import NOT_MEASURED, Comparison, NoBaseline
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.names import short
from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import SAMPLES
from reconciler.pipeline.build_json import json_text
from reconciler.pipeline.columns import features_of
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.evidence_json import EVALUATION, evidence_text
from reconciler.pipeline.measurements import MEASUREMENTS
from reconciler.pipeline.plots import confusion_plot, curve_plots
from reconciler.pipeline.scored import Measure, Scored, score
from reconciler.pipeline.stored import write_run

SAMPLE_ROWS = 5


def evaluate(context: StageContext) -> str:
    """Write metrics.json, evaluation.json, samples.json and plots/. Returns one line of what was measured.

    What cannot be measured, such as against a champion that cannot be rescored, is Missing in the evidence, which no gate passes.
    Raises ReconcilerError when the stage's own inputs are absent.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        scored = score(context)
        metrics = _metrics(context, scored)
        found = {name: attempt(measure, context, scored) for name, measure in MEASUREMENTS.items()}
        write_run(context, SAMPLES, json_text(_samples(scored)))
    known = {name: value for name, value in metrics.items() if not isinstance(value, Missing)}
    measured = {name: value for name, value in found.items() if value != NOT_MEASURED}
    write_run(context, EVALUATION, evidence_text({"metrics": known, **measured}))
    write_run(context, "metrics.json", json_text({name: value.value for name, value in known.items()}))
    _plot(context, scored)
    shown = ", ".join(f"{name} {m.value:.4g} ({m.low:.4g} to {m.high:.4g})" for name, m in known.items())
    return f"{context.model.name}: {shown or 'nothing could be measured'}; {_said(found['comparison'])}"


def attempt(measure: Measure, context: StageContext, scored: Scored) -> Any:
    """What it measured, or why it could not: one measurement that fails takes no other along."""
    try:
        return measure(context, scored)
    except ReconcilerError as error:
        return Missing(code="cannotBeMeasured", why=error.message)


def _metrics(context: StageContext, scored: Scored) -> Mapping[str, Known[Measured]]:
    from reconciler.statistics.bootstrap import Resampling, intervals

    body = context.model.spec
    resampling = Resampling(seed=context.parameters.seed, resamples=body.bootstrap)
    return intervals(body.task, body.metrics, scored.target, scored.prediction, resampling)


def _samples(scored: Scored) -> Mapping[str, Any]:
    """A few rows of the hold-out, evenly spaced, and what the model answers: whoever serves it can check itself."""
    holdout = scored.stored.holdout
    rows = np.unique(np.linspace(0, holdout.height - 1, SAMPLE_ROWS).astype(int))
    few = holdout[rows.tolist()]
    inputs = features_of(few, scored.contract.features).fill_nan(None).to_dicts()
    return {"inputs": inputs, "predictions": scored.predict(few).tolist()}


def _plot(context: StageContext, scored: Scored) -> None:
    answers = (scored.target, scored.prediction)
    for name, table in curve_plots(scored.contract, *answers).items():
        write_run(context, f"plots/curves/{name}.csv", table)
    write_run(context, "plots/confusion.csv", confusion_plot(scored.contract, *answers))


def _said(comparison: Known[Comparison | NoBaseline]) -> str:
    match comparison:
        case Missing(why=why):
            return f"not compared: {why}"
        case NoBaseline():
            return "no champion to compare with"
        case Comparison(gains=gains, champion=champion):
            return f"against {short(champion)}: " + ", ".join(f"{name} {gain.gain:+.4g}" for name, gain in gains.items())
