"""The fleet: all trainings of all models in the order of time, what they cost, and who has a change in flight."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from reconciler.domain.events import Event, EventKind
from reconciler.domain.live import Fleet, TrainingRecord
from reconciler.observe.fleet import fleet_of
from reconciler.observe.ledger import Chain
from tests.builders import NOW, an_event

HOUR = timedelta(hours=1)


def line(model: str, hours: int, kind: EventKind = EventKind.TRAINED, **details: Any) -> Event:
    return an_event(id=f"{kind}/{hours}", model=model, at=NOW + hours * HOUR, kind=kind, details=details)


def a_fleet(events: Mapping[str, Sequence[Event]], in_flight: Sequence[str] = ()) -> Fleet:
    return fleet_of({model: Chain(events=tuple(lines)) for model, lines in events.items()}, in_flight)


def test_no_model_is_no_fleet() -> None:
    assert a_fleet({}) == Fleet()


def test_trainings_of_all_models_are_in_the_order_of_time() -> None:
    ledgers = {"b": [line("b", 0), line("b", 3)], "a": [line("a", 2), line("a", 3)]}
    trainings = a_fleet(ledgers).trainings
    assert [(one.model, one.at) for one in trainings] == [
        ("b", NOW),
        ("a", NOW + 2 * HOUR),
        ("a", NOW + 3 * HOUR),
        ("b", NOW + 3 * HOUR),
    ]


def test_the_order_of_models_does_not_matter() -> None:
    one, other = [line("a", 1), line("a", 2)], [line("b", 1)]
    assert a_fleet({"a": one, "b": other}, ["a", "b"]) == a_fleet({"b": other, "a": one}, ["b", "a", "a"])


def test_failed_trainings_cost_too_and_nothing_else_is_a_training() -> None:
    events = [line("a", hour, kind, seconds=60, cost=0.5, currency="USD") for hour, kind in enumerate(EventKind)]
    assert a_fleet({"a": events}).trainings == (
        TrainingRecord(model="a", at=NOW, seconds=60.0, cost=0.5, currency="USD"),
        TrainingRecord(model="a", at=NOW + HOUR, seconds=60.0, cost=0.5, currency="USD"),
    )


def test_a_training_without_a_price_has_no_cost() -> None:
    assert a_fleet({"a": [line("a", 0)]}, ["b"]) == Fleet(
        trainings=(TrainingRecord(model="a", at=NOW),), in_flight=frozenset({"b"})
    )


def test_of_a_broken_ledger_the_lines_before_count_and_it_is_told_that_there_may_be_more() -> None:
    broken = Chain(events=(line("a", 0),), broken="perennial/ledger a.jsonl:2: altered")
    fleet = fleet_of({"a": broken, "b": Chain()}, [])
    assert ([one.model for one in fleet.trainings], fleet.untold) == (["a"], {"a"})
