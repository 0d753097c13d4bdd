"""The remedy that all that was seen points to, and a sentence why."""

import math
from collections.abc import Sequence

from reconciler.domain.known import Known, Missing
from reconciler.domain.live import ConceptDrift, DriftKind
from reconciler.domain.needs import Slice
from reconciler.domain.verdicts import ColumnVerdict, Kind, Remedy, Seen
from reconciler.statistics.evidence import Evidence

ATTENTION = 0.2
"""The share of the model's attention that drifted features must have for a retrain to be the remedy."""
SHARE = 0.3
"""The same of the number of features, where nobody measured the model's attention."""


def remedy_of(
    evidence: Evidence, seen: Sequence[Seen], features: Sequence[ColumnVerdict], unknown: Sequence[str]
) -> tuple[Remedy, str]:
    """The first of these that applies; a fault of the data wins, since it may be what all the rest comes from."""
    kinds = {one.kind for one in seen}
    if kinds & {Kind.DATA_QUALITY, Kind.TRAIN_SERVE_SKEW}:
        return Remedy.FIX_THE_SOURCE, "the data are at fault; a model that is retrained on them learns the fault"
    if Kind.CONCEPT_DRIFT in kinds and (evidence.is_worse or not _recurs(evidence.concept)):
        return _concept(evidence)
    if Kind.DATA_DRIFT in kinds:
        return _data_drift(features)
    if Kind.CONCEPT_DRIFT in kinds:
        return Remedy.WATCH, "the loss is back at a level that it had before; days and seasons do that"
    if kinds:
        return Remedy.WATCH, "no feature has drifted, and nothing says that the model does worse"
    return _nothing(len(unknown), evidence.slice)


def _concept(evidence: Evidence) -> tuple[Remedy, str]:
    if _began_with_release(evidence):
        return Remedy.ROLL_BACK, "it does worse than in its evidence, and was made within this window"
    return Remedy.RETRAIN, "what happens no longer follows from the features as the model learnt it"


def _recurs(concept: Known[ConceptDrift]) -> bool:
    """What the loss does now it did before, so newer rows teach the model nothing new."""
    return not isinstance(concept, Missing) and concept.kind is DriftKind.RECURRING


def _nothing(unknown: int, slice: Slice | None) -> tuple[Remedy, str]:
    if not unknown:
        return Remedy.NONE, "nothing has drifted" if slice is None else "no feature of the slice has drifted"
    return Remedy.WATCH, f"nothing was seen, but {unknown} {'thing' if unknown == 1 else 'things'} could not be looked at"


def _began_with_release(evidence: Evidence) -> bool:
    """The champion is younger than the window and did well in its evidence, and there is a release to go back to.

    Then a change of the world is less likely than that the new release does not do in production what it did in evidence.
    """
    is_young = evidence.since is not None and evidence.champion_since is not None and evidence.champion_since > evidence.since
    return is_young and evidence.has_earlier and not isinstance(evidence.baseline, Missing)


def _data_drift(features: Sequence[ColumnVerdict]) -> tuple[Remedy, str]:
    moved = [one for one in features if one.drifted]
    if not moved:
        return Remedy.WATCH, "how the features hang together changed, and nothing says that the model does worse"
    known = [one.importance for one in moved if one.importance is not None]
    if known:
        share, needed, what = math.fsum(known), ATTENTION, "of the model's attention is on features that drifted"
    else:
        share, needed, what = len(moved) / len(features), SHARE, "of the features drifted, their importance is not known"
    said = f"{share:.0%} {what}; {needed:.0%} calls for a retrain"
    return (Remedy.RETRAIN if share >= needed else Remedy.WATCH), said
