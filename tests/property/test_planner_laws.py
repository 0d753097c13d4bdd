"""Laws of the planner: they hold for any combination of facts."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from reconciler.domain.changes import labels_beside
from reconciler.domain.clusters import Deployed, Health
from reconciler.domain.conversations import Question
from reconciler.domain.decisions import Promote, Retrain, RollBack
from reconciler.domain.events import EventKind
from reconciler.domain.facts import History, LabelFacts, LiveFacts, ModelFacts
from reconciler.domain.fallbacks import Fallback
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.notices import Comment
from reconciler.domain.releases import HoldNote
from reconciler.domain.steps import (
    Close,
    Describe,
    Merge,
    Propose,
    ProposeHold,
    ProposeRollback,
    Publish,
    Record,
    Step,
    Tag,
    TakeBack,
    Tell,
    Train,
)
from reconciler.domain.tiers import Tier
from reconciler.domain.world import World
from reconciler.plan.decide import decide
from reconciler.plan.plan import make_plan
from tests.builders import DAY, NOW, a_candidate, a_profile, a_revision, an_open_change, facts, first_evidence
from tests.examples import examples
from tests.property.streams import a_moving_world, streams
from tests.property.worlds import GUARDS, TRIGGERS, WEEK, any_facts, questions, tiers
from tests.unit.plan.situations import a_situation
from tests.unit.plan.worlds import a_world, proposed, the_specs
from tests.unwell import a_takeback

MANY = LabelFacts(delay=DAY, new=25_000, newest=NOW - DAY)
OFTEN = examples(2)


def decided(seen: ModelFacts) -> object:
    return decide(a_situation(seen, triggers=TRIGGERS, guards=GUARDS))


def steps(seen: ModelFacts, world: World | None = None, tier: Tier = Tier.STANDARD) -> tuple[Step, ...]:
    specs = the_specs(seen, triggers=TRIGGERS, guards=GUARDS, tier=tier, promotion={"owners": ["ada"]})
    return make_plan(world or a_world(seen), specs).steps


@OFTEN
@given(any_facts())
def test_every_decision_says_why(seen: ModelFacts) -> None:
    decision = decide(a_situation(seen, triggers=TRIGGERS, guards=GUARDS))
    assert decision.code
    assert decision.message
    assert decision.judgements


@OFTEN
@given(any_facts())
def test_nothing_is_promoted_past_a_gate_that_is_not_yes(seen: ModelFacts) -> None:
    decision = decided(seen)
    if isinstance(decision, Promote):
        assert all(leaf.answer is Answer.YES for leaf in decision.judgements[0].leaves())


@OFTEN
@given(any_facts())
def test_a_gate_is_passed_by_itself_or_by_an_override_that_names_it_and_counts(seen: ModelFacts) -> None:
    decision, alone = decided(seen), decided(replace(seen, override=None))
    if isinstance(decision, Promote):
        pairs = zip(decision.judgements[0].parts, alone.judgements[0].parts, strict=True)  # type: ignore[attr-defined]
        aside = {after.rule for after, before in pairs if before.answer is not Answer.YES}
        assert not aside or (seen.override and aside <= {*seen.override.gates} and seen.override.until > NOW)
    else:
        assert not isinstance(alone, Promote)


@OFTEN
@given(any_facts())
def test_nothing_is_promoted_without_gates(seen: ModelFacts) -> None:
    assert not isinstance(decide(a_situation(seen, triggers=TRIGGERS, gates=[])), Promote)


@OFTEN
@given(any_facts())
def test_a_barred_digest_is_never_promoted(seen: ModelFacts) -> None:
    decision = decided(seen)
    if isinstance(decision, Promote):
        assert decision.digest not in seen.quarantine
        assert decision.digest not in seen.declined
        assert (decision.environment, decision.digest) not in seen.history.released or seen.changes


@OFTEN
@given(any_facts())
def test_a_held_model_is_never_changed(seen: ModelFacts) -> None:
    held = replace(seen, hold=HoldNote(reason="audit", owner="ada", until=None))
    assert not [step for step in steps(held) if not isinstance(step, Record | Tag | Publish)]


@OFTEN
@given(any_facts())
def test_only_what_is_surely_unwell_is_taken_back_and_only_to_what_ran_before(seen: ModelFacts) -> None:
    decision = decided(seen)
    if isinstance(decision, RollBack):
        live, before = seen.deployed[decision.environment], seen.fallbacks[decision.environment]
        assert isinstance(live, Deployed)
        assert (live.health, decision.digest in live.digests) == (Health.DEGRADED, True)
        assert isinstance(before, Fallback)
        assert (before.release is not None, before.restored) == (True, False)
        assert not any(change.edited for change in seen.takebacks)
    quiet = replace(seen, deployed={"production": Missing(code="clusterSilent", why="no answer")})
    assert not isinstance(decided(quiet), RollBack)


@OFTEN
@given(any_facts(), tiers, st.booleans())
def test_nothing_merges_itself_above_tier_low_nor_past_a_gate_that_does_not_say_yes_by_itself(
    seen: ModelFacts, tier: Tier, true: bool
) -> None:
    seen = as_proposed(seen, tier) if true else seen
    if any(isinstance(step, Merge) for step in steps(seen, tier=tier)):
        assert tier is Tier.LOW
        alone = decided(replace(seen, override=None))
        assert isinstance(alone, Promote)
        assert all(leaf.answer is Answer.YES for leaf in alone.judgements[0].leaves())
        assert not any(change.draft or change.edited or change.tip is None for change in seen.changes)


def test_a_model_of_tier_low_does_merge_itself() -> None:
    """So that the law above speaks of something."""
    for tier in Tier:
        seen = as_proposed(facts(candidate=a_candidate(evidence=first_evidence()), releases={}), tier)
        assert any(isinstance(step, Merge) for step in steps(seen, tier=tier)) is (tier is Tier.LOW)


def as_proposed(seen: ModelFacts, tier: Tier) -> ModelFacts:
    """With the pull request open that the planner wants, if it wants one."""
    for step in steps(replace(seen, changes=()), tier=tier):
        if isinstance(step, Propose):
            return replace(seen, changes=(proposed(step),))
    return seen


@OFTEN
@given(any_facts(), tiers)
def test_a_branch_that_people_pushed_to_is_never_written(seen: ModelFacts, tier: Tier) -> None:
    seen = replace(seen, changes=(an_open_change(edited=True, foreign=("eve",)),))
    assert not [step for step in steps(seen, tier=tier) if isinstance(step, Propose | Describe | Merge | Close)]


@OFTEN
@given(any_facts())
def test_a_guard_that_is_not_yes_lets_no_retrain_through(seen: ModelFacts) -> None:
    decision = decided(seen)
    if isinstance(decision, Retrain) and decision.code != "baselineMoved":
        guards = [said for said in decision.judgements if said.rule in {"cooldown", "minimumNewLabels", "hold", "backoff"}]
        assert len(guards) == 4
        assert all(said.answer is Answer.YES for said in guards)


@OFTEN
@given(any_facts())
def test_more_drift_never_turns_retrain_into_hold(seen: ModelFacts) -> None:
    quiet = replace(seen, hold=None, deployed={}, changes=(), candidate=None, history=History(), labels=MANY)
    assert isinstance(decided(quiet), Retrain)
    drifted = replace(quiet, profiles={WEEK: a_profile(0, 0, 0, 0, 0, 0, 0, 0, 0, 4000)})
    assert isinstance(decided(drifted), Retrain)


DRIFTS = {
    "atLeast": 2,
    "of": [
        {"type": "dataDrift"},
        {
            "any": [
                {"type": "predictionDrift"},
                {"all": [{"type": "labelDrift"}, {"type": "dataDrift", "features": ["hour"]}]},
            ]
        },
        {"type": "conceptDrift"},
    ],
}


@OFTEN
@given(any_facts(), streams(), st.integers(0, 9), st.lists(st.integers(0, 20), min_size=2, max_size=2))
def test_no_kind_of_drift_that_grows_turns_retrain_into_hold(
    seen: ModelFacts, live: LiveFacts, target: int, levels: list[int]
) -> None:
    """Features, predictions and labels move together, whatever else is seen; the guards say what they say."""
    decisions = []
    seen = replace(seen, hold=None, deployed={}, changes=(), candidate=None)
    for level in sorted(levels):
        moving = a_moving_world(target, level)
        moved = replace(live, **{name: getattr(moving.live, name) for name in ("outcomes", "importance", "populations")})
        drifting = replace(seen, reference=moving.reference, profiles=moving.profiles, live=moved)
        decisions.append(decide(a_situation(drifting, triggers=DRIFTS, guards=GUARDS)))
    if isinstance(decisions[0], Retrain):
        assert isinstance(decisions[1], Retrain)


def test_drift_of_everything_retrains_where_no_guard_objects() -> None:
    """So that the law above speaks of something."""
    for level, due in ((0, False), (20, True)):
        seen = replace(a_moving_world(3, level), labels=MANY)
        assert isinstance(decide(a_situation(seen, triggers=DRIFTS, guards=GUARDS)), Retrain) is due


@OFTEN
@given(any_facts())
def test_an_unseen_world_never_retrains_a_released_model(seen: ModelFacts) -> None:
    assume(seen.newest is not None and seen.fingerprint == seen.newest.made_from)
    missing = Missing(code="rowsUnreadable", why="gone")
    blind = replace(seen, labels=missing, profiles={WEEK: missing}, scores=dict.fromkeys(seen.scores, missing))
    decision = decided(blind)
    assert not isinstance(decision, Retrain) or decision.code in {"baselineMoved", "maxAge", "specChanged"}


@OFTEN
@given(any_facts())
def test_the_same_world_gives_the_same_plan(seen: ModelFacts) -> None:
    assert steps(seen) == steps(replace(seen))


@given(any_facts(), tiers, questions)
def test_planning_on_the_world_a_plan_leads_to_asks_for_nothing_more(
    seen: ModelFacts, tier: Tier, asked: tuple[Question, ...]
) -> None:
    world = a_world(seen, questions=asked, tells=True)
    planned = untrained(steps(seen, world, tier))
    closes = any(isinstance(step, Close) for step in planned)
    for _ in range(1 + closes):  # a closed pull request is a declined digest, which the next pass records
        world = follow(world.models[seen.model], world, planned)
        planned = untrained(steps(world.models[seen.model], world, tier))
    assert planned == ()


def untrained(planned: tuple[Step, ...]) -> tuple[Step, ...]:
    """Without trainings and merges, which make another main."""
    return tuple(step for step in planned if not isinstance(step, Train | Merge))


def follow(seen: ModelFacts, world: World, planned: tuple[Step, ...]) -> World:
    """The world as it is when all the steps are done."""
    environments = dict(world.environments)
    answered = {answer.key for step in planned if (answer := answer_of(step))}
    for step in planned:
        match step:
            case Record(event=event):
                ran_now = event.kind is EventKind.PROMOTED
                more = {(str(event.details["environment"]), event.details["digest"])} if ran_now else set()
                events, ran = seen.history.events | {event.id}, seen.history.released | more
                seen = replace(seen, history=replace(seen.history, events=events, released=ran))
            case Tag(name=name, target=target):
                seen = replace(seen, tags={**seen.tags, name: target})
            case Publish(environment=environment, files=files):
                environments[environment] = replace(environments[environment], tip=a_revision(environment), files=files)
            case Propose():
                seen = replace(seen, changes=(proposed(step),), history=remembering(seen, step.event.id))
            case Describe(title=title, body=body, labels=labels, draft=draft):
                told = {"title": title, "body": body, "draft": draft}
                changes = [replace(one, labels=labels_beside(one.labels, labels), **told) for one in seen.changes]
                seen = replace(seen, changes=tuple(changes))
            case TakeBack(environment=environment, digest=digest, content=content, title=title, body=body):
                words = {"title": title, "body": body, "content": content}
                seen = replace(seen, takebacks=(a_takeback(environment=environment, digest=digest, **words),))
            case Tell() | ProposeHold() | ProposeRollback():
                pass
            case _:
                seen = replace(seen, changes=(), declined={**seen.declined, **{c.digest: c.number for c in seen.changes}})
    open_questions = tuple(one for one in world.questions if one.command.answer_key not in answered)
    return replace(world, models={seen.model: seen}, environments=environments, questions=open_questions)


def answer_of(step: Step) -> Comment | None:
    match step:
        case Tell(notice=Comment() as comment) | ProposeHold(answer=comment) | ProposeRollback(answer=comment):
            return comment
        case _:
            return None


def remembering(seen: ModelFacts, *ids: str) -> object:
    return replace(seen.history, events=seen.history.events | set(ids))
