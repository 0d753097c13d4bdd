"""How much a model can do harm, and so how many people must agree to its promotions."""

from enum import StrEnum


class Tier(StrEnum):
    """`low` may merge itself, `standard` needs an approval, `high` one by a named owner."""

    LOW = "low"
    STANDARD = "standard"
    HIGH = "high"

    @property
    def approvals(self) -> int:
        """How many people must approve, where the model does not say."""
        return 0 if self is Tier.LOW else 1
