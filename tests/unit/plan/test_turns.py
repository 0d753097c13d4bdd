"""The fleet's limit at its edges: who trains is said by the order alone, and what waits keeps all that was found."""

from dataclasses import replace

import pytest

from reconciler.domain.decisions import Decision, Hold, Promote, Retrain, Rung
from reconciler.domain.judgements import yes
from reconciler.domain.live import Fleet, OpenPull
from reconciler.domain.releases import digest_of
from reconciler.domain.steps import Merge
from reconciler.plan.limits import asked_by, decide_in_turn, limit, spare_people
from reconciler.specs.settings import Settings
from tests.builders import DAY, NOW, a_candidate, a_revision, facts, specs_of
from tests.unit.plan.situations import a_situation

FIRES = yes("newLabels", "enough", "25,000 new labels")
DUE = Retrain(model="a", as_of=NOW, code="newLabels", message="due", judgements=(FIRES,), rung=Rung.RETRAIN_IS_DUE)
FRESH = Hold(model="b", code="fresh", message="no trigger fires")
PROMOTES = Promote(model="flight-delay", environment="staging", digest=digest_of("d"), code="mergesItself", message="it is ready")
MERGE = Merge(model="flight-delay", environment="staging", number=7, expected=a_revision("tip"), base=a_revision(), files={})


def test_no_models_are_no_decisions() -> None:
    assert decide_in_turn([]) == []
    assert limit([], Settings(max_trainings_per_pass=1)) == ()


def test_a_training_that_waits_keeps_its_judgements_and_its_rung() -> None:
    _, queued = limit([replace(DUE, model="z"), DUE], Settings(max_trainings_per_pass=1))
    assert isinstance(queued, Hold)
    assert (queued.model, queued.judgements, queued.rung) == ("a", (FIRES,), Rung.RETRAIN_IS_DUE)


@pytest.mark.parametrize("most", [1, 2, 5])
def test_the_order_of_the_models_stays_and_only_trainings_beyond_the_limit_change(most: int) -> None:
    wanted: list[Decision] = [replace(DUE, model="d"), FRESH, replace(DUE, model="c"), DUE]
    limited = limit(wanted, Settings(max_trainings_per_pass=most))
    assert [one.model for one in limited] == ["d", "b", "c", "a"]
    assert sum(isinstance(one, Retrain) for one in limited) == min(most, 3)
    assert limited[1] is FRESH


def test_limiting_what_is_limited_already_changes_nothing() -> None:
    settings = Settings(max_trainings_per_pass=1)
    once = limit([DUE, replace(DUE, model="c")], settings)
    assert limit(once, settings) == once


def test_where_nobody_is_disturbed_all_goes_as_it_was_decided() -> None:
    situations = {"flight-delay": a_situation()}
    assert spare_people([PROMOTES], [()], situations, specs_of()) == [(PROMOTES, ())]
    assert spare_people([], [], {}, specs_of()) == []


def test_without_a_limit_a_step_that_disturbs_goes_too() -> None:
    assert spare_people([PROMOTES], [[MERGE]], {"flight-delay": a_situation()}, specs_of()) == [(PROMOTES, [MERGE])]


def test_steps_that_belong_to_no_decision_are_an_error_and_not_dropped() -> None:
    with pytest.raises(ValueError, match="zip"):
        spare_people([PROMOTES], [[MERGE], [MERGE]], {"flight-delay": a_situation()}, specs_of())


def test_a_candidate_waits_since_it_was_trained_and_without_one_since_now() -> None:
    trained = a_candidate(trained_at=NOW - 3 * DAY)
    assert asked_by(a_situation(facts(candidate=trained)), PROMOTES, MERGE).since == NOW - 3 * DAY
    assert asked_by(a_situation(), PROMOTES, MERGE).since == NOW


def test_of_the_open_pull_requests_only_the_one_of_this_model_and_environment_is_its_own() -> None:
    mine = OpenPull(model="flight-delay", environment="staging", digest=digest_of("d"), number=7, written=NOW)
    others = (replace(mine, environment="production", number=1), replace(mine, model="flight", number=2))
    assert asked_by(a_situation(facts(fleet=Fleet(open=(*others, mine)))), PROMOTES, MERGE).opened == mine
    assert asked_by(a_situation(facts(fleet=Fleet(open=others))), PROMOTES, MERGE).opened is None


def test_only_a_decision_that_merges_itself_asks_as_one_that_does() -> None:
    assert asked_by(a_situation(), PROMOTES, MERGE).merges
    assert not asked_by(a_situation(), replace(PROMOTES, code="changeOpen"), MERGE).merges
