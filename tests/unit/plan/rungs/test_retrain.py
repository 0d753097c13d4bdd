"""A trigger that fires retrains, unless a guard objects; what is in doubt does neither, and is told."""

from datetime import timedelta

import pytest

from reconciler.domain.decisions import Hold, Retrain
from reconciler.domain.facts import History, LabelFacts
from reconciler.domain.known import Missing
from reconciler.plan.decide import decide
from tests.builders import DAY, NOW, a_fingerprint, facts
from tests.unit.plan.situations import a_situation

MANY = LabelFacts(delay=DAY, new=25_000, newest=NOW - DAY)


@pytest.mark.parametrize(
    ("guard", "word"),
    [({"type": "cooldown", "period": "20d"}, "cooldown"), ({"type": "minimumNewLabels", "rows": 30_000}, "minimumNewLabels")],
)
def test_a_guard_that_objects_holds_what_is_due(guard: dict[str, object], word: str) -> None:
    decision = decide(a_situation(facts(labels=MANY), guards=[guard]))
    assert isinstance(decision, Hold)
    assert decision.code == "guarded"
    assert decision.message.startswith("due (newLabels:")
    assert f"{word} says NO" in decision.message


def test_a_guard_in_doubt_holds_too() -> None:
    unseen = facts(labels=Missing(code="rowsUnreadable", why="no such file"), fingerprint=a_fingerprint(spec="other"))
    decision = decide(a_situation(unseen, guards=[{"type": "minimumNewLabels", "rows": 10}]))
    assert decision.code == "guarded"
    assert "minimumNewLabels says UNKNOWN" in decision.message


def test_the_reason_is_what_made_the_trigger_fire() -> None:
    """The spec changed too, but its list did not fire."""
    triggers = {"any": [{"all": [{"type": "specChanged"}, {"type": "manual"}]}, {"type": "newLabels", "rows": 20_000}]}
    decision = decide(a_situation(facts(labels=MANY, fingerprint=a_fingerprint(spec="other")), triggers=triggers))
    assert isinstance(decision, Retrain)
    assert decision.code == "newLabels"


def test_what_did_not_happen_may_be_the_reason() -> None:
    decision = decide(a_situation(facts(), triggers={"not": {"type": "manual"}}))
    assert isinstance(decision, Retrain)
    assert (decision.code, decision.message) == ("not", "manual says NO: 0 requests, last trained 2013-05-22T12:00:00Z")


def test_an_exempt_trigger_passes_its_guard_at_once() -> None:
    edited = facts(fingerprint=a_fingerprint(spec="other"))
    guard = {"type": "cooldown", "period": "20d", "exempt": ["specChanged"]}
    decision = decide(a_situation(edited, guards=[guard]))
    assert isinstance(decision, Retrain)
    assert next(said for said in decision.judgements if said.rule == "cooldown").code == "exempt"


def test_failures_are_backed_off_without_any_guard_in_the_policy() -> None:
    failing = History(failures=1, last_failed_at=NOW - timedelta(minutes=59), failed_from=a_fingerprint())
    decision = decide(a_situation(facts(labels=MANY, history=failing)))
    assert decision.code == "guarded"
    assert "backoff" in decision.message


def test_a_trigger_in_doubt_does_not_fire_but_is_told() -> None:
    decision = decide(a_situation(facts(labels=Missing(code="rowsUnreadable", why="no such file"))))
    assert decision.code == "fresh"
    assert "cannot tell: newLabels" in decision.message
