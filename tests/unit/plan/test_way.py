"""What an environment asks of a release that is to come to it: pins, holds, freezes, and that nothing newer takes a place."""

from dataclasses import replace
from typing import Any

from reconciler.domain.clusters import Health
from reconciler.domain.decisions import RollBack
from reconciler.domain.facts import History, ModelFacts
from reconciler.domain.judgements import Judgement
from reconciler.domain.known import Missing
from reconciler.domain.overrides import GateOverride
from reconciler.domain.releases import HoldNote
from reconciler.plan.decide import decide
from reconciler.plan.onward import going_on
from reconciler.plan.way import judge_way, objection
from reconciler.specs.settings import FleetFreeze
from tests.builders import DAY, NOW, a_build, a_candidate, a_release, evidence
from tests.cases import each
from tests.unit.plan.chains import HOUR, SOAKED, a_chain, deployed, landed, soaking
from tests.unwell import unwell

NEXT = a_build("next").digest
WINDOW = {"from": "2013-05-30", "until": "2013-06-03", "reason": "Fair"}
PIN = {"release": "1.1.0", "reason": "audit", "owner": "ada"}
OVERRIDE = GateOverride(
    gates=("freeze",), candidate=None, champion=a_release().digest, owner="ada", reason="fire", since=NOW - DAY, until=NOW + DAY
)


def asked(seen: ModelFacts | None = None, **production: Any) -> list[str]:
    """What production says of what soaks in staging, as rule, answer and code."""
    (subject,) = going_on(a_chain(seen, [SOAKED[0], {"name": "production", **production}]))
    return [f"{one.rule} {one.answer} {one.code}" for one in judge_way(subject, "production")]


def of_new(seen: ModelFacts, **staging: Any) -> Judgement | None:
    """What staging objects to a candidate that is new."""
    return objection(a_chain(seen, [{**SOAKED[0], **staging}, "production"]), "staging")


def test_an_environment_that_is_only_a_name_asks_nothing() -> None:
    assert judge_way(a_chain(soaking(newer=a_candidate()), ["staging", "production"]), "staging") == ()


def test_a_frozen_environment_lets_nothing_come() -> None:
    assert asked(freeze=[WINDOW]) == ["soak YES soaked", "freeze NO frozen"]
    assert asked(freeze=[WINDOW | {"until": "2013-06-01T12:00:00Z"}]) == ["soak YES soaked", "freeze YES notFrozen"]


@each(("where", "answers"), [([], True), (["production"], True), (["staging"], False)])
def test_a_freeze_of_the_repository_is_for_all_or_for_those_it_names(where: list[str], answers: bool) -> None:
    fleet = FleetFreeze.model_validate({**WINDOW, "environments": where})
    (subject,) = going_on(replace(a_chain(), freeze=(fleet,)))
    stopped = objection(subject, "production")
    assert (stopped is not None) is answers
    if stopped:
        assert stopped.message == "production is frozen until 2013-06-03: Fair (from 2013-05-30 until 2013-06-03)"
        assert "perennial override flight-delay --gate freeze" in stopped.remedy


def test_a_freeze_is_lifted_by_a_reviewed_override_and_a_pin_is_not() -> None:
    seen = soaking(override=OVERRIDE)
    assert asked(seen, freeze=[WINDOW]) == ["soak YES soaked", "freeze YES overridden"]
    assert asked(replace(seen, override=replace(OVERRIDE, until=NOW)), freeze=[WINDOW])[1] == "freeze NO frozen"
    pinned = replace(seen, override=replace(OVERRIDE, gates=("pin", "hold")))
    assert asked(pinned, pin=PIN | {"release": "1.0.0"})[0] == "pin NO pinned"


@each(
    ("pin", "said"),
    [
        (PIN, "pin YES isPinned"),
        (PIN | {"release": NEXT}, "pin YES isPinned"),
        (PIN | {"release": "1.0.0"}, "pin NO pinned"),
        (PIN | {"release": a_build().digest}, "pin NO pinned"),
        (PIN | {"release": "1.0.0", "until": "2013-06-02"}, "pin NO pinned"),
    ],
)
def test_only_the_pinned_release_may_come(pin: Any, said: str) -> None:
    assert asked(pin=pin)[0] == said


def test_a_pin_and_a_hold_end_by_themselves() -> None:
    assert asked(pin=PIN | {"release": "1.0.0", "until": "2013-06-01T12:00:00Z"}) == ["soak YES soaked"]
    note = HoldNote(reason="audit", owner="ada", until=NOW, environments=("production",))
    assert asked(soaking(hold=note)) == ["soak YES soaked"]


def test_a_hold_of_an_environment_stops_only_what_comes_there() -> None:
    note = HoldNote(reason="audit", owner="ada", until=None, environments=("production",))
    assert asked(soaking(hold=note)) == ["hold NO held", "soak YES soaked"]
    assert asked(soaking(hold=replace(note, environments=("staging",)))) == ["soak YES soaked"]


@each("ago", [HOUR, 25 * HOUR])
def test_nothing_newer_takes_the_place_of_what_soaks_or_has_soaked(ago: Any) -> None:
    stopped = of_new(soaking(ago, newer=a_candidate()))
    assert stopped is not None
    assert (stopped.rule, stopped.code) == ("pinCandidate", "taken")
    assert "1.1.0 is on its way from staging to production" in stopped.message
    assert of_new(soaking(ago, newer=a_candidate()), pinCandidate=False) is None


UNMEASURED = evidence(metrics=Missing(code="x", why="y"))
GONE_BACK = History(released=frozenset({("staging", NEXT), ("production", NEXT)}))


@each(
    "changes",
    [
        {"quarantine": {NEXT: "bad"}},
        {"declined": {NEXT: 3}},
        {"proofs": {}},
        {"history": GONE_BACK},
        {"onward": {}},
        {"onward": {"staging": landed(a_release("next", environment="staging"), evidence=UNMEASURED)}},
        {"hold": HoldNote(reason="audit", owner="ada", until=None, environments=("production",))},
        {"deployed": {"staging": deployed(NEXT, Health.DEGRADED)}},
    ],
)  # fmt: skip
def test_what_will_not_go_on_is_in_nobodys_way(changes: Any) -> None:
    assert of_new(soaking(newer=a_candidate(), **changes)) is None


def test_a_frozen_production_or_a_silent_cluster_does_not_give_the_place_away() -> None:
    chain = [SOAKED[0], {"name": "production", "freeze": [WINDOW]}]
    assert objection(a_chain(soaking(newer=a_candidate()), chain), "staging")
    silent = {"staging": Missing(code="clusterSilent", why="it does not answer")}
    assert of_new(soaking(newer=a_candidate(), deployed=silent))


def test_production_that_is_pinned_to_something_else_gives_it_away() -> None:
    chain = [SOAKED[0], {"name": "production", "pin": PIN | {"release": "1.0.0"}}]
    assert objection(a_chain(soaking(newer=a_candidate()), chain), "staging") is None


def test_going_back_is_let_whatever_the_environment_asks_of_what_is_new() -> None:
    note = HoldNote(reason="audit", owner="ada", until=None, environments=("production",))
    chain = ["staging", {"name": "production", "freeze": [WINDOW], "pin": PIN, "approvals": {"count": 6, "owners": ["ada"]}}]
    decision = decide(a_chain(unwell(hold=note), chain))
    assert isinstance(decision, RollBack)
    assert decision.environment == "production"
