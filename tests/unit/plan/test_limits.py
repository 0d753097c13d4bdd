"""The fleet's limit: earlier models train first, the others wait for the next pass."""

from reconciler.domain.decisions import Decision, Hold, Retrain
from reconciler.plan.limits import limit
from reconciler.specs.settings import Settings
from tests.builders import NOW


def retrains(*names: str) -> list[Decision]:
    return [Retrain(model=name, as_of=NOW, code="newLabels", message="25,000 new labels") for name in names]


def test_trainings_beyond_the_limit_are_queued_with_both_reasons() -> None:
    limited = limit(retrains("a", "b", "c"), Settings(max_trainings_per_pass=2))
    assert [type(decision) for decision in limited] == [Retrain, Retrain, Hold]
    assert limited[2].code == "queued"
    assert limited[2].message == "due (25,000 new labels), but 2 trainings are the most for one pass"


def test_other_decisions_do_not_count() -> None:
    hold = Hold(model="a", code="fresh", message="no trigger fires")
    limited = limit([hold, *retrains("b")], Settings(max_trainings_per_pass=1))
    assert [type(decision) for decision in limited] == [Hold, Retrain]
