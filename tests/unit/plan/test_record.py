"""The ledger's lines: written once for everything that is seen to have happened."""

from dataclasses import replace

from reconciler.domain.events import EventKind
from reconciler.domain.facts import History
from reconciler.plan.record import record_steps
from tests.builders import a_candidate, a_comparison, a_gain, a_release, a_revision, an_open_change, evidence, facts
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
