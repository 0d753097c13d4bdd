"""Trigger `newRows`: rows count whether labelled or not."""

from reconciler.domain.facts import LiveFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.rules.triggers.new_rows import NewRows
from tests.builders import NOW, facts
from tests.cases import each

GONE = Missing(code="rowsUnreadable", why="the file is gone")


@each(
    ("rows", "answer", "code", "said"),
    [
        (0, Answer.NO, "fewNewRows", "0 new rows, 100 wanted"),
        (99, Answer.NO, "fewNewRows", "99 new rows, 100 wanted"),
        (100, Answer.YES, "enoughNewRows", "100 new rows, 100 wanted"),
        (GONE, Answer.UNKNOWN, "rowsUnreadable", "the file is gone"),
    ],
)
def test_fires_when_enough_rows_are_new(rows, answer, code, said):
    judgement = NewRows(type="newRows", rows=100).judge(facts(live=LiveFacts(rows=rows)), NOW)
    assert (judgement.rule, judgement.answer, judgement.code, judgement.message) == ("newRows", answer, code, said)


def test_says_how_many_are_lacking_and_that_nobody_counted():
    rule = NewRows(type="newRows", rows=100)
    assert rule.judge(facts(live=LiveFacts(rows=60)), NOW).remedy == "40 more rows"
    assert rule.judge(facts(), NOW).code == "notAsked"
