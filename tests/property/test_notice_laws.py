"""Laws of what people are told: the same world shows the same, showing it twice writes once, and strangers change nothing."""

from hypothesis import given

from reconciler.act.tell import tell
from reconciler.adapters.fakes.forge import FakeForge
from reconciler.adapters.fakes.notices import FakeNotices
from reconciler.domain.changes import Proposal
from reconciler.domain.conversations import Question
from reconciler.domain.facts import ModelFacts
from reconciler.domain.notices import LONGEST_BODY, LONGEST_DESCRIPTION, Dashboard, Status, StatusState
from reconciler.domain.tiers import Tier
from reconciler.plan.plan import Plan, make_plan
from reconciler.ports import Writers
from tests.acting import ToldTrainer
from tests.builders import NOW, a_revision
from tests.examples import examples
from tests.property.worlds import GUARDS, TRIGGERS, any_facts, questions, tiers
from tests.unit.plan.worlds import a_world, the_specs

OFTEN = examples(2)


def planned(seen: ModelFacts, tier: Tier, asked: tuple[Question, ...]) -> Plan:
    specs = the_specs(seen, triggers=TRIGGERS, guards=GUARDS, tier=tier, promotion={"owners": ["ada"]})
    return make_plan(a_world(seen, questions=asked, tells=True), specs)


def a_forge() -> FakeForge:
    """With pull requests up to number 9, which is what the facts speak of."""
    forge = FakeForge({"main": a_revision(), **{f"b{number}": a_revision() for number in range(1, 10)}})
    for number in range(1, 10):
        forge.propose(Proposal(branch=f"b{number}", base="main", title="", body=""), NOW)
    return forge


@OFTEN
@given(any_facts(), tiers, questions)
def test_who_may_not_write_changes_nothing(seen: ModelFacts, tier: Tier, asked: tuple[Question, ...]) -> None:
    strangers = tuple(one for one in asked if not one.command.permission.may_write)
    assert planned(seen, tier, strangers).steps == planned(seen, tier, ()).steps


@OFTEN
@given(any_facts(), tiers, questions)
def test_the_same_world_shows_the_same_and_showing_it_again_writes_nothing(
    seen: ModelFacts, tier: Tier, asked: tuple[Question, ...]
) -> None:
    shown, again = planned(seen, tier, asked).notices, planned(seen, tier, asked).notices
    assert shown == again
    forge, notices = a_forge(), FakeNotices()
    writers = Writers(repository=None, forge=forge, trainer=ToldTrainer(), notices=notices)  # type: ignore[arg-type]
    assert all(tell(one.notice, NOW, writers) for one in shown)
    assert not any(tell(one.notice, NOW, writers) for one in again)


@OFTEN
@given(any_facts(), tiers)
def test_what_is_shown_fits_and_commits_of_people_never_succeed(seen: ModelFacts, tier: Tier) -> None:
    edited = {change.tip for change in (*seen.changes, *seen.takebacks) if change.edited}
    for told in planned(seen, tier, ()).notices:
        match told.notice:
            case Status(state=state, description=said, revision=tip):
                assert len(said) <= LONGEST_DESCRIPTION
                assert not (tip in edited and state is StatusState.SUCCESS)
            case Dashboard(body=body):
                assert len(body) <= LONGEST_BODY
