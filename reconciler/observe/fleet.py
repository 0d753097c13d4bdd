"""The fleet: what all models' ledgers say of their trainings, and which models have a change in flight. Pure."""

from collections.abc import Iterable, Mapping

from reconciler.domain.events import Event, EventKind
from reconciler.domain.live import Fleet, TrainingRecord
from reconciler.observe.history import amount_of, currency_of
from reconciler.observe.ledger import Chain


def fleet_of(chains: Mapping[str, Chain], in_flight: Iterable[str]) -> Fleet:
    """All trainings, failed ones too, oldest first (then by model); costs only where the ledger has them."""
    trainings = [
        _record(event)
        for chain in chains.values()
        for event in chain.events
        if event.kind in (EventKind.TRAINED, EventKind.TRAINING_FAILED)
    ]
    return Fleet(
        trainings=tuple(sorted(trainings, key=lambda one: (one.at, one.model))),
        in_flight=frozenset(in_flight),
        untold=frozenset(model for model, chain in chains.items() if chain.broken),
    )


def _record(event: Event) -> TrainingRecord:
    return TrainingRecord(
        model=event.model,
        at=event.at,
        digest=str(event.details.get("digest", "")),
        seconds=amount_of(event, "seconds"),
        cost=amount_of(event, "cost"),
        currency=currency_of(event),
    )
