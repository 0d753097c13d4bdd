"""The verdict on one window: which kinds of change were seen, and the remedy that they point to together. Pure."""

import math
from collections.abc import Iterator, Mapping, Sequence

from reconciler.domain.facts import NOT_ASKED
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.live import ConceptDrift, LiveQuality, QualityCheck, Separation, Skew
from reconciler.domain.profiles import Profile
from reconciler.domain.verdicts import ColumnVerdict, DriftVerdict, Kind, Reading, Seen
from reconciler.statistics.columns import columns
from reconciler.statistics.drift.measure import ALPHA, MINIMUM_ROWS, SEPARATED
from reconciler.statistics.evidence import Evidence
from reconciler.statistics.remedy import remedy_of

STATISTIC = "psi"
"""Decides which columns drifted; the others are shown beside it."""
SKEWED = 0.01
"""The share of rows from which on a feature that serving logged otherwise than the source has it is skewed."""
HARMLESS = frozenset({QualityCheck.NEW_COLUMN})
"""What no model can learn wrongly from."""


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
        *_together(evidence.separation, features, statistic),
        *_outcomes(Kind.PREDICTION_DRIFT, "predictions", predictions, statistic),
        *_outcomes(Kind.LABEL_DRIFT, "labels", labels, statistic),
    )
    unknown = tuple(dict.fromkeys([*_unknown(evidence), *_unmeasured((*features, *predictions, *labels), statistic)]))
    remedy, why = remedy_of(evidence, seen, features, unknown)
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
        separation=None if isinstance(evidence.separation, Missing) else evidence.separation,
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
    if not isinstance(concept, Missing) and concept.worse:
        change, kind = concept.changes[-1], concept.kind or "unclassified"
        rows = f"of {change.rows_before:,} rows before {change.at:%Y-%m-%d %H:%M} and {change.rows_after:,} after"
        said = f"the loss ({concept.loss}) went from {change.before:.4g} to {change.after:.4g}, {kind}, {rows}"
        yield Seen(kind=Kind.CONCEPT_DRIFT, message=said)


def _performance(evidence: Evidence) -> Iterator[Seen]:
    if evidence.is_worse and isinstance(evidence.score, Measured) and isinstance(evidence.baseline, Measured):
        now, before = _interval(evidence.score), _interval(evidence.baseline)
        said = f"{evidence.metric} {now} over {evidence.score.rows:,} mature rows, {before} in the evidence"
        yield Seen(kind=Kind.CONCEPT_DRIFT, message=said)


def _interval(measured: Measured) -> str:
    return f"{measured.value:.4g} [{measured.low:.4g}, {measured.high:.4g}]"


def _features(features: Sequence[ColumnVerdict], statistic: str) -> Iterator[Seen]:
    if moved := [one for one in features if one.drifted]:
        said = f"{len(moved)} of {len(features)} features ({len(moved) / len(features):.0%}) drifted: {_named(moved, statistic)}"
        yield Seen(kind=Kind.DATA_DRIFT, message=said)


def _together(found: Known[Separation], features: Sequence[ColumnVerdict], statistic: str) -> Iterator[Seen]:
    """Only where every feature by itself is calm: else that may be what the small model saw, and more is not known."""
    if isinstance(found, Missing) or min(found.reference_rows, found.rows) < MINIMUM_ROWS:
        return
    calm = [one for one in features if isinstance(one.readings[statistic], Reading) and not one.drifted]
    if found.reaches(SEPARATED, ALPHA) and features and len(calm) == len(features):
        rows = f"{found.reference_rows:,} and {found.rows:,} rows"
        said = f"a small model tells rows of the window from training rows with AUC {found.auc:.3g} ({rows})"
        alone = f"0 of {len(features)} features drifted by {statistic}"
        yield Seen(
            kind=Kind.DATA_DRIFT, message=f"{said}, {SEPARATED:g} is drift; {alone}, so it is their combination that changed"
        )


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
        ("all features together", evidence.separation),
        ("performance", evidence.score),
        ("performance in the evidence", evidence.baseline),
    )
    yield from (f"{what}: {part.why}" for what, part in parts if isinstance(part, Missing) and part != NOT_ASKED)
    if not isinstance(evidence.score, Missing):
        if evidence.score.rows < MINIMUM_ROWS:
            yield f"performance: {evidence.score.rows} mature rows, {MINIMUM_ROWS} needed"
        elif not math.isfinite(evidence.score.low + evidence.score.high):
            yield f"performance: {evidence.metric} has no interval over {evidence.score.rows} rows"
    if not isinstance(evidence.separation, Missing):
        fewest = min(evidence.separation.reference_rows, evidence.separation.rows)
        if fewest < MINIMUM_ROWS:
            yield f"all features together: {fewest} rows on one side, {MINIMUM_ROWS} needed"
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
