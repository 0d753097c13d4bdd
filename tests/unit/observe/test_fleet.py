"""The fleet: all trainings of all models in the order of time, what they cost, and who has a change in flight."""

from datetime import timedelta
from typing import Any

from reconciler.domain.events import Event, EventKind
from reconciler.domain.live import Fleet, TrainingRecord
from reconciler.observe.fleet import fleet_of
from tests.builders import NOW, an_event

HOUR = timedelta(hours=1)


def line(model: str, hours: int, kind: EventKind = EventKind.TRAINED, **details: Any) -> Event:
    return an_event(id=f"{kind}/{hours}", model=model, at=NOW + hours * HOUR, kind=kind, details=details)


def test_no_model_is_no_fleet() -> None:
    assert fleet_of({}, []) == Fleet()


def test_trainings_of_all_models_are_in_the_order_of_time() -> None:
    ledgers = {"b": [line("b", 0), line("b", 3)], "a": [line("a", 2), line("a", 3)]}
    trainings = fleet_of(ledgers, []).trainings
    assert [(one.model, one.at) for one in trainings] == [
        ("b", NOW),
        ("a", NOW + 2 * HOUR),
        ("a", NOW + 3 * HOUR),
        ("b", NOW + 3 * HOUR),
    ]


def test_the_order_of_models_does_not_matter() -> None:
    one, other = [line("a", 1), line("a", 2)], [line("b", 1)]
    assert fleet_of({"a": one, "b": other}, ["a", "b"]) == fleet_of({"b": other, "a": one}, ["b", "a", "a"])


def test_failed_trainings_cost_too_and_nothing_else_is_a_training() -> None:
    events = [line("a", hour, kind, seconds=60, cost=0.5, currency="USD") for hour, kind in enumerate(EventKind)]
    assert fleet_of({"a": events}, []).trainings == (
        TrainingRecord(model="a", at=NOW, seconds=60.0, cost=0.5, currency="USD"),
        TrainingRecord(model="a", at=NOW + HOUR, seconds=60.0, cost=0.5, currency="USD"),
    )


def test_a_training_without_a_price_has_no_cost() -> None:
    assert fleet_of({"a": [line("a", 0)]}, ["b"]) == Fleet(
        trainings=(TrainingRecord(model="a", at=NOW),), in_flight=frozenset({"b"})
    )
