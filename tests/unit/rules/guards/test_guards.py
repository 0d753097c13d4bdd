"""Guards: YES is "may go"; what cannot be seen lets nothing pass."""

from datetime import timedelta

from reconciler.domain.facts import History, LabelFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.releases import HoldNote
from reconciler.rules.guards.cooldown import Cooldown
from reconciler.rules.guards.hold import HoldGuard
from reconciler.rules.guards.minimum_new_labels import MinimumNewLabels
from reconciler.rules.guards.one_change_open import OneChangeOpen
from tests.builders import DAY, NOW, an_open_change, facts
from tests.cases import each

HOUR = timedelta(hours=1)


@each(
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


@each(
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


@each(
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
