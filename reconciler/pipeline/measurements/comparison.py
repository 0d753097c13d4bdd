"""Measurement `comparison`: the candidate's gains over the champion on identical rows, with their bootstrap."""

from typing import TYPE_CHECKING

from reconciler.domain.evidence import Comparison, NoBaseline
from reconciler.domain.known import Known, Missing
from reconciler.domain.names import Digest
from reconciler.domain.releases import digest_of_bytes
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.scored import Rescored, Scored

if TYPE_CHECKING:
    import polars as pl


def comparison(context: StageContext, scored: Scored) -> Known[Comparison | NoBaseline]:
    """Both on the rows of the hold-out that neither was trained on, aligned by position."""
    match scored.champion:
        case None:
            return NoBaseline()
        case Missing() as missing:
            return missing
        case champion:
            return _gains(context, scored, champion)


def _gains(context: StageContext, scored: Scored, champion: Rescored) -> Comparison:
    from reconciler.statistics.bootstrap import Resampling, paired_gains

    body, unseen = context.model.spec, champion.unseen
    resampling = Resampling(seed=context.parameters.seed, resamples=body.bootstrap)
    pair = (champion.prediction[unseen], scored.prediction[unseen])
    gains = paired_gains(body.task, body.metrics, scored.target[unseen], pair, resampling)
    known = {name: gain for name, gain in gains.items() if not isinstance(gain, Missing)}
    return Comparison(champion=champion.digest, evaluation_set=evaluation_set(scored.stored.holdout.filter(unseen)), gains=known)


def evaluation_set(rows: "pl.DataFrame") -> Digest:
    """The digest of the rows, in their order, as CSV."""
    return digest_of_bytes(rows.write_csv(datetime_format="%+").encode())
