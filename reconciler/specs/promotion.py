"""`spec.promotion` of a model: the people of its pull requests."""

import re
from typing import Annotated

from pydantic import Field

from reconciler.domain.tiers import Tier
from reconciler.rules.fields import Written

_LOGIN = r"[A-Za-z0-9][A-Za-z0-9-]{0,38}"
LOGIN_PATTERN = rf"^{_LOGIN}$"
REVIEWER_PATTERN = rf"^{_LOGIN}(/[A-Za-z0-9_][A-Za-z0-9._-]{{0,99}})?$"

Login = Annotated[str, Field(pattern=LOGIN_PATTERN)]
Reviewer = Annotated[str, Field(pattern=REVIEWER_PATTERN)]


class Promotion(Written):
    """Who is asked, and who must agree. All of it is for forges that have reviews."""

    owners: Annotated[tuple[Login, ...], Field(strict=False)] = ()
    """Logins; of tier `high` one of them must approve, and not the one who opened the pull request."""
    reviewers: Annotated[tuple[Reviewer, ...], Field(strict=False)] = ()
    """Who is asked for a review: logins, or `organisation/team`. Left out: the owners, else `metadata.owner` if it is one."""
    approvals: Annotated[int, Field(ge=0, le=6)] | None = None
    """How many people must approve; left out: 0 of tier `low`, else 1. Only `low` may say 0."""

    def needed(self, tier: Tier) -> int:
        """How many people must approve."""
        return tier.approvals if self.approvals is None else self.approvals

    def told(self, tier: Tier, *, owner: bool) -> str:
        """Who must agree, in words; `owner`: one of the owners must."""
        needed = self.needed(tier)
        if needed == 0:
            return "nobody, while all gates say YES by themselves: then it merges itself"
        people = f"{needed} approval{'s' if needed > 1 else ''}"
        return f"{people}, one of {' or '.join(self.owners)}" if owner and self.owners else people

    def asked(self, owner: str) -> tuple[str, ...]:
        """Who is asked for a review; `owner` is `metadata.owner`."""
        named = owner.removeprefix("@")
        is_one = (owner.startswith("@") or "/" in owner) and re.fullmatch(REVIEWER_PATTERN, named)
        return self.reviewers or self.owners or ((named,) if is_one else ())
