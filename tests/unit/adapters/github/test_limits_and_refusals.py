"""Edges of the quota, of waiting and of what GitHub says when it refuses: odd numbers, odd shapes, hostile text."""

from typing import Any

import pytest
from github import GithubException

from reconciler.adapters.forges.github.budget import BURST, Budget, seconds_to_renewal
from reconciler.adapters.forges.github.fitting import LONGEST, fitted, fitted_proposal
from reconciler.adapters.forges.github.patience import Patience
from reconciler.adapters.forges.github.troubles import UnansweredError, refusal, shown
from reconciler.domain.changes import Proposal
from tests.cases import each

DATE = "Fri, 01 Mar 2013 06:00:00 GMT"
NOW = 1_362_117_600


def never(seconds: float) -> None:
    pytest.fail(f"slept for {seconds} seconds")


@each(
    ("headers", "seconds"),
    [
        ({"x-ratelimit-reset": str(NOW + 90), "date": DATE}, 90.0),
        ({"x-ratelimit-reset": NOW - 1, "date": DATE}, 0.0),
        ({"x-ratelimit-reset": str(NOW + 90), "date": "Fri, 01 Mar 2013 07:00:00 +0100"}, 90.0),
        ({"x-ratelimit-reset": str(NOW)}, None),
        ({"date": DATE}, None),
    ],
)
def test_the_wait_is_by_the_clock_of_the_answer_and_never_negative(headers: dict[str, object], seconds: float | None) -> None:
    assert seconds_to_renewal(headers) == seconds


@pytest.mark.parametrize("more", [{}, {"x-ratelimit-reset": str(NOW - 5), "date": DATE}])
def test_a_short_quota_that_is_due_or_has_no_end_holds_nobody_up(more: dict[str, str]) -> None:
    budget = Budget(never, lambda: 0.0)
    budget.learn({"x-ratelimit-limit": "60", "x-ratelimit-remaining": "0", **more})
    budget.spend(write=True)


def test_a_write_that_is_refused_for_the_quota_costs_no_turn() -> None:
    slept: list[float] = []
    budget = Budget(slept.append, lambda: 0.0)
    told = {"x-ratelimit-limit": "60", "x-ratelimit-reset": str(NOW + 90), "date": DATE}
    budget.learn({**told, "x-ratelimit-remaining": "12"})
    for _ in range(5):
        with pytest.raises(UnansweredError, match="12 of 60 calls are left in this hour, and the last 12 are left to others"):
            budget.spend(write=True)
    budget.learn({**told, "x-ratelimit-remaining": "13"})
    for _ in range(int(BURST)):
        budget.spend(write=True)
    assert slept == []
    budget.spend(write=True)
    assert slept == [1.0]


def test_idle_hours_save_up_no_more_than_one_burst() -> None:
    slept: list[float] = []
    now = [0.0]
    budget = Budget(slept.append, lambda: now[0])
    now[0] = 1e6
    for _ in range(int(BURST) + 1):
        budget.spend(write=True)
    assert slept == [1.0]


def test_an_error_of_another_kind_is_not_tried_again() -> None:
    attempts: list[int] = []

    def attempt() -> None:
        attempts.append(1)
        raise KeyError("x")

    with pytest.raises(KeyError):
        Patience(sleep=never, jitter=float).insist(attempt)
    assert attempts == [1]


def test_with_one_attempt_nobody_waits() -> None:
    def attempt() -> None:
        raise UnansweredError("limit", wait=0.0)

    with pytest.raises(UnansweredError) as caught:
        Patience(sleep=never, jitter=float, attempts=1).insist(attempt)
    assert caught.value.tired


def test_a_wait_of_no_seconds_is_one_that_was_asked_for() -> None:
    patience = Patience(sleep=never, jitter=lambda: 0.5, first=4.0)
    assert (patience.wait_after(3, 0.0), patience.wait_after(3, None)) == (2.0, 12.0)


@each(
    ("data", "said"),
    [
        ([], "no reason"),
        ({"message": "", "errors": []}, "no reason"),
        ({"errors": {"message": "alone"}}, "alone"),
        ({"errors": [{"field": "head"}]}, "head"),
        ({"errors": [{"resource": "Issue", "code": 7}]}, "Issue 7"),
        ({"message": ["a", "list"], "errors": 5}, "['a', 'list']; 5"),
        ({"message": "a\u202eb", "errors": None}, "ab"),
    ],
)
def test_a_refusal_of_any_shape_is_one_line_of_text(data: Any, said: str) -> None:
    assert refusal(GithubException(422, data)) == f"GitHub answers 422: {said}"


@pytest.mark.parametrize(("length", "end"), [(300, "xxxx"), (301, "x...")])
def test_what_is_shown_is_cut_only_where_it_is_too_long(length: int, end: str) -> None:
    text = shown("x" * length)
    assert (len(text), text[-4:]) == (300, end)


def test_a_secret_is_gone_before_the_text_is_cut() -> None:
    assert "ghp_" not in shown("x" * 290 + " ghp_0123456789abcdef")


def test_the_longest_text_is_cut_after_it_was_cleaned_and_fitting_again_changes_nothing() -> None:
    proposal = Proposal(branch="b", base="main", title="\n", body="\x00" * (LONGEST + 1) + "<!-- end -->", labels=("b", "a", "b"))
    once = fitted_proposal(proposal)
    assert (len(once.body), once.title, once.labels) == (LONGEST, "(no title)", ("a", "b"))
    assert "\x00" not in once.body
    assert once.body.endswith("<!-- end -->")
    assert fitted_proposal(once) == once


def test_characters_beyond_the_first_plane_are_not_cut_in_two() -> None:
    assert fitted("😀" * (LONGEST + 1)).encode().decode().count("😀") < LONGEST
