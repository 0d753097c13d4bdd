"""Trigger `alert`: the name, at least the labels, and firing."""

import pytest
from pydantic import ValidationError

from reconciler.domain.facts import LiveFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.live import Alert as Seen
from reconciler.domain.needs import AlertNeed
from reconciler.rules.triggers.alert import Alert
from tests.builders import DAY, NOW, facts
from tests.cases import each

FILE = "alerts/*.json"
GONE = Missing(code="alertsUnreadable", why="no file matches alerts/*.json")


def rule(**changes) -> Alert:
    return Alert(**{"type": "alert", "file": FILE, "name": "Stale"} | changes)


def alert(name="Stale", *, firing=True, at=NOW - DAY, **labels):
    return Seen(name=name, labels={"alertname": name, **labels}, firing=firing, starts_at=at)


def seen(alerts):
    return facts(live=LiveFacts(alerts={AlertNeed(file=FILE): alerts}))


@each(
    ("alerts", "changes", "answer", "code"),
    [
        ((alert(),), {}, Answer.YES, "alertFires"),
        ((alert(firing=False),), {}, Answer.NO, "noAlert"),
        ((alert("Other"),), {}, Answer.NO, "noAlert"),
        ((alert("stale"),), {}, Answer.NO, "noAlert"),
        ((alert("Other"), alert()), {}, Answer.YES, "alertFires"),
        ((), {}, Answer.NO, "noAlert"),
        ((alert(severity="page", team="ml"),), {"labels": {"severity": "page"}}, Answer.YES, "alertFires"),
        ((alert(severity="warn"),), {"labels": {"severity": "page"}}, Answer.NO, "noAlert"),
        ((alert(),), {"labels": {"severity": "page"}}, Answer.NO, "noAlert"),
        ((alert(severity="page"),), {"labels": {"severity": "page", "team": "ml"}}, Answer.NO, "noAlert"),
        ((alert(severity="page", firing=False), alert()), {"labels": {"severity": "page"}}, Answer.NO, "noAlert"),
        (GONE, {}, Answer.UNKNOWN, "alertsUnreadable"),
        ((alert(),), {"file": "other.json"}, Answer.UNKNOWN, "notRead"),
    ],
)
def test_fires_when_such_an_alert_fires(alerts, changes, answer, code):
    judgement = rule(**changes).judge(seen(alerts), NOW)
    assert (judgement.rule, judgement.answer, judgement.code) == ("alert", answer, code)


def test_the_message_counts_and_says_since_when():
    message = rule(labels={"severity": "page"}).judge(seen((alert(severity="page"), alert("Other"))), NOW).message
    assert message == (
        "1 of 2 alerts in alerts/*.json are Stale{severity=page} and fire, 1 wanted; the newest since 2013-05-31T12:00:00Z"
    )


def test_asks_for_the_file():
    assert rule().needs() == {AlertNeed(file=FILE)}


@each("changes", [{"file": ""}, {"name": ""}, {"labels": {"severity": 1}}, {"labels": ["page"]}])
def test_nonsense_is_refused(changes):
    with pytest.raises(ValidationError):
        rule(**changes)
