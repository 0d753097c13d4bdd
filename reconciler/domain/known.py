"""What is known, or why it is not: a fact that could not be seen is Missing, never None, never NaN."""

from dataclasses import dataclass
from typing import TypeVar, Union

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A fact that could not be seen: a stable code and a sentence."""

    code: str
    why: str


Known = Union[T, Missing]  # noqa: UP007 - a generic alias needs it before Python 3.12


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A number with its bootstrap interval (95 %, two-sided) and the rows behind it.

    Where nobody asked for the interval it is all numbers, from -inf to inf, so no bound of it proves anything.
    """

    value: float
    low: float
    high: float
    rows: int
