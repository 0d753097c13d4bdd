"""Guard `backoff`: waits double, end, and differ a little between models; Git changing what is trained ends them."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from reconciler.domain.facts import History, ModelFacts
from reconciler.domain.judgements import Answer
from reconciler.rules.guards.backoff import Backoff, share_of
from tests.builders import NOW, a_fingerprint, facts
from tests.cases import each

HOUR = timedelta(hours=1)
EVEN = Backoff(type="backoff", jitter=0)


@each(("failures", "hours"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 24), (7, 24), (1000, 24)])
def test_the_wait_doubles_up_to_a_day(failures: int, hours: int) -> None:
    assert EVEN.wait_after(failures, "flight-delay") == hours * HOUR


@each(
    ("first", "longest", "minutes"),
    [
        ("30m", "2h", [30, 60, 120, 120]),
        ("1d", "1d", [1440] * 4),
        ("1m", "999w", [1, 2, 4, 8]),
        ("999w", "999w", [999 * 10080] * 4),
    ],
)
def test_the_waits_are_those_of_the_policy(first: str, longest: str, minutes: list[int]) -> None:
    rule = Backoff(type="backoff", first=first, longest=longest, jitter=0)
    assert [rule.wait_after(count, "m") for count in range(1, 5)] == [timedelta(minutes=found) for found in minutes]


def test_a_first_wait_that_is_longer_than_the_longest_is_refused() -> None:
    with pytest.raises(ValidationError, match="expected first of at most longest, got 2h and 90m"):
        Backoff(type="backoff", first="2h", longest="90m")


def test_jitter_lengthens_each_models_waits_by_its_own_share() -> None:
    names = [f"model-{number}" for number in range(200)]
    waits = {Backoff(type="backoff").wait_after(1, name) for name in names}
    assert len(waits) > 100
    assert min(waits) >= HOUR
    assert max(waits) < 1.1 * HOUR


def test_jitter_is_the_same_each_time_and_everywhere() -> None:
    """A number from the clock or from chance would plan differently each time; Python's own hash differs between processes."""
    assert share_of("flight-delay") == pytest.approx(0.86923, abs=1e-5)
    usual = Backoff(type="backoff")
    assert usual.wait_after(3, "flight-delay") == timedelta(seconds=int(4 * 3600 * (1 + 0.1 * share_of("flight-delay"))))


def test_shares_are_spread_evenly() -> None:
    shares = [share_of(f"model-{number}") for number in range(400)]
    tenths = [sum(low <= 10 * share < low + 1 for share in shares) for low in range(10)]
    assert all(20 <= count <= 60 for count in tenths)


def failed(failures: int, ago: timedelta | None, **parts: str) -> ModelFacts:
    last = None if ago is None else NOW - ago
    return facts(history=History(failures=failures, last_failed_at=last, failed_from=a_fingerprint(**parts)))


@each(
    ("seen", "answer", "code"),
    [
        (facts(), Answer.YES, "noFailures"),
        (failed(1, 59 * HOUR / 60), Answer.NO, "backingOff"),
        (failed(1, HOUR), Answer.YES, "waitOver"),
        (failed(3, 3 * HOUR), Answer.NO, "backingOff"),
        (failed(3, 4 * HOUR), Answer.YES, "waitOver"),
        (failed(9, 23 * HOUR), Answer.NO, "backingOff"),
        (failed(9, 24 * HOUR), Answer.YES, "waitOver"),
        (failed(9, HOUR, code="the broken code"), Answer.YES, "changedSinceFailure"),
        (failed(1, None), Answer.UNKNOWN, "failureTimeUnknown"),
        (facts(history=History(failures=2, last_failed_at=NOW)), Answer.NO, "backingOff"),
    ],
)
def test_it_waits_after_failures_until_git_changes(seen: ModelFacts, answer: Answer, code: str) -> None:
    judgement = EVEN.judge(seen, NOW)
    assert (judgement.rule, judgement.answer, judgement.code) == ("backoff", answer, code)


def test_the_jitter_counts_in_the_judgement() -> None:
    assert Backoff(type="backoff").judge(failed(1, HOUR), NOW).code == "backingOff"
    assert Backoff(type="backoff").judge(failed(1, 1.1 * HOUR), NOW).code == "waitOver"
