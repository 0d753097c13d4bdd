"""The rungs of a rollout, and what environments' branches show of it."""

from dataclasses import replace
from typing import Any

import pytest

from reconciler.domain.decisions import Advance, Hold, RollBack, Rung
from reconciler.domain.events import EventKind
from reconciler.domain.facts import Aborted, History, LabelFacts
from reconciler.domain.fallbacks import Fallback
from reconciler.domain.judgements import no
from reconciler.domain.names import Digest
from reconciler.domain.proofs import Proof
from reconciler.domain.releases import HoldNote
from reconciler.domain.rollouts import Changeover
from reconciler.domain.steps import Publish, Record, Step
from reconciler.domain.world import EnvironmentFacts
from reconciler.plan.decide import decide
from reconciler.plan.plan import make_plan
from reconciler.render.weights import weights_in
from reconciler.specs.policies import RolloutPolicy
from reconciler.specs.specs import Specs
from tests.builders import DAY, NOW, PROVEN, a_candidate, a_comparison, a_policy, a_revision, an_open_change, evidence, facts
from tests.rollouts import NEXT, OLD, a_canary, a_changeover, as_changing, errors
from tests.unit.plan.situations import a_situation
from tests.unit.plan.worlds import NOWHERE, a_world, the_specs

MERGE = a_revision("merge")
GOOD, BAD = as_changing(errors((100, 10_000), (1_000, 100_000))), as_changing(errors((900, 10_000), (1_000, 100_000)))
FEW = as_changing(errors((0, 30), (5, 570)))
ENDED = {("production", MERGE): Aborted(digest=NEXT.digest, code="worse", why="errors: too many")}
WAITING = a_candidate("newer", evidence=evidence(comparison=a_comparison(champion=NEXT)))
DOUBT = Proof(statement=None, links=(no("evidence", "otherBuild", "it says otherwise"),))


def rolling(changeover: Changeover, **changes: Any) -> Any:
    """Facts of a model whose production changes over."""
    usual = {
        "releases": {"production": NEXT},
        "introduced": {"production": MERGE},
        "rollouts": {"production": changeover},
        "fallbacks": {"production": Fallback(digest=NEXT.digest, release=OLD, files={})},
    }
    return facts(**{**usual, **changes})


def decided(changeover: Changeover, **changes: Any) -> Any:
    return decide(a_situation(rolling(changeover, **changes), rollout=a_canary()))


def shares(weight: int) -> dict[Digest, int]:
    return {OLD.digest: 100 - weight, NEXT.digest: weight}


@pytest.mark.parametrize(
    ("changeover", "weights", "code"),
    [
        (a_changeover(0), shares(5), "begin"),
        (a_changeover(5, facts=GOOD), shares(50), "proven"),
        (a_changeover(50, facts=as_changing(errors((100, 10_000), (1_000, 100_000), 50))), {NEXT.digest: 100}, "proven"),
    ],
    ids=["it begins", "it goes on", "it ends"],
)
def test_a_move_is_a_decision(changeover, weights, code):
    decision = decided(changeover)
    assert isinstance(decision, Advance)
    assert (dict(decision.weights), decision.code, decision.rung) == (weights, code, Rung.ROLLOUT_MOVES)
    assert decision.environment == "production"


@pytest.mark.parametrize(
    ("changeover", "changes", "code"),
    [
        (a_changeover(5, since=DAY / 48), {}, "pausing"),
        (a_changeover(5, facts=FEW), {}, "tooFewRows"),
        (a_changeover(5, since=4 * DAY, facts=FEW), {}, "overdue"),
        (a_changeover(0), {"proofs": {"production": DOUBT}}, "unproven"),
        (a_changeover(0), {"history": History(aborted=ENDED), "kept": {("production", NEXT.digest): 9}}, "kept"),
        (a_changeover(0), {"history": History(aborted=ENDED), "fallbacks": {}}, "unwell"),
    ],
    ids=["it pauses", "too few rows", "nobody came", "nothing proves it", "people keep it", "there is no way back"],
)
def test_a_rollout_that_waits_holds_what_would_come_next(changeover, changes, code):
    due = {"candidate": WAITING, "labels": LabelFacts(delay=DAY, new=25_000, newest=NOW)}
    decision = decided(changeover, **due | changes)
    assert isinstance(decision, Hold)
    assert (decision.code, decision.rung) == (code, Rung.ROLLOUT_IS_UNDER_WAY)


@pytest.mark.parametrize(
    ("changeover", "changes", "code"),
    [
        (a_changeover(5, facts=BAD), {}, "worse"),
        (a_changeover(5, since=DAY / 48, facts=BAD), {}, "worse"),
        (a_changeover(50), {"quarantine": {NEXT.digest: "it lies"}}, "quarantined"),
        (a_changeover(0), {"quarantine": {NEXT.digest: "it lies"}}, "quarantined"),
        (a_changeover(0), {"history": History(aborted=ENDED)}, "worse"),
    ],
    ids=["it is worse", "before the pause is over", "it is quarantined", "before it begins", "it was taken back before"],
)
def test_an_abort_is_a_roll_back_on_main_and_all_requests_go_back(changeover, changes, code):
    decision = decided(changeover, **changes)
    assert isinstance(decision, RollBack)
    assert (decision.code, decision.rung, decision.quarantines) == (code, Rung.ROLLOUT_MOVES, True)
    assert published(changeover, **changes) == {}
    assert not [step for step in steps(changeover, **changes) if isinstance(step, Publish) and NEXT.digest in str(step.files)]


def test_what_did_no_harm_is_not_quarantined():
    late = a_changeover(5, since=4 * DAY, facts=FEW)
    decision = decide(a_situation(rolling(late), rollout=a_canary(otherwise="abort")))
    assert (type(decision), decision.code, decision.quarantines) == (RollBack, "overdue", False)


def test_where_nothing_can_be_taken_back_on_main_the_requests_go_back_all_the_same():
    decision = decided(a_changeover(5, facts=BAD), kept={("production", NEXT.digest): 9})
    assert isinstance(decision, Advance)
    assert (dict(decision.weights), decision.code) == ({OLD.digest: 100}, "worse")


def test_whoever_was_taken_back_begins_again_only_after_another_merge():
    again = decided(a_changeover(0), history=History(aborted=ENDED), introduced={"production": a_revision("another")})
    assert (type(again), again.code) == (Advance, "begin")


def test_an_open_change_is_followed_while_a_rollout_waits_but_not_before_it_moves():
    open_too = {"candidate": WAITING, "changes": (an_open_change(digest=WAITING.build.digest),)}
    assert decided(a_changeover(5, since=DAY / 48), **open_too).rung is Rung.CHANGE_IS_OPEN
    assert decided(a_changeover(5, facts=BAD), **open_too).rung is Rung.ROLLOUT_MOVES


def test_a_person_stops_a_rollout_where_it_is():
    decision = decided(a_changeover(5, facts=BAD), hold=HoldNote(reason="audit", owner="ada", until=None))
    assert decision.rung is Rung.HELD_BY_A_PERSON
    assert published(a_changeover(5), hold=HoldNote(reason="audit", owner="ada", until=None)) == shares(5)


@pytest.mark.parametrize(
    ("changeover", "until", "code"),
    [
        (a_changeover(0), None, "held"),
        (a_changeover(5, facts=GOOD), NOW + DAY, "held"),
        (a_changeover(5, facts=GOOD), NOW, "proven"),
        (a_changeover(5, facts=BAD), None, "worse"),
    ],
    ids=["it does not begin", "it does not go on", "the hold is over", "it goes back all the same"],
)
def test_a_hold_of_the_environment_lets_nothing_forward(changeover, until, code):
    note = HoldNote(reason="audit", owner="ada", until=until, environments=("production",))
    assert decided(changeover, hold=note).code == code


def test_environments_are_looked_at_in_the_order_of_promotion():
    both = {"staging": a_changeover(5, since=DAY / 48), "production": a_changeover(0)}
    assert decided(a_changeover(0), rollouts=both).environment == "production"
    both["staging"] = a_changeover(0)
    assert decided(a_changeover(0), rollouts=both).environment == "staging"


def world_of(changeover: Changeover, rollback: str = "byTier", **changes: Any) -> tuple[Any, Specs]:
    """A world in which production changes over so, with specs to it; `rollback` says who merges roll-backs."""
    seen = rolling(changeover, **changes)
    canary = a_policy(RolloutPolicy, "canary", **a_canary().model_dump(mode="json", by_alias=True, exclude_unset=True))
    specs = the_specs(seen, rollout="canary", serve={"router": "gateway"}, rollback={"merge": rollback})
    specs = replace(specs, rollouts={**specs.rollouts, "canary": canary})
    proofs = {"flight-delay": seen.proofs["production"]}
    rendered = EnvironmentFacts(tip=a_revision("env"), files={}, proofs=proofs, changeovers={"flight-delay": changeover})
    return a_world(seen, environments={"production": rendered, "staging": NOWHERE}), specs


def steps(changeover: Changeover, **changes: Any) -> tuple[Step, ...]:
    return make_plan(*world_of(changeover, **changes)).steps


def published(changeover: Changeover, **changes: Any) -> dict[Digest, int]:
    (step,) = [step for step in steps(changeover, **changes) if isinstance(step, Publish)]
    return dict(weights_in(step.files, "flight-delay"))


def test_the_branch_shows_who_gets_what():
    assert published(a_changeover(0)) == shares(5)
    assert published(a_changeover(5, since=DAY / 48)) == shares(5)
    assert published(a_changeover(5, facts=GOOD)) == shares(50)


@pytest.mark.parametrize(
    ("changeover", "changes", "there", "gone"),
    [
        (a_changeover(5, facts=BAD), {}, OLD, NEXT),
        (a_changeover(0), {"history": History(aborted=ENDED)}, OLD, NEXT),
        (a_changeover(50, facts=as_changing(errors((100, 10_000), (1_000, 100_000), 50))), {}, NEXT, OLD),
    ],
    ids=["after it was taken back", "as long as main names it", "after the end"],
)
def test_a_release_with_all_of_the_requests_stands_alone(changeover, changes, there, gone):
    (step,) = [step for step in steps(changeover, **changes) if isinstance(step, Publish)]
    text = "".join(text for path, text in step.files.items() if path.startswith("manifests/"))
    assert there.digest in text
    assert gone.digest not in text
    assert weights_in(step.files, "flight-delay") == {}


def test_that_it_was_taken_back_is_written_down_before_it_is_done():
    made = [step for step in steps(a_changeover(5, facts=BAD)) if isinstance(step, Publish | Record)]
    kinds = [step.event.kind if isinstance(step, Record) else "publish" for step in made]
    assert kinds.index(EventKind.ABORTED) < kinds.index("publish")
    (event,) = [step.event for step in made if isinstance(step, Record) and step.event.kind is EventKind.ABORTED]
    assert event.id == f"aborted/production/{MERGE}"
    assert (event.details["digest"], event.details["code"]) == (NEXT.digest, "worse")
    assert not [step for step in steps(a_changeover(5, facts=GOOD)) if isinstance(step, Record) and step.event.id == event.id]


def test_a_release_that_nothing_proves_gets_nothing():
    world, specs = world_of(a_changeover(0), proofs={"staging": PROVEN, "production": DOUBT})
    rendered = replace(world.environments["production"], files={"manifests/flight-delay/a.yaml": "kind: A\n"})
    plan = make_plan(replace(world, environments={"production": rendered}), specs)
    assert not [step for step in plan.steps if isinstance(step, Publish)]
