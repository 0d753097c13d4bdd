"""Guards that look at the live stream: rows, labels, quality. What cannot be seen lets nothing pass."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from reconciler.domain.facts import LiveFacts, ModelFacts
from reconciler.domain.judgements import Judgement
from reconciler.domain.known import Missing
from reconciler.domain.live import LabelLag as Lag
from reconciler.domain.live import LiveQuality, Maturity, QualityCheck, QualityFinding
from reconciler.domain.needs import Lookback, MaturityNeed, QualityNeed
from reconciler.rules.guards.data_quality import DataQuality
from reconciler.rules.guards.label_lag import LabelLag
from reconciler.rules.guards.label_maturity import LabelMaturity
from reconciler.rules.guards.minimum_new_rows import MinimumNewRows
from tests.builders import DAY, NOW, facts
from tests.cases import each

HOUR = timedelta(hours=1)
GONE = Missing(code="rowsUnreadable", why="no file")


def live(**changes: Any) -> ModelFacts:
    return facts(live=LiveFacts(**changes))


def short(judgement: Judgement) -> str:
    """The answer and the code."""
    return f"{judgement.answer} {judgement.code}"


@each(
    ("rows", "said"),
    [(5000, "YES enoughNewRows"), (4999, "NO fewNewRows"), (0, "NO fewNewRows"), (GONE, "UNKNOWN rowsUnreadable")],
)
def test_minimum_new_rows_waits_for_rows(rows: Any, said: str) -> None:
    assert short(MinimumNewRows(type="minimumNewRows", rows=5000).judge(live(rows=rows), NOW)) == said


def test_rows_that_nobody_counted_let_nothing_pass() -> None:
    assert short(MinimumNewRows(type="minimumNewRows", rows=1).judge(facts(), NOW)) == "UNKNOWN notAsked"


LAG = Lag(median=30 * HOUR, p95=5 * DAY, rows=900)


@each(
    ("rule", "lag", "said"),
    [
        ({"median": "2d"}, LAG, "YES labelsInTime"),
        ({"median": "30h"}, LAG, "YES labelsInTime"),
        ({"median": "29h"}, LAG, "NO labelsLate"),
        ({"p95": "5d"}, LAG, "YES labelsInTime"),
        ({"p95": "4d"}, LAG, "NO labelsLate"),
        ({"median": "2d", "p95": "5d"}, LAG, "YES labelsInTime"),
        ({"median": "2d", "p95": "4d"}, LAG, "NO labelsLate"),
        ({"median": "1d", "p95": "5d"}, LAG, "NO labelsLate"),
        ({"median": "2d"}, Lag(median=HOUR, p95=HOUR, rows=0), "UNKNOWN noLabels"),
        ({"median": "2d"}, GONE, "UNKNOWN rowsUnreadable"),
    ],
)
def test_label_lag_waits_for_labels_that_come_late(rule: dict[str, str], lag: Any, said: str) -> None:
    assert short(LabelLag.model_validate({"type": "labelLag"} | rule).judge(live(lag=lag), NOW)) == said


def test_label_lag_says_both_numbers() -> None:
    judgement = LabelLag(type="labelLag", median="1d", p95="6d").judge(live(lag=LAG), NOW)
    assert judgement.message == (
        "labels of the newest 900 labelled rows came late by: median 30.0 h, at most 24 h, p95 120.0 h, at most 144 h"
    )


def test_label_lag_without_a_bound_is_refused() -> None:
    with pytest.raises(ValidationError, match="give at least one of median and p95, not 0"):
        LabelLag(type="labelLag")


NEED = MaturityNeed(window=Lookback(length=14 * DAY))


@each(
    ("seen", "said"),
    [
        ({NEED: Maturity(rows=1000, labelled=900)}, "YES labelsMature"),
        ({NEED: Maturity(rows=1000, labelled=899)}, "NO labelsMissing"),
        ({NEED: Maturity(rows=200, labelled=0)}, "NO labelsMissing"),
        ({NEED: Maturity(rows=199, labelled=199)}, "UNKNOWN insufficientData"),
        ({NEED: Maturity(rows=0, labelled=0)}, "UNKNOWN insufficientData"),
        ({NEED: GONE}, "UNKNOWN rowsUnreadable"),
        ({MaturityNeed(window=Lookback(length=7 * DAY)): Maturity(rows=1000, labelled=1000)}, "UNKNOWN notMeasured"),
        ({}, "UNKNOWN notMeasured"),
    ],
)
def test_label_maturity_waits_until_old_rows_have_their_label(seen: Any, said: str) -> None:
    assert short(LabelMaturity(type="labelMaturity").judge(live(maturity=seen), NOW)) == said


def test_label_maturity_asks_for_its_window_and_says_both_numbers() -> None:
    rule = LabelMaturity(type="labelMaturity", window="14d", share=0.95, minimum_rows=1)
    assert rule.needs() == {NEED}
    message = rule.judge(live(maturity={NEED: Maturity(rows=1000, labelled=900)}), NOW).message
    assert message == "900 of 1000 mature rows in 14d have their label (90.0%), 95.0% needed"


WEEK = QualityNeed(window=Lookback(length=7 * DAY))
NULLS = QualityFinding(
    check=QualityCheck.NULL_SPIKE, column="distance", message="distance is null in 40.0% of rows, usually 1.0%"
)
NEW = QualityFinding(check=QualityCheck.NEW_COLUMN, column="gate", message="gate is not in the contract")
ALL = tuple(QualityCheck)


def quality(*findings: QualityFinding, rows: int = 500, evaluated: tuple[QualityCheck, ...] = ALL) -> LiveQuality:
    return LiveQuality(rows=rows, evaluated=evaluated, findings=findings)


@each(
    ("ignore", "seen", "said"),
    [
        ((), quality(), "YES noFindings"),
        ((), quality(NULLS), "NO findings"),
        ((), quality(NULLS, rows=0), "NO findings"),
        ((), quality(rows=0), "UNKNOWN noRows"),
        ((), quality(evaluated=()), "UNKNOWN nothingEvaluated"),
        ((), GONE, "UNKNOWN rowsUnreadable"),
        (("newColumn",), quality(NEW), "YES noFindings"),
        (("newColumn",), quality(NEW, NULLS), "NO findings"),
        (("nullSpike",), quality(NEW), "NO findings"),
        (("newColumn",), quality(NEW, evaluated=(QualityCheck.NEW_COLUMN,)), "UNKNOWN nothingEvaluated"),
    ],
)
def test_data_quality_never_trains_on_bad_data(ignore: tuple[str, ...], seen: Any, said: str) -> None:
    written = {"type": "dataQuality"} | ({"ignore": list(ignore)} if ignore else {})
    assert short(DataQuality.model_validate(written).judge(live(quality={WEEK: seen}), NOW)) == said


def test_data_quality_names_what_was_found() -> None:
    rule = DataQuality(type="dataQuality")
    assert rule.needs() == {WEEK}
    message = rule.judge(live(quality={WEEK: quality(NULLS, NEW)}), NOW).message
    assert message == (
        "2 findings of 11 checks of 500 rows in 7d, 0 allowed: nullSpike: distance is null in 40.0% of rows, usually 1.0%; "
        "newColumn: gate is not in the contract"
    )


def test_another_windows_quality_says_nothing_of_this_one() -> None:
    rule = DataQuality(type="dataQuality", window="14d")
    assert short(rule.judge(live(quality={WEEK: quality()}), NOW)) == "UNKNOWN notMeasured"
