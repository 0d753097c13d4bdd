"""Labels that people put beside Perennial's own stay; and the harm a model can do says how many people must agree."""

from itertools import permutations

from reconciler.domain.changes import labels_beside
from reconciler.domain.tiers import Tier
from tests.cases import each

OURS = ("perennial", "model/m", "env/staging", "tier/low", "verdict/blessed", "team/ops")


def test_the_order_of_the_labels_that_are_there_changes_nothing() -> None:
    there = ("urgent", "model/old", "bug", "perennial")
    assert {labels_beside(order, OURS) for order in permutations(there)} == {tuple(sorted((*OURS, "bug", "urgent")))}


def test_labels_that_are_as_they_should_be_stay_the_very_same() -> None:
    once = labels_beside(("bug", "verdict/rejected"), OURS)
    assert labels_beside(once, OURS) == once


def test_a_label_is_there_once_however_often_it_is_given() -> None:
    assert labels_beside(("bug", "bug"), ("perennial", "perennial")) == ("bug", "perennial")


@each("theirs", ["models/m", "my-model/m", "perennial/x", "environment", "tier", " tier/low", ""])
def test_a_label_that_only_resembles_ours_is_the_peoples_own(theirs: str) -> None:
    assert theirs in labels_beside((theirs,), OURS)


@each("stale", ["model/", "env/gone", "tier/high", "verdict/rejected", "team/a/b"])
def test_a_label_of_ours_that_is_no_longer_true_goes(stale: str) -> None:
    assert labels_beside((stale,), ("perennial",)) == ("perennial",)


def test_labels_are_read_once_so_that_any_iterable_will_do() -> None:
    assert labels_beside(iter(["bug"]), iter(["perennial"])) == ("bug", "perennial")


def test_only_a_model_that_can_do_little_harm_needs_nobody() -> None:
    assert {tier: tier.approvals for tier in Tier} == {"low": 0, "standard": 1, "high": 1}
