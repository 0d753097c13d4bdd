"""Used by SQL sources: the bound of a range, in the form in which a database keeps its times."""

from datetime import UTC, date, datetime, timedelta

DAY = timedelta(days=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def as_stored(bound: datetime, stored: object, *, later: bool) -> object:
    """The bound in the form of a stored value, a day wider where the form has no exact comparison (text, offsets)."""
    wide = bound - DAY if later else bound + 2 * DAY
    match stored:
        case datetime():
            return bound if stored.tzinfo else bound.replace(tzinfo=None)
        case date():
            return wide.date()
        case int():
            micros = (bound - EPOCH) // timedelta(microseconds=1)
            size = abs(stored)
            unit = 1 if size < 10**11 else 10**3 if size < 10**14 else 10**6 if size < 10**17 else 10**9
            return micros * unit // 10**6 + (0 if later else 1)
        case _:
            return wide.date().isoformat()
