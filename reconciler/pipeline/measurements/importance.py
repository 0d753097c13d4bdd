"""Measurement `importance`: what the candidate leans on, and the champion on the very same shuffled rows."""

from typing import TYPE_CHECKING

import numpy as np

from reconciler.domain.evidence import NOT_MEASURED, NoBaseline
from reconciler.domain.known import Known
from reconciler.domain.measured.importance import Beside, Importance
from reconciler.pipeline.champion import champion_predictions
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.growth import growth_of, losses_of
from reconciler.pipeline.scored import Rescored, Scored
from reconciler.rules.gates.explainability import Explainability

if TYPE_CHECKING:
    import polars as pl

SAMPLE = 10_000
"""Rows at most: more rows tell more than more shuffles of them."""
REPEATS = 2


def importance(context: StageContext, scored: Scored) -> Known[Importance]:
    """Shares on rows that neither model was trained on. Raises ReconcilerError when a model cannot answer."""
    from reconciler.statistics.bootstrap import Resampling
    from reconciler.statistics.importance import leanings, ranged_shares

    if not any(isinstance(gate, Explainability) for gate in context.gates):
        return NOT_MEASURED
    champion, seed, contract = scored.champion, context.parameters.seed, scored.contract
    chosen = _chosen(scored, seed)
    rows = _rows(scored).filter(chosen)
    truth, resampling = scored.target[chosen], Resampling(seed=seed, resamples=context.model.spec.bootstrap)
    own = losses_of(scored.predict, contract, truth)
    names = contract.features.names
    shares = ranged_shares(names, growth_of(own, rows, names, seed=seed, repeats=REPEATS), resampling)
    if not isinstance(champion, Rescored):
        return Importance(rows=rows.height, shares=shares, beside=NoBaseline() if champion is None else champion)
    package = champion.package
    both = [name for name in names if name in package.contract.features.names]
    theirs = losses_of(lambda frame: champion_predictions(package, contract, frame), contract, truth)
    live, candidate = (growth_of(losses, rows, both, seed=seed, repeats=REPEATS) for losses in (theirs, own))
    features = leanings(both, live, candidate, resampling) if both else {}
    return Importance(rows=rows.height, shares=shares, beside=Beside(champion=champion.digest, features=features))


def _rows(scored: Scored) -> "pl.DataFrame":
    """The hold-out, with the champion's columns where there is one."""
    return scored.champion.rows if isinstance(scored.champion, Rescored) else scored.stored.holdout


def _chosen(scored: Scored, seed: int) -> np.ndarray:
    """(n,) True for at most 10,000 rows that neither model was trained on."""
    unseen = scored.champion.unseen if isinstance(scored.champion, Rescored) else np.ones(scored.target.size, dtype=bool)
    places = np.random.default_rng(seed).permutation(np.flatnonzero(unseen))[:SAMPLE]
    chosen = np.zeros(unseen.size, dtype=bool)
    chosen[places] = True
    return chosen
