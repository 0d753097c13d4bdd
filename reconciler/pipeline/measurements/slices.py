"""Measurement `slices`: the metric, and the gain over the champion, in each part of the hold-out that the gates look at."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from reconciler.domain.evidence import NOT_MEASURED, Gain
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.measured.comparison import NoBaseline
from reconciler.domain.measured.slices import Sliced, SliceGain, SliceGains, SliceValue
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.groups import Groups, groups_of
from reconciler.pipeline.scored import Rescored, Scored
from reconciler.rules.gates.slices import Slices
from reconciler.rules.groups import INTERVAL
from reconciler.specs.model import Task

if TYPE_CHECKING:
    from reconciler.statistics.bootstrap import Resampling

LARGEST = 200
"""So many slices of a cut are measured; there may be as many as values."""


def slices(context: StageContext, scored: Scored) -> Known[tuple[Sliced, ...]]:
    """One for each cut and metric that the gates ask for. Raises ReconcilerError for a column that the snapshot lacks."""
    asked = sorted(_asked(context))
    return tuple(_sliced(context, scored, columns, metric) for columns, metric in asked) if asked else NOT_MEASURED


def _asked(context: StageContext) -> set[tuple[tuple[str, ...], str]]:
    body = context.model.spec
    every = tuple((name,) for name in body.features.categorical)
    return {
        (columns, gate.metric or body.metrics[0])
        for gate in context.gates
        if isinstance(gate, Slices)
        for columns in gate.cuts or every
    }


def _sliced(context: StageContext, scored: Scored, columns: tuple[str, ...], metric: str) -> Sliced:
    from reconciler.statistics.slices import sliced_intervals

    body = context.model.spec
    groups, left_out = _largest(groups_of(scored.stored.holdout, columns, body.features.categorical))
    found = sliced_intervals(body.task, (metric,), scored.target, scored.prediction, groups.codes, _resampling(context))
    counts = np.bincount(groups.codes[groups.codes >= 0], minlength=len(groups.names))
    fewest = {code: _rarest(context, metric, scored.target[groups.codes == code]) for code in found}
    return Sliced(
        columns=columns,
        metric=metric,
        rows={groups.names[code]: int(counts[code]) for code in found},
        measured={groups.names[code]: _value(values[metric], fewest[code]) for code, values in found.items()},
        gains=_gains(context, scored, groups, metric),
        left_out=left_out,
    )


def _resampling(context: StageContext) -> "Resampling":
    from reconciler.statistics.bootstrap import Resampling

    return Resampling(seed=context.parameters.seed, resamples=context.model.spec.bootstrap)


def _rarest(context: StageContext, metric: str, target: np.ndarray) -> int:
    """Rows that decide how far the slice's numbers can be believed."""
    task = context.model.spec.task
    if task is Task.REGRESSION or (task is Task.MULTICLASS and metric != "macroF1"):
        return int(target.size)
    return int(np.unique(target, return_counts=True)[1].min())


def _largest(groups: Groups) -> tuple[Groups, int]:
    """The same with only the largest groups, and how many are left out: their rows get code -1."""
    counts = np.bincount(groups.codes, minlength=len(groups.names))
    smaller = np.argsort(-counts, kind="stable")[LARGEST:]
    return Groups(names=groups.names, codes=np.where(np.isin(groups.codes, smaller), -1, groups.codes)), len(smaller)


def _gains(context: StageContext, scored: Scored, groups: Groups, metric: str) -> Known[SliceGains | NoBaseline]:
    match scored.champion:
        case None:
            return NoBaseline()
        case Missing() as missing:
            return missing
        case champion:
            found = _gained(context, scored, champion, groups.codes, metric)
            return SliceGains(champion=champion.digest, gains={groups.names[code]: gain for code, gain in found.items()})


def _gained(
    context: StageContext, scored: Scored, champion: Rescored, codes: np.ndarray, metric: str
) -> Mapping[int, Known[SliceGain]]:
    from reconciler.statistics.slices import sliced_gains

    unseen = champion.unseen
    target, cut = scored.target[unseen], codes[unseen]
    pair = (champion.prediction[unseen], scored.prediction[unseen])
    found = sliced_gains(context.model.spec.task, (metric,), target, pair, cut, _resampling(context))
    return {code: _short(values[metric], _rarest(context, metric, target[cut == code])) for code, values in found.items()}


def _value(measured: Known[Measured], rarest: int) -> Known[SliceValue]:
    if isinstance(measured, Missing):
        return measured
    return SliceValue(value=measured.value, low=measured.low, high=measured.high, rows=measured.rows, rarest=rarest)


def _short(gain: Known[Gain], rarest: int) -> Known[SliceGain]:
    """Of the bootstrap only what is judged: there may be hundreds of slices, and Git keeps them."""
    if isinstance(gain, Missing):
        return gain
    return SliceGain(
        champion=gain.champion,
        challenger=gain.challenger,
        gain=gain.gain,
        lower=gain.quantiles[0.05],
        error=(gain.quantiles[0.975] - gain.quantiles[0.025]) / (2 * INTERVAL),
        rows=gain.rows,
        rarest=rarest,
    )
