"""Trigger `newLabels`."""

from reconciler.domain.facts import LabelFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.rules.triggers.new_labels import NewLabels
from tests.builders import DAY, NOW, facts
from tests.cases import each


@each(("new", "answer"), [(0, Answer.NO), (1999, Answer.NO), (2000, Answer.YES), (9000, Answer.YES)])
def test_fires_when_so_many_labels_are_new(new, answer):
    judgement = NewLabels(type="newLabels", rows=2000).judge(facts(labels=LabelFacts(delay=DAY, new=new, newest=NOW)), NOW)
    assert judgement.answer is answer
    assert f"{new} new labelled rows, 2000 wanted" in judgement.message


def test_says_how_many_are_wanting():
    judgement = NewLabels(type="newLabels", rows=2000).judge(facts(labels=LabelFacts(delay=DAY, new=1, newest=NOW)), NOW)
    assert (judgement.code, judgement.remedy) == ("fewNewLabels", "1999 more labelled rows")


def test_labels_that_cannot_be_read_are_unknown():
    judgement = NewLabels(type="newLabels", rows=1).judge(facts(labels=Missing(code="rowsUnreadable", why="no file")), NOW)
    assert (judgement.answer, judgement.code, judgement.message) == (Answer.UNKNOWN, "rowsUnreadable", "no file")
