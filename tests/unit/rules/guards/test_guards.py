"""Guards: YES is "may go"; what cannot be seen lets nothing pass."""

from datetime import timedelta

import pytest

from reconciler.domain.facts import History, LabelFacts, Missing
from reconciler.domain.judgements import Answer
from reconciler.domain.releases import HoldNote
from reconciler.rules.guards.backoff import Backoff, wait_after
from reconciler.rules.guards.cooldown import Cooldown
from reconciler.rules.guards.hold import HoldGuard
from reconciler.rules.guards.minimum_new_labels import MinimumNewLabels
from reconciler.rules.guards.one_change_open import OneChangeOpen
from tests.builders import DAY, NOW, a_fingerprint, an_open_change, facts

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("last", "answer", "code"),
    [
        (None, Answer.YES, "neverTrained"),
        (NOW - 24 * HOUR, Answer.YES, "cooledDown"),
        (NOW - 23 * HOUR, Answer.NO, "coolingDown"),
        (NOW, Answer.NO, "coolingDown"),
    ],
)
def test_cooldown_waits_for_its_period(last, answer, code):
    judgement = Cooldown(type="cooldown", period="24h").judge(facts(history=History(last_trained_at=last)), NOW)
    assert (judgement.answer, judgement.code) == (answer, code)


def test_cooldown_says_until_when():
    judgement = Cooldown(type="cooldown", period="24h").judge(facts(history=History(last_trained_at=NOW - HOUR)), NOW)
    assert judgement.remedy == "wait until 2013-06-02T11:00:00Z"


@pytest.mark.parametrize(
    ("labels", "answer", "code"),
    [
        (LabelFacts(delay=DAY, new=2000, newest=NOW), Answer.YES, "enoughNewLabels"),
        (LabelFacts(delay=DAY, new=1999, newest=NOW), Answer.NO, "fewNewLabels"),
        (LabelFacts(delay=DAY, new=0, newest=None), Answer.NO, "fewNewLabels"),
        (Missing(code="rowsUnreadable", why="no file"), Answer.UNKNOWN, "rowsUnreadable"),
    ],
)
def test_minimum_new_labels_waits_for_something_to_learn_from(labels, answer, code):
    judgement = MinimumNewLabels(type="minimumNewLabels", rows=2000).judge(facts(labels=labels), NOW)
    assert (judgement.answer, judgement.code) == (answer, code)


def note(until=None) -> HoldNote:
    return HoldNote(reason="audit", owner="ana", until=until)


@pytest.mark.parametrize(
    ("hold", "answer", "code"),
    [
        (None, Answer.YES, "notHeld"),
        (note(), Answer.NO, "held"),
        (note(NOW + HOUR), Answer.NO, "held"),
        (note(NOW), Answer.YES, "holdOver"),
        (note(NOW - HOUR), Answer.YES, "holdOver"),
    ],
)
def test_hold_stops_until_it_ends(hold, answer, code):
    judgement = HoldGuard(type="hold").judge(facts(hold=hold), NOW)
    assert (judgement.answer, judgement.code) == (answer, code)


def test_hold_says_who_why_and_until_when():
    message = HoldGuard(type="hold").judge(facts(hold=note(NOW + HOUR)), NOW).message
    assert message == "held by ana until 2013-06-01T13:00:00Z, now 2013-06-01T12:00:00Z: audit"


def test_one_change_open_waits_for_the_pull_request():
    rule = OneChangeOpen(type="oneChangeOpen")
    assert rule.judge(facts(), NOW).code == "noneOpen"
    judgement = rule.judge(facts(changes=(an_open_change(7), an_open_change(9))), NOW)
    assert (judgement.answer, judgement.code, judgement.remedy) == (Answer.NO, "changeOpen", "merge or close #7, #9")


@pytest.mark.parametrize(("failures", "hours"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 24), (7, 24), (1000, 24)])
def test_backoff_doubles_up_to_a_day(failures, hours):
    assert wait_after(failures) == hours * HOUR


def failed(failures: int, ago: timedelta | None, **parts: str):
    last = None if ago is None else NOW - ago
    return facts(history=History(failures=failures, last_failed_at=last, failed_from=a_fingerprint(**parts)))


@pytest.mark.parametrize(
    ("seen", "answer", "code"),
    [
        (facts(), Answer.YES, "noFailures"),
        (failed(1, 59 * HOUR / 60), Answer.NO, "backingOff"),
        (failed(1, HOUR), Answer.YES, "waitOver"),
        (failed(3, 3 * HOUR), Answer.NO, "backingOff"),
        (failed(3, 4 * HOUR), Answer.YES, "waitOver"),
        (failed(9, 23 * HOUR), Answer.NO, "backingOff"),
        (failed(9, 24 * HOUR), Answer.YES, "waitOver"),
        (failed(9, HOUR, code="the broken code"), Answer.YES, "changedSinceFailure"),
        (failed(1, None), Answer.UNKNOWN, "failureTimeUnknown"),
        (facts(history=History(failures=2, last_failed_at=NOW)), Answer.NO, "backingOff"),
    ],
)
def test_backoff_waits_after_failures_until_git_changes(seen, answer, code):
    judgement = Backoff().judge(seen, NOW)
    assert (judgement.rule, judgement.answer, judgement.code) == ("backoff", answer, code)
