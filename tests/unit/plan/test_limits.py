"""The fleet's limit: earlier models train first, the others wait for the next pass."""

from dataclasses import replace

import pytest

from reconciler.domain.decisions import Decision, Hold, Retrain
from reconciler.domain.facts import NO_FLEET
from reconciler.domain.live import Fleet, TrainingRecord
from reconciler.plan.limits import decide_in_turn, limit
from reconciler.plan.situation import Situation, situation_of
from reconciler.specs.policies import RetrainPolicy
from reconciler.specs.settings import Settings
from tests.builders import DAY, NOW, a_model, a_policy, facts, specs_of


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


def due(*names: str, guard: dict, fleet: Fleet = NO_FLEET, **changes) -> list[Situation]:
    """Models that are all due, under one guard of the fleet."""
    policy = a_policy(RetrainPolicy, triggers={"type": "maxAge", "age": "1d"}, guards=[guard])
    models = [a_model(name, **changes) for name in names]
    specs = specs_of(*models, retrain={"standard": policy})
    return [situation_of(specs, replace(facts(), model=model.name, fleet=fleet), NOW) for model in models]


def kinds(situations: list[Situation]) -> list[type]:
    return [type(decision) for decision in decide_in_turn(situations)]


@pytest.mark.parametrize("most", [1, 2, 3])
def test_only_as_many_are_trained_together_as_there_is_room_for(most: int) -> None:
    found = kinds(due("a", "b", "c", guard={"type": "concurrency", "atMost": most}))
    assert found == [Retrain] * most + [Hold] * (3 - most)


def test_the_rate_of_the_fleet_counts_what_is_about_to_be_trained() -> None:
    before = Fleet(trainings=(TrainingRecord(model="z", at=NOW - DAY),))
    guard = {"type": "rateLimit", "atMost": 2, "per": "7d", "fleet": True}
    assert kinds(due("a", "b", "c", guard=guard, fleet=before)) == [Retrain, Hold, Hold]


def test_a_shared_budget_is_not_spent_twice() -> None:
    names = ("a", "b", "c")
    trainings = tuple(TrainingRecord(model=name, at=NOW - 40 * DAY, cost=4.0, currency="USD") for name in names)
    guard = {"type": "budget", "perMonth": 10, "currency": "USD", "fleet": True}
    assert kinds(due(*names, guard=guard, fleet=Fleet(trainings=trainings))) == [Retrain, Retrain, Hold]


def test_a_first_training_with_a_price_is_no_unknown_cost() -> None:
    guard = {"type": "budget", "perMonth": 10, "currency": "EUR", "fleet": True}
    assert kinds(due("a", "b", guard=guard, price={"perHour": 2, "currency": "EUR"})) == [Retrain, Retrain]


def test_one_without_a_price_leaves_the_next_in_doubt() -> None:
    guard = {"type": "budget", "perMonth": 10, "currency": "EUR", "fleet": True}
    assert kinds(due("a", "b", guard=guard)) == [Retrain, Hold]


def test_a_models_own_limits_are_its_own() -> None:
    assert kinds(due("a", "b", guard={"type": "rateLimit", "atMost": 1, "per": "7d"})) == [Retrain, Retrain]
