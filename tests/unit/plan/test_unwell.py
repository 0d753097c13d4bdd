"""What runs is unwell: taken back once, to what is proven, never against people's will, and waited for afterwards."""

from datetime import timedelta
from typing import Any

import pytest

from reconciler.domain.clusters import Health
from reconciler.domain.decisions import Hold, RollBack, Rung
from reconciler.domain.facts import History, LiveFacts
from reconciler.domain.known import Missing
from reconciler.domain.live import Point
from reconciler.domain.needs import PromqlNeed
from reconciler.domain.releases import HoldNote
from reconciler.plan.alarms import judge_alarms
from reconciler.plan.decide import decide
from tests.builders import NOW, a_candidate, a_model, a_release, a_revision, an_open_change, facts
from tests.unit.plan.situations import a_situation
from tests.unwell import LIVE, a_deployed, a_fallback, a_takeback, unwell

PROMOTION = a_revision("promotion")
PUT_BACK = History(events=frozenset({f"rolledBack/production/{PROMOTION}"}))


def said(**seen: Any) -> str:
    decision = decide(a_situation(unwell(**seen)))
    return f"{decision.rung}/{decision.code}"


def test_a_degraded_release_is_taken_back_and_both_are_named() -> None:
    decision = decide(a_situation(unwell()))
    assert isinstance(decision, RollBack)
    assert (decision.environment, decision.digest, decision.code) == ("production", LIVE.digest, "degraded")
    assert decision.rung is Rung.LIVE_IS_UNWELL
    assert decision.message == (
        f"production runs 1.0.0 ({LIVE.digest[7:19]}), and degraded says flight-delay.production is Degraded: Deployment "
        f"flight-delay exceeded its progress deadline; back to 0.9.0 ({a_release('before').digest[7:19]})"
    )


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        ({"kept": {("production", LIVE.digest): 4}}, "kept"),
        ({"takebacks": (a_takeback(edited=True),)}, "changeEdited"),
        ({"fallbacks": {}}, "unwell"),
        ({"fallbacks": {"production": Missing(code="nothingBefore", why="nothing ran before")}}, "unwell"),
        ({"fallbacks": {"production": a_fallback(release=None)}}, "unwell"),
        ({"fallbacks": {"production": a_fallback(restored=True)}}, "unwell"),
    ],
    ids=["a person keeps it", "people pushed", "not looked for", "not found", "the first release", "put back before"],
)
def test_automation_does_not_take_back(seen: dict[str, Any], code: str) -> None:
    decision = decide(a_situation(unwell(**seen)))
    assert isinstance(decision, Hold)
    assert (decision.rung, decision.code) == (Rung.LIVE_IS_UNWELL, code)


def test_a_roll_back_that_was_closed_keeps_no_other_release_and_no_other_environment() -> None:
    kept = {("staging", LIVE.digest): 4, ("production", a_release("other").digest): 5}
    assert said(kept=kept) == "liveIsUnwell/degraded"


def test_it_comes_before_an_open_change_and_a_broken_ledger_but_not_before_a_person() -> None:
    busy = {"candidate": a_candidate(), "changes": (an_open_change(),), "history": History(broken="a.jsonl:2: altered")}
    assert said(**busy) == "liveIsUnwell/degraded"
    assert said(hold=HoldNote(reason="r", owner="o", until=None)) == "heldByAPerson/held"


def test_a_person_who_holds_a_model_is_told_what_is_unwell() -> None:
    held = decide(a_situation(unwell(hold=HoldNote(reason="strike", owner="ada", until=None))))
    assert held.message.startswith("held by ada: strike; meanwhile production is unwell: flight-delay.production is Degraded")


def test_of_two_environments_the_last_goes_first() -> None:
    both = {"staging": a_release(environment="staging"), "production": LIVE}
    seen = unwell(
        releases=both,
        deployed={"staging": a_deployed(), "production": a_deployed()},
        fallbacks={"staging": a_fallback(), "production": a_fallback()},
    )
    decision = decide(a_situation(seen))
    assert isinstance(decision, RollBack)
    assert decision.environment == "production"


@pytest.mark.parametrize(
    ("seen", "waits"),
    [
        (a_deployed(health=Health.PROGRESSING), True),
        (a_deployed(a_release("other"), health=Health.DEGRADED), True),
        (a_deployed(health=Health.HEALTHY), False),
        (a_deployed(health=Health.HEALTHY, digests=frozenset()), False),
        (Missing(code="clusterSilent", why="no answer"), False),
    ],
    ids=["starts", "not there yet", "is well", "does not tell what", "does not tell"],
)
def test_what_was_put_back_is_waited_for_while_the_cluster_tells(seen: Any, waits: bool) -> None:
    assert (said(deployed={"production": seen}, history=PUT_BACK) == "liveIsUnwell/restoring") is waits
    assert said(deployed={"production": seen}) == "nothingIsDue/fresh"


RATIO = PromqlNeed(query="errors")
NUMBERS = a_model(rollback={"when": [{"type": "promql", "query": "errors", "above": 0.1}], "settle": "30m"})


def judged(minutes: int, environment: str = "production") -> list[str]:
    seen = facts(
        since={"production": NOW - timedelta(minutes=minutes)},
        live=LiveFacts(series={RATIO: (Point(at=NOW, value=0.5),)}),
        releases={"production": LIVE, "staging": a_release(environment="staging")},
    )
    return [one.code for one in judge_alarms(NUMBERS, seen, environment, NOW)]


def test_numbers_of_the_release_before_take_nothing_back() -> None:
    assert judged(29) == ["tooYoung"]
    assert judged(30) == ["pastTheCut"]


def test_numbers_are_those_of_the_last_environment() -> None:
    assert judged(60, "staging") == []


def test_a_window_must_be_all_about_the_release() -> None:
    model = a_model(
        rollback={"when": [{"type": "performance", "metric": "rocAuc", "below": 0.6, "window": "1d", "consecutive": 2}]}
    )
    young = facts(since={"production": NOW - timedelta(hours=47)})
    (said,) = judge_alarms(model, young, "production", NOW)
    assert (said.code, "47h, 2d wanted" in said.message) == ("tooYoung", True)


def test_an_empty_list_of_alarms_takes_nothing_back() -> None:
    decision = decide(a_situation(unwell(), rollback={"when": []}))
    assert decision.code == "fresh"
