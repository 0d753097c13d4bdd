"""What an environment runs goes on to the next one: which, when, and that nothing is trained or rewritten for it."""

from dataclasses import replace
from typing import Any

from reconciler.domain.clusters import Health
from reconciler.domain.decisions import Hold, Promote, Retrain, Rung, Withdraw
from reconciler.domain.events import EventKind
from reconciler.domain.facts import History, ModelFacts
from reconciler.domain.names import release_path
from reconciler.domain.overrides import GateOverride
from reconciler.domain.releases import HoldNote
from reconciler.domain.steps import Close, Describe, Merge, Propose, Share, Train
from reconciler.plan.decide import decide
from reconciler.plan.not_now import noted
from reconciler.plan.onward import about, all_on_their_way, going_on
from reconciler.plan.record import record_steps
from reconciler.plan.situation import next_environment
from reconciler.plan.steps import steps_for
from reconciler.plan.way import objection
from reconciler.render.release import release_yaml
from tests.builders import NOW, a_build, a_candidate, a_release, an_open_change
from tests.cases import each
from tests.rollouts import a_canary, a_changeover
from tests.unit.plan.chains import HOUR, SOAKED, a_chain, a_move, deployed, landed, soaking
from tests.unit.plan.situations import a_situation
from tests.unit.plan.worlds import a_world, proposed, the_specs

NEXT = a_build("next").digest
NEW = a_candidate()
STAGED = a_release("next", environment="staging", version="1.1.0")
FAIR = {"name": "production", "freeze": [{"from": "2013-05-30", "until": "2013-06-03", "reason": "Fair"}]}


def steps(seen: ModelFacts, chain: Any = None, **model: Any) -> list[Any]:
    situation = a_chain(seen, chain, **model)
    specs = the_specs(seen, environments=chain or SOAKED, **model)
    return steps_for(decide(situation), situation, a_world(seen), specs)


@each("newer", [None, NEW])
def test_what_has_soaked_goes_on_whatever_was_trained_meanwhile(newer: Any) -> None:
    seen = soaking(newer=newer)
    decision = decide(a_chain(seen))
    assert isinstance(decision, Promote)
    assert (decision.environment, decision.digest, decision.rung) == ("production", NEXT, Rung.RELEASE_GOES_ON)
    (step,) = steps(seen)
    assert isinstance(step, Propose)
    assert step.title == "Promote flight-delay 1.1.0 to production"
    wanted = release_yaml(replace(seen.releases["staging"], environment="production"))
    assert step.files == {release_path("flight-delay", "production"): wanted}
    assert "1.1.0 runs in staging since 2013-05-31T11:00:00Z" in step.body


def test_it_waits_for_its_soak_and_the_decision_says_until_when() -> None:
    decision = decide(a_chain(soaking(23 * HOUR, newer=NEW)))
    assert isinstance(decision, Hold)
    assert decision.code == "soaking"
    assert "until 2013-06-01T13:00:00Z" in decision.message
    assert "1.1.0 is on its way from staging to production, and nothing newer takes its place" in decision.message


def test_without_a_pin_the_newer_one_is_proposed_and_what_has_soaked_goes_first() -> None:
    chain = [{**SOAKED[0], "pinCandidate": False}, "production"]
    early, late = (decide(a_chain(soaking(ago, newer=NEW), chain)) for ago in (HOUR, 25 * HOUR))
    assert isinstance(early, Promote)
    assert isinstance(late, Promote)
    assert (early.environment, early.digest) == ("staging", NEW.build.digest)
    assert (late.environment, late.digest) == ("production", NEXT)


def test_what_has_soaked_goes_on_although_a_pull_request_waits_for_staging() -> None:
    change = an_open_change(digest=NEW.build.digest)
    decision = decide(a_chain(soaking(newer=NEW, changes=(change,))))
    assert isinstance(decision, Promote)
    assert decision.environment == "production"


@each(
    "changes",
    [
        {"quarantine": {NEXT: "bad"}},
        {"declined": {NEXT: 3}},
        {"proofs": {}},
        {"onward": {}},
        {"history": History(released=frozenset({("production", NEXT)}))},
        {"releases": {"production": a_release(version="1.2.0"), "staging": STAGED}},
        {"hold": HoldNote(reason="audit", owner="ada", until=None)},
    ],
)  # fmt: skip
def test_what_may_not_go_on_does_not(changes: Any) -> None:
    decision = decide(a_chain(soaking(**changes)))
    assert not isinstance(decision, Promote)
    assert not [step for step in steps(soaking(**changes)) if isinstance(step, Propose | Train | Share)]


def test_an_open_pull_request_becomes_a_draft_once_and_says_why() -> None:
    seen = soaking()
    (proposal,) = steps(seen)
    change = proposed(proposal)
    chain = [SOAKED[0], FAIR]
    decision = decide(a_chain(replace(seen, changes=(change,)), chain))
    assert isinstance(decision, Hold)
    assert (decision.code, decision.number) == ("changeNotNow", 7)
    (step,) = steps(replace(seen, changes=(change,)), chain)
    assert isinstance(step, Describe)
    assert step.draft
    assert step.body.startswith("> **Not now.** freeze says NO: production is frozen until 2013-06-03: Fair")
    assert step.body.endswith(proposal.body)
    told = replace(change, body=step.body, labels=step.labels, draft=True)
    assert steps(replace(seen, changes=(told,)), chain) == []
    (thawed,) = steps(replace(seen, changes=(told,)))
    assert (thawed.draft, thawed.body) == (False, proposal.body)


def test_a_pull_request_that_waits_and_says_so_keeps_nothing_else_from_going_on() -> None:
    chain = [SOAKED[0], FAIR]
    (subject,) = going_on(a_chain(soaking(), chain))
    stopped = objection(subject, "production")
    assert stopped is not None
    told = an_open_change(environment="production", digest=NEXT, body=noted("body", stopped))
    decision = decide(a_chain(soaking(changes=(told,)), chain, triggers={"type": "maxAge", "age": "1d"}))
    assert isinstance(decision, Retrain)


def test_a_pull_request_for_what_is_not_on_its_way_any_more_is_closed() -> None:
    change = an_open_change(environment="production", digest=a_build("old").digest)
    decision = decide(a_chain(soaking(HOUR, changes=(change,))))
    assert isinstance(decision, Withdraw)
    assert decision.code == "overtaken"
    assert isinstance(steps(soaking(HOUR, changes=(change,)))[0], Close)


@each(("approved", "merges"), [((), False), (("eve",), False), (("ada",), True)])
def test_staging_merges_itself_and_production_waits_for_its_owner(approved: Any, merges: bool) -> None:
    chain = [SOAKED[0], {"name": "production", "approvals": {"owners": ["ada"]}}]
    (proposal,) = steps(soaking(), chain, tier="low")
    assert "1 approval, one of ada" in proposal.body
    assert proposal.reviewers == ("ada",)
    found = steps(soaking(changes=(proposed(proposal, approved_by=approved),)), chain, tier="low")
    assert [isinstance(step, Merge) for step in found] == ([True] if merges else [])
    seen = soaking(releases={"production": a_release()}, onward={}, candidate=NEW)
    (first,) = steps(seen, chain, tier="low")
    assert first.environment == "staging"
    assert isinstance(steps(replace(seen, changes=(proposed(first),)), chain, tier="low")[0], Merge)


class TestThreeEnvironments:
    chain: Any = [{"name": "dev", "soak": "1h"}, {"name": "staging", "soak": "24h"}, "production"]

    def world(self, dev: str, staging: str, **changes: Any) -> ModelFacts:
        """Production runs 1.0.0; in `dev` and `staging` are these, since 25 hours."""
        versions = {"champion": "1.0.0", "one": "1.1.0", "two": "1.2.0"}
        at = {"dev": dev, "staging": staging, "production": "champion"}
        releases = {name: a_release(word, environment=name, version=versions[word]) for name, word in at.items()}
        moves = tuple(a_move(release, 25 * HOUR) for release in releases.values())
        released = {(move.environment, move.digest) for move in moves} | {("dev", releases["staging"].digest)}
        after = {"dev": staging, "staging": "champion"}
        return replace(
            soaking(),
            environments=("dev", "staging", "production"),
            releases=releases,
            introduced={move.environment: move.commit for move in moves},
            onward={name: landed(releases[name]) for name in after if at[name] != after[name]},
            proofs={},
            history=History(moves=moves, released=frozenset(released)),
            **changes,
        )

    def turns(self, seen: ModelFacts) -> list[tuple[str | None, Any]]:
        situation = a_situation(seen, environments=self.chain)
        return [(next_environment(one), one.candidate and one.candidate.build.digest) for one in all_on_their_way(situation)]

    def test_the_furthest_comes_first_and_each_goes_one_step(self) -> None:
        assert self.turns(self.world("two", "one")) == [("production", a_build("one").digest), ("staging", a_build("two").digest)]

    def test_what_dev_and_staging_both_run_is_one_thing_on_its_way(self) -> None:
        assert self.turns(self.world("one", "one")) == [("production", a_build("one").digest)]

    def test_what_dev_went_back_from_goes_no_further(self) -> None:
        one, back = a_release("one", environment="dev"), a_release("champion", environment="dev", version="1.0.0")
        seen = self.world("champion", "one")
        moves = (a_move(one, 30 * HOUR), a_move(back, HOUR, rolled_back=True))
        assert self.turns(replace(seen, history=replace(seen.history, moves=moves))) == []

    def test_nothing_newer_enters_dev_while_its_release_is_on_its_way_further_on(self) -> None:
        seen = replace(self.world("one", "one"), candidate=NEW)
        seen = replace(seen, proofs=soaking().proofs | {"dev": soaking().proofs["staging"]})
        stopped = objection(a_situation(seen, environments=self.chain), "dev")
        assert stopped is not None
        assert stopped.code == "taken"


def test_a_situation_is_about_what_it_is_asked_for() -> None:
    situation = a_chain(soaking(newer=NEW))
    assert about(situation, NEW.build.digest) is situation
    assert about(situation, None) is situation
    landed_one = about(situation, NEXT).candidate
    assert landed_one is not None
    assert landed_one.landed
    assert situation.now == NOW


def test_an_override_of_a_freeze_is_put_on_record_once_and_apart_from_that_of_a_gate() -> None:
    override = GateOverride(
        gates=("freeze", "floor"),
        candidate=None,
        champion=a_release().digest,
        owner="ada",
        reason="fire",
        since=NOW - HOUR,
        until=NOW + HOUR,
    )
    gates = [{"type": "floor", "metric": "rocAuc", "atLeast": 0.99}]
    seen = soaking(override=override)

    def recorded(seen: ModelFacts, chain: Any) -> list[tuple[str, str]]:
        events = [step.event for step in record_steps(a_chain(seen, chain, gates=gates))]
        return [(event.id, str(event.details["gates"])) for event in events if event.kind is EventKind.GATE_OVERRIDDEN]

    ((plain, named),) = recorded(seen, SOAKED)
    ((frozen, both),) = recorded(seen, [SOAKED[0], FAIR])
    assert (named, both) == ("floor", "floor, freeze")
    assert plain != frozen
    known = replace(seen.history, events=frozenset({frozen}))
    assert recorded(replace(seen, history=known), [SOAKED[0], FAIR]) == []


def test_the_note_of_a_soak_does_not_change_with_every_pod() -> None:
    told = set()
    for ready in (0, 1):
        unwell = deployed(NEXT, Health.DEGRADED, message=f"{ready} of 2 pods are ready")
        (subject,) = going_on(a_chain(soaking(deployed={"staging": unwell})))
        stopped = objection(subject, "production")
        assert stopped is not None
        told.add(noted("body", stopped))
    assert len(told) == 1
    assert "perennial rollback, or mend flight-delay.staging" in told.pop()


def test_nothing_goes_on_beside_a_rollout_that_is_under_way() -> None:
    for environment in ("staging", "production"):
        seen = soaking(newer=NEW, rollouts={environment: a_changeover(5, since=HOUR / 2)})
        decision = decide(replace(a_chain(seen), rollout=a_canary()))
        assert isinstance(decision, Hold)
        assert decision.rung is Rung.ROLLOUT_IS_UNDER_WAY
