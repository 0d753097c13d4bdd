"""Trigger `maxAge`."""

from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.rules.triggers.max_age import MaxAge
from tests.builders import DAY, NOW, a_candidate, a_release, facts
from tests.cases import each

RULE = MaxAge(type="maxAge", age="30d")
UNREADABLE = Missing(code="candidateUnreadable", why="broken")


@each(
    ("changes", "answer", "code"),
    [
        ({"releases": {"production": a_release(as_of=NOW - 30 * DAY)}}, Answer.NO, "youngEnough"),
        ({"releases": {"production": a_release(as_of=NOW - 31 * DAY)}}, Answer.YES, "tooOld"),
        ({"releases": {"production": a_release(as_of=NOW - 31 * DAY)}, "candidate": a_candidate()}, Answer.YES, "tooOld"),
        ({"releases": {"staging": a_release(as_of=NOW)}}, Answer.YES, "neverBuilt"),
        ({"releases": {}}, Answer.YES, "neverBuilt"),
        ({"releases": {}, "candidate": a_candidate(as_of=NOW - 29 * DAY)}, Answer.NO, "youngEnough"),
        ({"releases": {}, "candidate": a_candidate(as_of=NOW - 31 * DAY)}, Answer.YES, "tooOld"),
        ({"releases": {}, "candidate": UNREADABLE}, Answer.UNKNOWN, "candidateUnreadable"),
    ],
)
def test_fires_when_the_champion_knows_only_old_data(changes, answer, code):
    judgement = RULE.judge(facts(**changes), NOW)
    assert (judgement.answer, judgement.code) == (answer, code)


def test_the_message_has_both_numbers():
    message = RULE.judge(facts(), NOW).message
    assert "2013-05-22T12:00:00Z" in message
    assert "maximum age 30d" in message
