"""Used by readers and writers of the logs: what lies where, `<model>/<kind>/day=2013-03-01/<digest>.parquet`."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum

from reconciler.adapters.stores.places import Place
from reconciler.domain.names import NAME_PATTERN
from reconciler.errors import ObserveError, ReconcilerError

ENDING = ".parquet"
_DAY = "day="
_TICK = timedelta(microseconds=1)


class Kind(StrEnum):
    """The logs of a model. Shadows are answers to copies of requests, which nobody saw; they look like predictions."""

    PREDICTIONS = "predictions"
    LABELS = "labels"
    SHADOWS = "shadows"

    @property
    def time(self) -> str:
        """The column whose day (UTC) is the folder's."""
        return "known" if self is Kind.LABELS else "time"


def folder(model: str, kind: Kind) -> str:
    """The log's folder. Raises ReconcilerError for what is no name of a model."""
    if not re.fullmatch(NAME_PATTERN, model):
        raise ReconcilerError(f"{model!a} is no name of a model", help="perennial status")
    return f"{model}/{kind}"


def name(model: str, kind: Kind, day: date, digest: str) -> str:
    """Where rows of one day are, under the digest of their content."""
    return f"{folder(model, kind)}/{_DAY}{day.isoformat()}/{digest}{ENDING}"


def names(place: Place, model: str, kind: Kind, start: datetime, end: datetime) -> Iterator[str]:
    """All files of the days that [start, end) touches, by day and name. What begins with a dot or underscore is none yet.

    Raises ObserveError for a day that is none, because its rows would silently not count.
    """
    log = folder(model, kind)
    if start >= end:
        return
    first, last = start.date(), (end - _TICK).date()
    for part in place.names(log):
        if part.startswith(_DAY) and first <= day_of(part, f"{place}/{log}") <= last:
            files = place.names(f"{log}/{part}")
            yield from (f"{log}/{part}/{file}" for file in files if file.endswith(ENDING) and file[0] not in "._")


def day_of(part: str, where: str) -> date:
    """The day that a folder is named after."""
    try:
        return date.fromisoformat(part.removeprefix(_DAY))
    except ValueError:
        raise ObserveError(f"{where}/{part} is named after no day", help="name it like day=2013-03-01") from None
