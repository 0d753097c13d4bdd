"""The ledger's lines add up to a history."""

from dataclasses import asdict
from datetime import timedelta

from reconciler.domain.events import Event, EventKind
from reconciler.domain.facts import History
from reconciler.observe.fleet import fleet_of
from reconciler.observe.history import history_of
from reconciler.observe.ledger import Chain
from tests.builders import NOW, a_fingerprint, a_release, an_event
from tests.cases import each

DIGEST = a_release().digest


def trained(days: int = 0) -> Event:
    return an_event(id=f"trained/{days}", at=NOW + timedelta(days=days))


def failed(days: int = 0, **details: str) -> Event:
    return an_event(id=f"failed/{days}", kind=EventKind.TRAINING_FAILED, at=NOW + timedelta(days=days), details=details)


def test_nothing_happened_to_a_new_model() -> None:
    assert history_of(()) == History()


def test_the_newest_training_counts() -> None:
    history = history_of([trained(0), trained(3)])
    assert (history.last_trained_at, history.failures, history.last_failed_at) == (NOW + timedelta(days=3), 0, None)


def test_failures_are_counted_from_the_last_good_training_on() -> None:
    history = history_of([failed(0), trained(1), failed(2), failed(3)])
    assert (history.failures, history.last_failed_at) == (2, NOW + timedelta(days=3))
    assert history.last_trained_at == NOW + timedelta(days=1)


def test_failures_before_any_good_training_count_too() -> None:
    assert history_of([failed(0), failed(1), failed(2)]).failures == 3


def test_a_good_training_forgets_the_failures() -> None:
    history = history_of([failed(0, **asdict(a_fingerprint())), trained(1)])
    assert (history.failures, history.last_failed_at, history.failed_from) == (0, None, None)


def test_what_the_last_failure_was_made_from_is_remembered() -> None:
    history = history_of([failed(0, **asdict(a_fingerprint(code="old"))), failed(1, **asdict(a_fingerprint(code="new")))])
    assert history.failed_from == a_fingerprint(code="new")


@each("lost", ["spec", "code", "parameters", "environment"])
def test_a_failure_that_lost_a_part_is_made_from_nothing_known(lost: str) -> None:
    parts = {name: digest for name, digest in asdict(a_fingerprint()).items() if name != lost}
    assert history_of([failed(0, **parts)]).failed_from is None


def test_promotions_and_refusals_are_kept_by_digest() -> None:
    history = history_of(
        [
            an_event(id="1", kind=EventKind.REFUSED, details={"digest": "sha256:bad"}),
            an_event(id="2", kind=EventKind.PROMOTED, details={"environment": "staging", "digest": DIGEST}),
            an_event(id="3", kind=EventKind.PROMOTED, details={"environment": "production", "digest": DIGEST}),
            an_event(id="4", kind=EventKind.ROLLED_BACK, details={"environment": "production", "digest": DIGEST}),
        ]
    )
    assert history.refused == {"sha256:bad"}
    assert history.released == {("staging", DIGEST), ("production", DIGEST)}
    assert history.events == {"1", "2", "3", "4"}


def retrain(word: str, **details: object) -> Event:
    return an_event(
        id=f"trained/{word}", details={"digest": f"sha256:{word}"} | {k.replace("gain_", "gain/"): v for k, v in details.items()}
    )


def refused(word: str) -> Event:
    return an_event(id=f"refused/{word}", kind=EventKind.REFUSED, details={"digest": f"sha256:{word}"})


def test_gains_are_kept_in_order_and_nothing_is_gained_by_what_was_refused() -> None:
    paid = {"seconds": 60, "cost": 0.5, "currency": "USD"}
    one, two, three = history_of(
        [retrain("a"), retrain("b", gain_rocAuc=0.02, gain_brier=-1, **paid), refused("c"), retrain("c", gain_rocAuc=0.9)]
    ).gains
    assert (one.gains, one.refused, one.cost, one.currency) == ({}, False, None, "")
    assert (two.gains, two.refused, two.cost, two.currency) == ({"rocAuc": 0.02, "brier": -1.0}, False, 0.5, "USD")
    assert (three.digest, three.gains, three.refused) == ("sha256:c", {"rocAuc": 0.0}, True)


@each("odd", ["1", None, True, [], float("nan"), float("inf"), 10**400, -1])
def test_a_cost_that_is_no_amount_is_none(odd: object) -> None:
    line = retrain("a", cost=odd, seconds=odd)
    assert history_of([line]).gains[0].cost is None
    (training,) = fleet_of({"flight-delay": Chain(events=(line,))}, []).trainings
    assert (training.seconds, training.cost) == (None, None)


@each("odd", ["0.1", None, True, {}, float("nan"), float("-inf"), -(10**400)])
def test_a_gain_that_is_no_number_is_not_known(odd: object) -> None:
    assert history_of([retrain("a", gain_rocAuc=odd, gain_brier=0.1)]).gains[0].gains == {"brier": 0.1}


@each("odd", [None, "", "soon", 7, "2013-02-30", "9999-01-01"])
def test_an_override_without_an_end_sets_nothing_aside(odd: object) -> None:
    line = an_event(kind=EventKind.OVERRIDDEN, details={"guard": "freeze", "until": odd, "by": "ann", "reason": "x"})
    assert history_of([line]).overrides == ()


def test_a_request_without_details_is_still_one() -> None:
    (request,) = history_of([an_event(kind=EventKind.REQUESTED, message="ann asks", details={})]).requests
    assert (request.at, request.by, request.reason) == (NOW, "", "ann asks")


@each("kind", EventKind)
def test_a_line_without_details_is_summed_up_without_complaint(kind: EventKind) -> None:
    history = history_of([an_event(id="bare", kind=kind, details={})])
    assert history.events == {"bare"}
    assert ("production", DIGEST) not in history.released


def moved(environment: str, digest: str, day: int, kind: EventKind = EventKind.PROMOTED) -> Event:
    details = {"environment": environment, "digest": digest, "version": f"1.{day}.0", "commit": f"{day:040}"}
    return an_event(id=f"{kind}/{environment}/{day}", kind=kind, at=NOW + timedelta(days=day), details=details)


def test_moves_are_in_the_order_of_their_lines_and_tell_which_way() -> None:
    new = a_release("new").digest
    history = history_of(
        [moved("staging", DIGEST, 0), moved("staging", new, 1), moved("staging", DIGEST, 2, EventKind.ROLLED_BACK), trained(3)]
    )
    assert [(one.digest, one.version, one.rolled_back) for one in history.moves] == [
        (DIGEST, "1.0.0", False),
        (new, "1.1.0", False),
        (DIGEST, "1.2.0", True),
    ]
    assert history.rolled_back("staging", new)
    assert not history.rolled_back("staging", DIGEST)
    assert not history.rolled_back("production", new)


def test_what_is_written_anew_as_it_was_is_no_step_back() -> None:
    history = history_of([moved("staging", DIGEST, 0), moved("staging", DIGEST, 1, EventKind.ROLLED_BACK)])
    assert not history.rolled_back("staging", DIGEST)
    gone = history_of([moved("staging", DIGEST, 0), moved("staging", "none", 1, EventKind.ROLLED_BACK)])
    assert gone.moves[-1].digest == ""
    assert gone.rolled_back("staging", DIGEST)
