"""Which requests are of units that meet the candidate, as headers that every router can compare. Pure.

A router draws a release anew for every request, so it cannot keep a customer with one of them. Callers can: they put every unit
into one of a hundred buckets and say so in a header.
"""

from dataclasses import dataclass

from reconciler.render.strategy import Units

BUCKET = "x-perennial-bucket"
"""Two digits, 00 to 99: the first eight of the SHA-256 of the unit in hexadecimal, as a number, modulo 100."""
SEGMENT = "x-perennial-segment"
"""The value of the column that `segments` names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderMatch:
    """A header that a request must have: with exactly this value, or with one that the expression describes."""

    name: str
    value: str
    is_expression: bool = False


Match = tuple[HeaderMatch, ...]
"""Headers that one request must have all."""


def matches_of(units: Units, weight: int) -> tuple[Match, ...]:
    """One for each segment, or one for everybody; none where the candidate has no weight, in percent of the buckets."""
    if not weight:
        return ()
    bucket = HeaderMatch(name=BUCKET, value=below(weight), is_expression=True)
    segments = [HeaderMatch(name=SEGMENT, value=value) for value in sorted(units.segments)]
    return tuple((bucket, segment) for segment in segments) or ((bucket,),)


def below(weight: int) -> str:
    """A regular expression for the two digits of 0 to `weight` - 1; `weight` is 1 to 100.

    >>> below(25)
    '([0-1][0-9]|2[0-4])'
    """
    tens, ones = divmod(weight, 10)
    whole = [f"[0-{tens - 1}][0-9]"] if tens else []
    rest = [f"{tens}[0-{ones - 1}]"] if ones else []
    return f"({'|'.join(whole + rest)})"
