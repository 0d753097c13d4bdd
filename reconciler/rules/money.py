"""Money in the rules `budget` and `returnOnInvestment`: currencies as they are written, and sums that people agree with."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

CURRENCY_PATTERN = r"^[A-Z]{3}$"
_PLACES = 6
"""Sums of floats are rounded to a ten-thousandth of a cent, so that 0.1 and 0.2 are 0.3."""

Currency = Annotated[str, Field(pattern=CURRENCY_PATTERN)]
"""ISO 4217."""


def total(amounts: Sequence[float]) -> float:
    """The sum."""
    return round(sum(amounts), _PLACES)


def mean(amounts: Sequence[float]) -> float:
    """The mean of at least one amount."""
    return round(sum(amounts) / len(amounts), _PLACES)


def money(amount: float, currency: str) -> str:
    """For people: `3.20 USD`."""
    return f"{amount:.2f} {currency}"
