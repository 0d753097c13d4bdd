"""Who is asked for a review of a promotion, and who must agree."""

from typing import Any

import pytest

from reconciler.domain.tiers import Tier
from reconciler.specs.promotion import Promotion
from tests.cases import each


def a_promotion(**written: Any) -> Promotion:
    return Promotion.model_validate(written)


@each(
    ("written", "owner", "asked"),
    [
        ({}, "", ()),
        ({}, "operations", ()),
        ({}, "the night shift", ()),
        ({}, "@ada", ("ada",)),
        ({}, "acme/operations", ("acme/operations",)),
        ({}, "@acme/ops team", ()),
        ({}, "../../etc", ()),
        ({"owners": ["grace"]}, "@ada", ("grace",)),
        ({"owners": ["grace"], "reviewers": ["acme/ops", "ada"]}, "@ada", ("acme/ops", "ada")),
    ],
)
def test_reviewers_are_named_or_follow_from_the_owner(written: Any, owner: str, asked: tuple[str, ...]) -> None:
    assert a_promotion(**written).asked(owner) == asked


@each("bad", ["-ada", "a b", "ada;rm", "${{ x }}", "a" * 60, "acme/", "acme/../x", ""])
def test_what_is_no_login_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        a_promotion(owners=[bad])
    with pytest.raises(ValueError, match="pattern"):
        a_promotion(reviewers=[bad])


@each(
    ("tier", "written", "told"),
    [
        (Tier.LOW, {}, "nobody, while all gates say YES by themselves: then it merges itself"),
        (Tier.LOW, {"approvals": 2}, "2 approvals"),
        (Tier.STANDARD, {"owners": ["ada"]}, "1 approval"),
        (Tier.HIGH, {"owners": ["ada", "grace"]}, "1 approval, one of ada or grace"),
        (Tier.HIGH, {"owners": ["ada"], "approvals": 2}, "2 approvals, one of ada"),
    ],
)
def test_who_must_agree_is_told_in_words(tier: Tier, written: Any, told: str) -> None:
    assert a_promotion(**written).told(tier, owner=tier is Tier.HIGH) == told
