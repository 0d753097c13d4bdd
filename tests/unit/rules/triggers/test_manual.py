"""Trigger `manual`: somebody asked, and nothing was trained since."""

from reconciler.domain.facts import History
from reconciler.domain.judgements import Answer
from reconciler.domain.live import Request
from reconciler.rules.triggers.manual import Manual
from tests.builders import DAY, NOW, facts
from tests.cases import each

OLD = Request(at=NOW - 2 * DAY, by="ada", reason="new airport")
NEW = Request(at=NOW, by="ben", reason="strike is over")


def judged(*requests, trained=NOW - DAY):
    return Manual(type="manual").judge(facts(history=History(last_trained_at=trained, requests=requests)), NOW)


@each(
    ("requests", "trained", "answer", "code"),
    [
        ((), NOW - DAY, Answer.NO, "noRequest"),
        ((), None, Answer.NO, "noRequest"),
        ((NEW,), NOW - DAY, Answer.YES, "requested"),
        ((NEW,), None, Answer.YES, "requested"),
        ((OLD,), NOW - DAY, Answer.NO, "requestServed"),
        ((NEW, OLD), NOW - DAY, Answer.YES, "requested"),
        ((NEW,), NOW, Answer.NO, "requestServed"),
    ],
)
def test_fires_when_the_newest_request_is_newer_than_the_newest_training(requests, trained, answer, code):
    judgement = judged(*requests, trained=trained)
    assert (judgement.rule, judgement.answer, judgement.code) == ("manual", answer, code)


def test_the_message_says_who_and_why():
    assert judged(OLD, NEW).message == "ben asked at 2013-06-01T12:00:00Z: strike is over; last trained 2013-05-31T12:00:00Z"
    assert "never trained before" in judged(NEW, trained=None).message


def test_without_a_request_it_says_how_to_ask():
    assert judged().remedy == "perennial retrain flight-delay --reason WHY"
