"""Laws of rollouts in the loop: nobody is given what may not run, shares make a hundred, and plans come to rest."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain.events import EventKind
from reconciler.domain.facts import Aborted, History, ModelFacts, OpenChange
from reconciler.domain.known import Missing
from reconciler.domain.names import Digest, Revision
from reconciler.domain.releases import HoldNote
from reconciler.domain.rollouts import Changeover, RolloutFacts
from reconciler.domain.steps import Publish, Record, Step, TakeBack
from reconciler.domain.world import World
from reconciler.plan.plan import make_plan
from reconciler.render.weights import weights_in
from reconciler.specs.specs import Specs
from tests.builders import a_revision
from tests.examples import examples
from tests.rollouts import NEXT, OLD, a_changeover, as_changing, errors, seen
from tests.unit.plan.test_rollouts import DOUBT, ENDED, world_of

SHARES = (0, 5, 50)
OFTEN = examples(1)
missing = seen(Missing(code="notMeasured", why="gone"), Missing(code="notMeasured", why="gone"))


@st.composite
def changeovers(draw: st.DrawFn) -> Changeover:
    """Any stage, for any time, with anything counted."""
    weight = draw(st.sampled_from(SHARES))
    rows, live_rows = draw(st.integers(0, 20_000)), draw(st.integers(0, 100_000))
    counted = errors((draw(st.integers(0, rows)), rows), (draw(st.integers(0, live_rows)), live_rows), weight)
    found = draw(st.sampled_from([RolloutFacts(), missing, counted, counted, counted]))
    since = timedelta(minutes=draw(st.sampled_from([0, 30, 90, 10_000])))
    return a_changeover(weight, since=since, facts=as_changing(found) if weight else RolloutFacts())


objections = st.fixed_dictionaries(
    {},
    optional={
        "quarantine": st.just({NEXT.digest: "it lies"}),
        "history": st.just(History(aborted=ENDED)),
        "hold": st.sampled_from([("production",), ()]).map(
            lambda where: HoldNote(reason="audit", owner="ada", until=None, environments=where)
        ),
        "kept": st.just({("production", NEXT.digest): 9}),
        "proofs": st.just({"production": DOUBT}),
    },
)


def planned(world: World, specs: Specs) -> tuple[Step, ...]:
    return make_plan(world, specs).steps


def given_by(step: Publish, changeover: Changeover) -> dict[Digest, int]:
    """Percent by digest on the branch; a release that stands alone has all."""
    text = "".join(text for path, text in step.files.items() if path.startswith("manifests/"))
    alone = {one.digest: 100 for one in changeover.releases if one.digest in text}
    return dict(weights_in(step.files, "flight-delay")) or alone


@OFTEN
@given(changeovers(), objections)
def test_shares_make_a_hundred_and_only_of_releases_that_main_named(changeover: Changeover, more: dict[str, Any]) -> None:
    for step in planned(*world_of(changeover, **more)):
        if isinstance(step, Publish) and (shares := given_by(step, changeover)):
            assert sum(shares.values()) == 100
            assert set(shares) <= {OLD.digest, NEXT.digest}


@OFTEN
@given(changeovers(), objections)
def test_what_is_quarantined_taken_back_or_unproven_is_given_nothing_more(changeover: Changeover, more: dict[str, Any]) -> None:
    before = changeover.progress.weight
    for step in planned(*world_of(changeover, **more)):
        if isinstance(step, Publish):
            now = given_by(step, changeover).get(NEXT.digest, 0)
            stopped = more.get("hold", HoldNote(reason="", owner="", until=None, environments=("staging",))).environments == ()
            if {"quarantine", "history"} & set(more) and "proofs" not in more and not stopped:
                assert now == 0
            if "proofs" in more or "hold" in more:
                assert now <= before


@OFTEN
@given(changeovers(), objections)
def test_the_same_world_gives_the_same_plan(changeover: Changeover, more: dict[str, Any]) -> None:
    assert planned(*world_of(changeover, **more)) == planned(*world_of(changeover, **more))


@OFTEN
@given(changeovers(), objections)
def test_planning_on_the_world_that_a_plan_leads_to_asks_for_nothing_more(changeover: Changeover, more: dict[str, Any]) -> None:
    world, specs = world_of(changeover, rollback="reviewed", **more)
    world = follow(world, planned(world, specs))
    assert planned(world, specs) == ()


def follow(world: World, steps: tuple[Step, ...]) -> World:
    """The world when all steps are done, seen at the same moment."""
    (facts,) = world.models.values()
    environments = dict(world.environments)
    for step in steps:
        match step:
            case Publish(environment=environment, files=files):
                before = environments[environment]
                after = _changed(before.changeovers["flight-delay"], dict(weights_in(files, "flight-delay")), files)
                changeovers = {"flight-delay": after} if after else {}
                environments[environment] = replace(before, files=files, changeovers=changeovers)
                facts = replace(facts, rollouts={environment: after} if after else {})
            case Record(event=event):
                facts = _recorded(facts, event)
            case TakeBack():
                facts = replace(facts, takebacks=(_opened(step),))
            case _:
                facts = replace(facts, tags={**facts.tags, step.name: step.target}) if hasattr(step, "target") else facts
    return replace(world, models={facts.model: facts}, environments=environments)


def _changed(before: Changeover, weights: dict[Digest, int], files: Any) -> Changeover | None:
    """What is under way then: nothing, when main's release stands alone."""
    if not weights:
        text = "".join(text for path, text in files.items() if path.startswith("manifests/"))
        return None if NEXT.digest in text else replace(before, progress=replace(before.progress, weights={}))
    if weights == dict(before.progress.weights):
        return before
    return a_changeover(weights[NEXT.digest], since=timedelta())


def _recorded(facts: ModelFacts, event: Any) -> ModelFacts:
    history = replace(facts.history, events=facts.history.events | {event.id})
    if event.kind is EventKind.ABORTED:
        place = (str(event.details["environment"]), Revision(str(event.details["commit"])))
        ended = Aborted(digest=Digest(event.details["digest"]), code=str(event.details["code"]), why=event.message)
        history = replace(history, aborted={**history.aborted, place: ended})
    if event.kind is EventKind.PROMOTED:
        ran = (str(event.details["environment"]), Digest(event.details["digest"]))
        history = replace(history, released=history.released | {ran})
    return replace(facts, history=history)


def _opened(step: TakeBack) -> OpenChange:
    return OpenChange(
        number=9,
        environment=step.environment,
        digest=step.digest,
        content=step.content,
        title=step.title,
        body=step.body,
        tip=a_revision("tip"),
        edited=False,
    )
