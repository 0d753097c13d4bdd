"""Trigger `dataQuality`: findings fire; a check that was asked for and could not be made is no answer."""

import pytest
from pydantic import ValidationError

from reconciler.domain.facts import LiveFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.live import LiveQuality, QualityCheck, QualityFinding
from reconciler.domain.needs import Lookback, QualityNeed
from reconciler.rules.triggers.data_quality import DataQuality
from tests.builders import DAY, NOW, facts
from tests.cases import each

ALL = tuple(QualityCheck)
GONE = Missing(code="rowsUnreadable", why="the file is gone")


def rule(**changes) -> DataQuality:
    return DataQuality(**{"type": "dataQuality"} | changes)


def quality(*found: QualityCheck, evaluated=ALL):
    findings = tuple(QualityFinding(check=check, column="origin", message=f"{check} of origin") for check in found)
    return LiveQuality(rows=1000, evaluated=evaluated, findings=findings)


def seen(*windows):
    needs = [QualityNeed(window=Lookback(length=7 * DAY, index=n)) for n in range(len(windows))]
    return facts(live=LiveFacts(quality=dict(zip(needs, windows, strict=True))))


NEW, NULLS = QualityCheck.NEW_COLUMN, QualityCheck.NULL_SPIKE
CLEAN, BROKEN = quality(), quality(NULLS)


@each(
    ("windows", "changes", "answer", "code"),
    [
        ([CLEAN], {}, Answer.NO, "noFindings"),
        ([BROKEN], {}, Answer.YES, "findings"),
        ([BROKEN], {"checks": ["nullSpike"]}, Answer.YES, "findings"),
        ([BROKEN], {"checks": ["newColumn"]}, Answer.NO, "noFindings"),
        ([BROKEN], {"checks": ["newColumn", "nullSpike"]}, Answer.YES, "findings"),
        ([quality(evaluated=(NEW,))], {}, Answer.NO, "noFindings"),
        ([quality(evaluated=())], {}, Answer.UNKNOWN, "notEvaluated"),
        ([quality(evaluated=(NEW,))], {"checks": ["nullSpike"]}, Answer.UNKNOWN, "notEvaluated"),
        ([quality(evaluated=(NEW,))], {"checks": ["nullSpike", "newColumn"]}, Answer.UNKNOWN, "notEvaluated"),
        ([quality(NEW, evaluated=(NEW,))], {"checks": ["nullSpike", "newColumn"]}, Answer.YES, "findings"),
        ([GONE], {}, Answer.UNKNOWN, "rowsUnreadable"),
        ([], {}, Answer.UNKNOWN, "notMeasured"),
        ([BROKEN, BROKEN], {"consecutive": 2}, Answer.YES, "findings"),
        ([BROKEN, CLEAN], {"consecutive": 2}, Answer.NO, "noFindings"),
        ([BROKEN, GONE], {"consecutive": 2}, Answer.UNKNOWN, "rowsUnreadable"),
    ],
)
def test_fires_on_findings_in_every_window(windows, changes, answer, code):
    judgement = rule(**changes).judge(seen(*windows), NOW)
    assert (judgement.rule, judgement.answer, judgement.code) == ("dataQuality", answer, code)


def test_the_message_quotes_the_findings_and_counts_checks_and_rows():
    message = rule().judge(seen(quality(NEW, NULLS)), NOW).message
    assert message.startswith("2 findings of 11 checks of 1000 rows in 7d, 1 fires: newColumn: newColumn of origin; nullSpike: ")
    undone = rule(checks=["volume"]).judge(seen(quality(evaluated=(NEW,))), NOW).message
    assert undone == "1 of 1 checks of 1000 rows in 7d could not be made: volume"


def test_asks_for_the_quality_of_each_window():
    assert rule(consecutive=2).needs() == set(seen(CLEAN, CLEAN).live.quality)


@each("changes", [{"checks": []}, {"checks": ["nulls"]}, {"consecutive": 0}, {"window": "0d"}])
def test_nonsense_is_refused(changes):
    with pytest.raises(ValidationError):
        rule(**changes)
