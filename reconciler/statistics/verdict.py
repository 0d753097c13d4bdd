"""The verdict on one window: which kinds of change were seen, and the remedy that they point to together. Pure."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reconciler.domain.facts import NOT_ASKED, Known, Measured, Missing
from reconciler.domain.live import ConceptDrift, LiveQuality, QualityCheck, Skew
from reconciler.domain.needs import Slice
from reconciler.domain.profiles import Profile
from reconciler.domain.verdicts import ColumnVerdict, DriftVerdict, Kind, Reading, Remedy, Seen
from reconciler.statistics.columns import columns
from reconciler.statistics.drift.measure import MINIMUM_ROWS

STATISTIC = "psi"
"""Decides which columns drifted; the others are shown beside it."""
SKEWED = 0.01
"""The share of rows from which on a feature that serving logged otherwise than the source has it is skewed."""
ATTENTION = 0.2
"""The share of the model's attention that drifted features must have for a retrain to be the remedy."""
SHARE = 0.3
"""The same of the number of features, where nobody measured the model's attention."""
HARMLESS = frozenset({QualityCheck.NEW_COLUMN})
"""What no model can learn wrongly from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that a verdict is made from. What is Missing is listed in the verdict; NOT_ASKED says that it does not apply.

    `score` is the primary metric over the newest mature rows, `baseline` the same in the champion's evidence; `higher` says
    which direction is better. `champion_since` is as of when the champion was made, `since` where the window begins, and
    `has_earlier` that there is a release to go back to.
    """

    model: str
    window: timedelta
    reference: Known[Profile]
    current: Known[Profile]
    slice: Slice | None = None
    importance: Mapping[str, float] = field(default_factory=dict)
    outcomes: Known[Profile] = NOT_ASKED
    predictions: Known[Profile] = NOT_ASKED
    labels: Known[Profile] = NOT_ASKED
    quality: Known[LiveQuality] = NOT_ASKED
    skew: Known[Skew] = NOT_ASKED
    concept: Known[ConceptDrift] = NOT_ASKED
    metric: str = ""
    higher: bool = True
    score: Known[Measured] = NOT_ASKED
    baseline: Known[Measured] = NOT_ASKED
    since: datetime | None = None
    champion_since: datetime | None = None
    has_earlier: bool = False


def verdict(evidence: Evidence, statistic: str = STATISTIC) -> DriftVerdict:
    """What was seen, in the order of what it calls for: a fault of the data first, since it explains all the others."""
    features = _against(evidence.reference, evidence.current, statistic, evidence.importance)
    predictions = _against(evidence.outcomes, evidence.predictions, statistic, {})
    labels = _against(evidence.outcomes, evidence.labels, statistic, {})
    seen = (
        *_quality(evidence.quality),
        *_skew(evidence.skew),
        *_concept(evidence.concept),
        *_performance(evidence),
        *_features(features, statistic),
        *_outcomes(Kind.PREDICTION_DRIFT, "predictions", predictions, statistic),
        *_outcomes(Kind.LABEL_DRIFT, "labels", labels, statistic),
    )
    unknown = tuple(dict.fromkeys([*_unknown(evidence), *_unmeasured((*features, *predictions, *labels), statistic)]))
    remedy, why = _remedy(evidence, seen, features, unknown)
    moved = [one for one in features if one.drifted]
    return DriftVerdict(
        model=evidence.model,
        window=evidence.window,
        slice=evidence.slice,
        statistic=statistic,
        reference_rows=0 if isinstance(evidence.reference, Missing) else evidence.reference.rows,
        rows=0 if isinstance(evidence.current, Missing) else evidence.current.rows,
        share=len(moved) / len(features) if any(isinstance(one.readings[statistic], Reading) for one in features) else None,
        seen=seen,
        remedy=remedy,
        why=why,
        features=features,
        predictions=predictions,
        labels=labels,
        unknown=unknown,
    )


def _against(
    reference: Known[Profile], current: Known[Profile], statistic: str, importance: Mapping[str, float]
) -> tuple[ColumnVerdict, ...]:
    if isinstance(reference, Missing) or isinstance(current, Missing):
        return ()
    return columns(reference, current, statistic, importance)


def _quality(quality: Known[LiveQuality]) -> Iterator[Seen]:
    if not isinstance(quality, Missing):
        for finding in quality.findings:
            if finding.check not in HARMLESS:
                yield Seen(kind=Kind.DATA_QUALITY, message=f"{finding.check}: {finding.message}")


def _skew(skew: Known[Skew]) -> Iterator[Seen]:
    if isinstance(skew, Missing):
        return
    for name, feature in sorted(skew.features.items()):
        if feature.rows >= MINIMUM_ROWS and feature.different / feature.rows >= SKEWED:
            share = feature.different / feature.rows
            said = f"{name} was served otherwise than the source has it in {feature.different:,} of {feature.rows:,} rows"
            yield Seen(kind=Kind.TRAIN_SERVE_SKEW, message=f"{said} ({share:.1%}), {SKEWED:.0%} is skew")


def _concept(concept: Known[ConceptDrift]) -> Iterator[Seen]:
    """Only the newest change counts: a loss that grew and shrank again calls for nothing."""
    if not isinstance(concept, Missing) and concept.changes and concept.changes[-1].worse:
        change, kind = concept.changes[-1], concept.kind or "unclassified"
        rows = f"of {change.rows_before:,} rows before {change.at:%Y-%m-%d %H:%M} and {change.rows_after:,} after"
        said = f"the loss ({concept.loss}) went from {change.before:.4g} to {change.after:.4g}, {kind}, {rows}"
        yield Seen(kind=Kind.CONCEPT_DRIFT, message=said)


def _performance(evidence: Evidence) -> Iterator[Seen]:
    score, baseline = evidence.score, evidence.baseline
    if isinstance(score, Missing) or isinstance(baseline, Missing) or score.rows < MINIMUM_ROWS:
        return
    if score.high < baseline.low if evidence.higher else score.low > baseline.high:
        said = f"{evidence.metric} {_interval(score)} over {score.rows:,} mature rows, {_interval(baseline)} in the evidence"
        yield Seen(kind=Kind.CONCEPT_DRIFT, message=said)


def _interval(measured: Measured) -> str:
    return f"{measured.value:.4g} [{measured.low:.4g}, {measured.high:.4g}]"


def _features(features: Sequence[ColumnVerdict], statistic: str) -> Iterator[Seen]:
    if moved := [one for one in features if one.drifted]:
        said = f"{len(moved)} of {len(features)} features ({len(moved) / len(features):.0%}) drifted: {_named(moved, statistic)}"
        yield Seen(kind=Kind.DATA_DRIFT, message=said)


def _outcomes(kind: Kind, what: str, found: Sequence[ColumnVerdict], statistic: str) -> Iterator[Seen]:
    if moved := [one for one in found if one.drifted]:
        yield Seen(kind=kind, message=f"{what} drifted: {_named(moved, statistic)}")


def _named(moved: Sequence[ColumnVerdict], statistic: str) -> str:
    told = [
        f"{one.name} {statistic} {reading.value:.3g}, cut {reading.cut:g}"
        for one in moved[:3]
        if isinstance(reading := one.readings[statistic], Reading)
    ]
    return "; ".join(told) + (f"; and {len(moved) - 3} more" if len(moved) > 3 else "")


def _unknown(evidence: Evidence) -> Iterator[str]:
    parts: Sequence[tuple[str, object]] = (
        ("the reference", evidence.reference),
        ("the window", evidence.current),
        ("the reference's outcomes", evidence.outcomes),
        ("predictions", evidence.predictions),
        ("labels", evidence.labels),
        ("data quality", evidence.quality),
        ("skew", evidence.skew),
        ("concept drift", evidence.concept),
        ("performance", evidence.score),
        ("performance in the evidence", evidence.baseline),
    )
    yield from (f"{what}: {part.why}" for what, part in parts if isinstance(part, Missing) and part != NOT_ASKED)
    if not isinstance(evidence.score, Missing):
        if evidence.score.rows < MINIMUM_ROWS:
            yield f"performance: {evidence.score.rows} mature rows, {MINIMUM_ROWS} needed"
        elif not math.isfinite(evidence.score.low + evidence.score.high):
            yield f"performance: {evidence.metric} has no interval over {evidence.score.rows} rows"
    if not isinstance(evidence.concept, Missing) and evidence.concept.rows < MINIMUM_ROWS:
        yield f"concept drift: {evidence.concept.rows} mature rows that the model has not learnt from, {MINIMUM_ROWS} needed"
    if not isinstance(evidence.quality, Missing) and (
        silent := [one for one in QualityCheck if one not in evidence.quality.evaluated]
    ):
        yield f"data quality: {len(silent)} of {len(QualityCheck)} checks could not be made: {', '.join(silent)}"
    if not evidence.importance and evidence.slice is None and not isinstance(evidence.reference, Missing):
        yield "importance: nobody measured how much attention the model pays to each feature"


def _unmeasured(found: Sequence[ColumnVerdict], statistic: str) -> Iterator[str]:
    yield from (f"{one.name}: {reading.why}" for one in found if isinstance(reading := one.readings[statistic], Missing))


def _remedy(
    evidence: Evidence, seen: Sequence[Seen], features: Sequence[ColumnVerdict], unknown: Sequence[str]
) -> tuple[Remedy, str]:
    """The first of these that applies; a fault of the data wins, since it may be what all the rest comes from."""
    kinds = {one.kind for one in seen}
    if kinds & {Kind.DATA_QUALITY, Kind.TRAIN_SERVE_SKEW}:
        return Remedy.FIX_THE_SOURCE, "the data are at fault; a model that is retrained on them learns the fault"
    if Kind.CONCEPT_DRIFT in kinds and _began_with_release(evidence):
        return Remedy.ROLL_BACK, "it does worse than in its evidence, and was made within this window"
    if Kind.CONCEPT_DRIFT in kinds:
        return Remedy.RETRAIN, "what happens no longer follows from the features as the model learnt it"
    if Kind.DATA_DRIFT in kinds:
        return _data_drift(features)
    if kinds:
        return Remedy.WATCH, "no feature has drifted, and nothing says that the model does worse"
    return _nothing(len(unknown))


def _nothing(unknown: int) -> tuple[Remedy, str]:
    if not unknown:
        return Remedy.NONE, "nothing has drifted"
    return Remedy.WATCH, f"nothing was seen, but {unknown} {'thing' if unknown == 1 else 'things'} could not be looked at"


def _began_with_release(evidence: Evidence) -> bool:
    """The champion is younger than the window and did well in its evidence, and there is a release to go back to.

    Then a change of the world is less likely than that the new release does not do in production what it did in evidence.
    """
    is_young = evidence.since is not None and evidence.champion_since is not None and evidence.champion_since > evidence.since
    return is_young and evidence.has_earlier and not isinstance(evidence.baseline, Missing)


def _data_drift(features: Sequence[ColumnVerdict]) -> tuple[Remedy, str]:
    moved = [one for one in features if one.drifted]
    known = [one.importance for one in moved if one.importance is not None]
    if known:
        share, needed, what = math.fsum(known), ATTENTION, "of the model's attention is on features that drifted"
    else:
        share, needed, what = len(moved) / len(features), SHARE, "of the features drifted, their importance is not known"
    said = f"{share:.0%} {what}; {needed:.0%} calls for a retrain"
    return (Remedy.RETRAIN if share >= needed else Remedy.WATCH), said
