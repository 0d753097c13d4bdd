from typing import Any

import pytest

from reconciler.adapters.forges.github.budget import Budget
from reconciler.adapters.forges.github.troubles import UnansweredError
from tests.cases import each

DATE = "Fri, 01 Mar 2013 06:00:00 GMT"
RENEWED = 1362117600 + 1800


class Clock:
    """Goes on only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.budget = Budget(self.sleep, lambda: self.now)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def hear(self, remaining: object, limit: object = 5000, **more: Any) -> None:
        told = {"x-ratelimit-limit": limit, "x-ratelimit-remaining": remaining, "x-ratelimit-reset": RENEWED, "date": DATE}
        self.budget.learn({name.replace("_", "-"): str(value) for name, value in {**told, **more}.items()})


@pytest.mark.parametrize(
    ("remaining", "limit", "spent"), [(1001, 5000, True), (1000, 5000, False), (0, 5000, False), (201, 1000, True)]
)
def test_a_fifth_of_the_quota_is_left_to_others(remaining: int, limit: int, *, spent: bool) -> None:
    clock = Clock()
    clock.hear(remaining, limit)
    if spent:
        clock.budget.spend(write=False)
        return
    with pytest.raises(UnansweredError, match=f"{remaining} of {limit} calls are left") as caught:
        clock.budget.spend(write=False)
    assert caught.value.wait == 1800


def test_the_quota_comes_back_by_itself_and_by_what_is_heard() -> None:
    clock = Clock()
    clock.hear(1000)
    clock.sleep(1800)
    clock.budget.spend(write=False)
    clock.hear(900)
    clock.hear(4999)
    clock.budget.spend(write=False)


@each(
    "headers",
    [{"x-ratelimit-remaining": "x"}, {"x-ratelimit-resource": "graphql"}, {"date": "yesterday"}, {"x-ratelimit-reset": "soon"}],
)
def test_what_is_no_quota_of_ours_is_not_heard(headers: dict[str, str]) -> None:
    clock = Clock()
    told = {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "0", "x-ratelimit-reset": str(RENEWED), "date": DATE}
    clock.budget.learn({**told, **headers})
    clock.budget.learn({})
    clock.budget.spend(write=False)


def test_reads_are_free_and_writes_at_most_eighty_in_the_first_minute_and_one_a_second_after() -> None:
    clock = Clock()
    for _ in range(1000):
        clock.budget.spend(write=False)
    assert clock.now == 100
    for _ in range(80):
        clock.budget.spend(write=True)
    assert clock.now == pytest.approx(160)
    for _ in range(60):
        clock.budget.spend(write=True)
    assert clock.now == pytest.approx(220)


def test_who_writes_seldom_never_waits() -> None:
    clock = Clock()
    for _ in range(50):
        before = clock.now
        clock.budget.spend(write=True)
        assert clock.now == before
        clock.sleep(2)
