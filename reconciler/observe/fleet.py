"""The fleet: what all models' ledgers say of their trainings, and which models have a change in flight. Pure."""

from collections.abc import Iterable, Mapping

from reconciler.domain.events import Event, EventKind
from reconciler.domain.live import Fleet, OpenPull, Proposed, TrainingRecord
from reconciler.domain.names import Digest
from reconciler.observe.history import amount_of, currency_of
from reconciler.observe.ledger import Chain


def fleet_of(chains: Mapping[str, Chain], in_flight: Iterable[str], opened: Iterable[OpenPull] = ()) -> Fleet:
    """All trainings, failed ones too, oldest first (then by model); costs only where the ledger has them."""
    events = [event for chain in chains.values() for event in chain.events]
    trainings = [_record(event) for event in events if event.kind in (EventKind.TRAINED, EventKind.TRAINING_FAILED)]
    proposals = [_proposed(event) for event in events if event.kind is EventKind.PROPOSED]
    return Fleet(
        trainings=tuple(sorted(trainings, key=lambda one: (one.at, one.model))),
        in_flight=frozenset(in_flight),
        untold=frozenset(model for model, chain in chains.items() if chain.broken),
        open=tuple(sorted(opened, key=lambda pull: pull.number)),
        proposals=tuple(sorted(proposals, key=lambda one: (one.at, one.model, one.environment))),
    )


def _proposed(event: Event) -> Proposed:
    environment, digest = (str(event.details.get(key, "")) for key in ("environment", "digest"))
    return Proposed(model=event.model, environment=environment, digest=Digest(digest), at=event.at)


def _record(event: Event) -> TrainingRecord:
    return TrainingRecord(
        model=event.model,
        at=event.at,
        digest=str(event.details.get("digest", "")),
        seconds=amount_of(event, "seconds"),
        cost=amount_of(event, "cost"),
        currency=currency_of(event),
    )
