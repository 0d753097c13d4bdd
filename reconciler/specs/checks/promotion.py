"""Checks of who must agree to a promotion: what the tier asks for can be had."""

from collections.abc import Iterator

from reconciler.domain.tiers import Tier
from reconciler.errors import Problem
from reconciler.specs.checks.references import check_unique
from reconciler.specs.document import Document
from reconciler.specs.model import Model


def check_promotion(document: Document[Model]) -> Iterator[Problem]:
    """Tier `high` names its owners, and only tier `low` does without an approval."""
    tier, promotion = document.spec.metadata.tier, document.spec.spec.promotion
    yield from check_unique(document, ("spec", "promotion", "owners"), promotion.owners, "owner")
    yield from check_unique(document, ("spec", "promotion", "reviewers"), promotion.reviewers, "reviewer")
    if tier is Tier.HIGH and not promotion.owners:
        message = f"tier {tier} needs the approval of an owner, and 0 owners are named"
        yield document.problem(("metadata", "tier"), message, "name them: promotion: {owners: [ada]} under spec")
    if tier is not Tier.LOW and promotion.approvals == 0:
        message = f"tier {tier} needs an approval, and 0 are asked for"
        yield document.problem(("spec", "promotion", "approvals"), message, "at least 1, or leave it out")
