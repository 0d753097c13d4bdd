"""The ledger's lines: written once for everything that is seen to have happened."""

import math
from collections.abc import Mapping
from dataclasses import replace

import pytest

from reconciler.domain.events import EventKind
from reconciler.domain.evidence import NoBaseline
from reconciler.domain.facts import History
from reconciler.domain.known import Missing
from reconciler.domain.live import Override, Request
from reconciler.domain.training import Price
from reconciler.observe.history import history_of
from reconciler.plan.record import cost_details, overridden_event, record_steps, requested_event
from tests.builders import DAY, NOW, a_candidate, a_comparison, a_gain, a_release, a_revision, an_open_change, evidence, facts
from tests.cases import each
from tests.unit.plan.situations import a_situation

COMMIT = a_revision("merge")


def kinds(seen: object) -> list[EventKind]:
    return [step.event.kind for step in record_steps(a_situation(seen))]  # type: ignore[arg-type]


def test_a_quiet_model_has_nothing_to_record() -> None:
    assert kinds(facts()) == []


def test_a_candidate_on_its_branch_was_trained() -> None:
    steps = record_steps(a_situation(facts(candidate=a_candidate())))
    assert [step.event.kind for step in steps] == [EventKind.TRAINED]
    assert steps[0].event.at == a_candidate().trained_at


def trained_details(**changes: object) -> Mapping[str, object]:
    (step, *_) = record_steps(a_situation(facts(candidate=a_candidate(evidence=evidence(**changes)))))
    return {key: value for key, value in step.event.details.items() if key not in {"digest", "asOf", "rows"}}


@pytest.mark.parametrize(
    ("comparison", "gains"),
    [
        (a_comparison(a_gain(gain=0.02)), {"gain/rocAuc": 0.02}),
        (a_comparison(a_gain("brier", gain=-0.5), a_gain(gain=0.0)), {"gain/brier": -0.5, "gain/rocAuc": 0.0}),
        (a_comparison(a_gain(gain=math.nan), a_gain("brier", gain=math.inf)), {}),
        (NoBaseline(), {}),
        (Missing(code="noEvidence", why="x"), {}),
    ],
    ids=["one", "several", "no numbers", "a first candidate", "not compared"],
)
def test_a_training_tells_its_gains(comparison: object, gains: Mapping[str, float]) -> None:
    assert trained_details(comparison=comparison) == gains


@each(
    ("seconds", "price", "cost"),
    [
        (3600, Price(per_hour=2.5, currency="USD"), {"seconds": 3600, "cost": 2.5, "currency": "USD"}),
        (0.2, Price(per_hour=3600, currency="EUR"), {"seconds": 1, "cost": 1.0, "currency": "EUR"}),
        (10, Price(per_hour=0, currency="EUR"), {"seconds": 10, "cost": 0.0, "currency": "EUR"}),
        (10, None, {}),
        (None, Price(per_hour=1, currency="EUR"), {}),
    ],
)
def test_a_cost_is_whole_seconds_times_the_price(seconds: float | None, price: Price | None, cost: object) -> None:
    assert cost_details(seconds, price) == cost


def test_what_people_ask_for_is_a_line_with_who_and_why() -> None:
    asked = requested_event("flight-delay", NOW, "Ann Lee", "new airports")
    assert (asked.id, asked.kind) == ("requested/2013-06-01T12:00:00Z/Ann Lee", EventKind.REQUESTED)
    assert asked.message == "Ann Lee asks for a retrain: new airports"
    made = overridden_event("flight-delay", NOW, "freeze", NOW + DAY, "Ann Lee", "the model is broken")
    assert (made.id, made.kind) == ("overridden/freeze/2013-06-01T12:00:00Z/Ann Lee", EventKind.OVERRIDDEN)
    assert made.message == "Ann Lee sets freeze aside until 2013-06-02T12:00:00Z: the model is broken"
    history = history_of([asked, made])
    assert history.requests == (Request(at=NOW, by="Ann Lee", reason="new airports"),)
    assert history.overrides == (Override(guard="freeze", at=NOW, until=NOW + DAY, by="Ann Lee", reason="the model is broken"),)


def test_a_candidate_that_a_gate_turned_down_was_refused_with_both_numbers() -> None:
    poor = a_candidate(evidence=evidence(comparison=a_comparison(a_gain(gain=-0.02))))
    refused = record_steps(a_situation(facts(candidate=poor)))[-1].event
    assert refused.kind is EventKind.REFUSED
    assert refused.message.startswith("beatsLive: rocAuc 0.7 live, 0.68 candidate")


def test_an_open_pull_request_was_proposed_and_a_closed_one_declined() -> None:
    assert kinds(facts(changes=(an_open_change(title="Promote"),))) == [EventKind.PROPOSED]
    assert kinds(facts(declined={a_candidate().build.digest: 3})) == [EventKind.DECLINED]


def test_a_release_file_that_is_new_on_main_is_a_promotion() -> None:
    events = record_steps(a_situation(facts(introduced={"production": COMMIT})))
    assert [(step.event.kind, step.event.details["version"]) for step in events] == [(EventKind.PROMOTED, "1.0.0")]


def test_a_digest_that_ran_before_is_a_roll_back() -> None:
    before = History(released=frozenset({("production", a_release().digest)}))
    assert kinds(facts(introduced={"production": COMMIT}, history=before)) == [EventKind.ROLLED_BACK]


def test_a_release_file_that_is_gone_is_a_roll_back_to_nothing() -> None:
    (step,) = record_steps(a_situation(facts(releases={}, introduced={"production": COMMIT})))
    assert (step.event.kind, step.event.message) == (EventKind.ROLLED_BACK, "production runs no release")


def test_what_is_written_is_not_written_again() -> None:
    seen = facts(candidate=a_candidate(), introduced={"production": COMMIT}, changes=(an_open_change(),))
    ids = frozenset(step.event.id for step in record_steps(a_situation(seen)))
    history = replace(seen.history, events=ids, released=frozenset({("production", a_release().digest)}))
    assert record_steps(a_situation(replace(seen, history=history))) == []
