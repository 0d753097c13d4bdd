"""Verdicts: which kinds are seen, what would mend them, and that nothing unknown is hidden."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from reconciler.domain.known import Missing
from reconciler.domain.live import (
    ConceptDrift,
    DriftKind,
    FeatureSkew,
    LossChange,
    QualityCheck,
    QualityFinding,
    Separation,
    Skew,
)
from reconciler.domain.needs import Slice
from reconciler.domain.verdicts import Kind, Reading, Remedy
from reconciler.observe.asked import WEEK, evidence_of
from reconciler.statistics.drift import DRIFT_STATISTICS
from reconciler.statistics.evidence import Evidence
from reconciler.statistics.verdict import verdict
from tests.builders import DAY, NOW, facts
from tests.cases import each
from tests.unit.report.views import GONE, NEWEST, measured, quality, reference, seen, the_model

SPIKE = QualityFinding(check=QualityCheck.NULL_SPIKE, column="hour", message="50% of 4,000 values are missing, 0% before")
EXTRA = QualityFinding(check=QualityCheck.NEW_COLUMN, column="gate", message="the contract does not know gate")
APART = Separation(auc=0.71, p_value=1e-9, reference_rows=40_000, rows=4000)
WORSE = LossChange(at=NOW - DAY, before=0.18, after=0.24, rows_before=9000, rows_after=2500)


@cache
def evidence(**changes):
    """Evidence of the usual week, made once."""
    return evidence_of(seen(**changes), the_model(), NOW)


def calm(**changes):
    """Evidence of a week in which nothing happened, changed as a test says."""
    return replace(evidence(shift=0, rate=0.2, score=0.72), **({"concept": losses()} | changes))


def moved(**changes):
    """The same with features that drifted."""
    return calm(current=evidence(shift=0.8).current, **changes)


def losses(*changes):
    return ConceptDrift(rows=11500, loss="brier", changes=changes, kind=DriftKind.SUDDEN if changes else None)


def recurring():
    """A loss that grew to where it was before."""
    return replace(losses(WORSE), kind=DriftKind.RECURRING)


def skew(different, rows=1000):
    return Skew(matched=rows, unmatched=0, features={"hour": FeatureSkew(rows=rows, different=different)})


def late(**changes):
    """Predictions and labels of a world in which more is late."""
    found = evidence(shift=0, rate=0.35)
    return calm(predictions=found.predictions, labels=found.labels, **changes)


YOUNG = {"champion_since": NOW - 3 * DAY, "has_earlier": True}
POOR = {"score": measured(0.62)}


@each(
    ("evidence", "kinds", "remedy"),
    [
        (calm(), [Kind.NONE], Remedy.NONE),
        (calm(quality=quality(SPIKE)), [Kind.DATA_QUALITY], Remedy.FIX_THE_SOURCE),
        (calm(quality=quality(EXTRA)), [Kind.NONE], Remedy.NONE),
        (calm(skew=skew(9)), [Kind.NONE], Remedy.NONE),
        (calm(skew=skew(10)), [Kind.TRAIN_SERVE_SKEW], Remedy.FIX_THE_SOURCE),
        (calm(skew=skew(199, rows=199)), [Kind.NONE], Remedy.NONE),
        (calm(concept=losses(WORSE)), [Kind.CONCEPT_DRIFT], Remedy.RETRAIN),
        (calm(concept=losses(replace(WORSE, after=0.1))), [Kind.NONE], Remedy.NONE),
        (calm(concept=losses(WORSE, replace(WORSE, after=0.1))), [Kind.NONE], Remedy.NONE),
        (calm(concept=losses(WORSE), **YOUNG), [Kind.CONCEPT_DRIFT], Remedy.ROLL_BACK),
        (calm(concept=recurring()), [Kind.CONCEPT_DRIFT], Remedy.WATCH),
        (calm(concept=recurring(), **YOUNG), [Kind.CONCEPT_DRIFT], Remedy.WATCH),
        (calm(concept=recurring(), **POOR), [Kind.CONCEPT_DRIFT], Remedy.RETRAIN),
        (moved(concept=recurring()), [Kind.CONCEPT_DRIFT, Kind.DATA_DRIFT], Remedy.RETRAIN),
        (calm(**POOR), [Kind.CONCEPT_DRIFT], Remedy.RETRAIN),
        (calm(score=measured(0.702)), [Kind.NONE], Remedy.NONE),
        (calm(score=measured(0.9)), [Kind.NONE], Remedy.NONE),
        (calm(score=measured(0.9), higher=False), [Kind.CONCEPT_DRIFT], Remedy.RETRAIN),
        (calm(**POOR, **YOUNG), [Kind.CONCEPT_DRIFT], Remedy.ROLL_BACK),
        (calm(**POOR, **(YOUNG | {"has_earlier": False})), [Kind.CONCEPT_DRIFT], Remedy.RETRAIN),
        (calm(**POOR, **(YOUNG | {"champion_since": NOW - 8 * DAY})), [Kind.CONCEPT_DRIFT], Remedy.RETRAIN),
        (moved(), [Kind.DATA_DRIFT], Remedy.RETRAIN),
        (moved(importance={"hour": 0.9, "distance": 0.1, "carrier": 0.05}), [Kind.DATA_DRIFT], Remedy.WATCH),
        (moved(importance={}), [Kind.DATA_DRIFT], Remedy.RETRAIN),
        (
            moved(quality=quality(SPIKE), **POOR, **YOUNG),
            [Kind.DATA_QUALITY, Kind.CONCEPT_DRIFT, Kind.DATA_DRIFT],
            Remedy.FIX_THE_SOURCE,
        ),
        (late(), [Kind.PREDICTION_DRIFT], Remedy.WATCH),
        (calm(separation=APART), [Kind.DATA_DRIFT], Remedy.WATCH),
        (calm(separation=replace(APART, auc=0.59)), [Kind.NONE], Remedy.NONE),
        (calm(separation=replace(APART, p_value=0.01)), [Kind.NONE], Remedy.NONE),
        (calm(separation=replace(APART, rows=199)), [Kind.NONE], Remedy.WATCH),
        (calm(separation=APART, current=GONE), [Kind.NONE], Remedy.WATCH),
        (calm(separation=APART, **POOR), [Kind.CONCEPT_DRIFT, Kind.DATA_DRIFT], Remedy.RETRAIN),
        (moved(separation=APART), [Kind.DATA_DRIFT], Remedy.RETRAIN),
    ],
)
def test_what_is_seen_and_what_would_mend_it(evidence, kinds, remedy):
    told = verdict(evidence)
    assert (list(told.kinds), told.remedy) == (kinds, remedy)
    assert told.why


def test_a_changed_combination_is_said_only_where_no_feature_drifted():
    assert [one.message for one in verdict(calm(separation=APART)).seen] == [
        "a small model tells rows of the window from training rows with AUC 0.71 (40,000 and 4,000 rows), 0.6 is drift; "
        "0 of 3 features drifted by psi, so it is their combination that changed"
    ]
    told = verdict(moved(separation=APART))
    assert not any("combination" in one.message for one in told.seen)
    assert told.separation == APART
    assert verdict(calm()).separation is None


@pytest.mark.parametrize(
    ("separation", "said"),
    [
        (GONE, f"all features together: {GONE.why}"),
        (replace(APART, rows=199), "all features together: 199 rows on one side, 200 needed"),
    ],
)
def test_all_features_together_may_be_unknown(separation, said):
    told = verdict(calm(separation=separation))
    assert told.unknown == (said,)
    assert "combination" not in told.why


def test_labels_that_drifted_are_a_kind_of_their_own():
    found = evidence(shift=0, rate=0.6)
    told = verdict(calm(labels=found.labels))
    assert (told.kinds, told.remedy) == ((Kind.LABEL_DRIFT,), Remedy.WATCH)
    assert told.seen[0].message.startswith("labels drifted: label psi ")


@each(
    ("change", "word"),
    [
        ({"current": GONE}, "the window: data/flights.csv has no column distance"),
        ({"reference": GONE}, "the reference: "),
        ({"outcomes": GONE}, "the reference's outcomes: "),
        ({"predictions": GONE}, "predictions: "),
        ({"labels": GONE}, "labels: "),
        ({"quality": GONE}, "data quality: "),
        ({"skew": GONE}, "skew: "),
        ({"concept": GONE}, "concept drift: "),
        ({"concept": replace(losses(), rows=0)}, "concept drift: 0 mature rows that the model has not learnt from, 200 needed"),
        ({"score": GONE}, "performance: "),
        ({"score": measured(0.5, rows=199)}, "performance: 199 mature rows, 200 needed"),
        (
            {"score": replace(measured(0.5), low=float("-inf"), high=float("inf"))},
            "performance: rocAuc has no interval over 3000 rows",
        ),
        ({"baseline": GONE}, "performance in the evidence: "),
        ({"importance": {}}, "importance: "),
        (
            {"quality": replace(quality(), evaluated=tuple(QualityCheck)[1:])},
            "data quality: 1 of 11 checks could not be made: missingColumn",
        ),
    ],
)
def test_what_is_unknown_is_listed_and_is_no_all_clear(change, word):
    told = verdict(calm(**change))
    assert any(one.startswith(word) for one in told.unknown)
    assert told.remedy is Remedy.WATCH


def test_nothing_asked_of_a_model_is_all_unknown():
    told = verdict(evidence_of(facts(), the_model(), NOW))
    assert (told.kinds, told.share, told.features) == ((Kind.NONE,), None, ())
    assert len(told.unknown) == 9


def test_too_few_rows_are_unknown_never_no_drift():
    small = evidence(shift=0.8).reference
    told = verdict(calm(current=replace(small, features={"hour": small.features["hour"]}), reference=tiny()))
    assert told.share is None
    assert any("200 needed" in one for one in told.unknown)


def tiny():
    from reconciler.statistics.profile import profile_on
    from tests.unit.report.views import rows

    return profile_on(reference(), rows(5, count=100))


def test_every_statistic_of_every_feature_is_read():
    told = verdict(moved())
    assert {one.name for one in told.features} == {"distance", "hour", "carrier"}
    for one in told.features:
        assert list(one.readings) == list(DRIFT_STATISTICS)
        assert all(isinstance(reading, Reading) for reading in one.readings.values())


def test_features_are_ranked_by_effect_times_importance():
    told = verdict(moved(importance={"hour": 0.0, "distance": 0.05, "carrier": 0.95}))
    assert [one.name for one in told.features] == ["carrier", "distance", "hour"]
    told = verdict(moved(importance={"hour": 0.0, "distance": 0.95, "carrier": 0.05}))
    assert [one.name for one in told.features] == ["distance", "carrier", "hour"]
    assert told.features[0].weight == told.features[0].effect * 0.95


def test_another_statistic_may_decide():
    told = verdict(moved(), "missingRate")
    assert (told.kinds, told.share) == ((Kind.NONE,), 0.0)


def test_a_slice_is_held_against_the_windows_before():
    from reconciler.observe.asked import slice_need
    from reconciler.statistics.profile import profile_on
    from tests.unit.report.views import rows, with_live

    part, held = Slice(column="carrier", value="UA"), reference()
    populations = {slice_need(WEEK, part, index): profile_on(held, rows(index, 0.0 if index else 0.8)) for index in range(4)}
    told = verdict(evidence_of(with_live(seen(), populations=populations), the_model(), NOW, WEEK, part))
    assert (told.slice, told.reference_rows, told.rows) == (part, 12_000, 4000)
    assert (told.kinds, told.unknown) == ((Kind.DATA_DRIFT,), ())
    nothing = verdict(evidence_of(seen(), the_model(), NOW, WEEK, part))
    assert nothing.unknown == ("the reference: it was not measured", "the window: it was not measured")


def test_messages_have_both_numbers():
    told = [one.message for one in verdict(moved(skew=skew(37), **POOR)).seen]
    assert told[0] == "hour was served otherwise than the source has it in 37 of 1,000 rows (3.7%), 1% is skew"
    assert told[1] == "rocAuc 0.62 [0.61, 0.63] over 3,000 mature rows, 0.72 [0.71, 0.73] in the evidence"
    assert told[2].startswith("2 of 3 features (67%) drifted: distance psi ")
    assert "95% of the model's attention is on features that drifted; 20% calls for a retrain" in verdict(moved()).why


def test_evidence_needs_only_profiles():
    told = verdict(Evidence(model="m", window=timedelta(days=1), reference=reference(), current=reference()))
    assert (told.kinds, told.share) == ((Kind.NONE,), 0.0)
    gone = Missing(code="x", why="gone")
    assert verdict(Evidence(model="m", window=timedelta(days=1), reference=gone, current=gone)).unknown[:2] == (
        "the reference: gone",
        "the window: gone",
    )
    assert NEWEST.length == WEEK
