"""Subjects, logs and readers for the tests of observing, all in memory."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from reconciler.adapters.clock import FixedClock
from reconciler.adapters.fakes.forge import FakeForge
from reconciler.adapters.fakes.logs import FakeLogs
from reconciler.observe.frames import Frames
from reconciler.observe.subject import Subject
from reconciler.ports import Readers
from tests.builders import DAY, a_dataset, a_release
from tests.runs import FolderStore
from tests.scoring import DictMemory, a_scored_model
from tests.snapshots import FIRST, FrameData, hourly

NOW = FIRST + 40 * DAY
HOUR = timedelta(hours=1)
TIME = pl.Datetime("us", "UTC")
CAME = [
    {"name": "scheduled", "type": "time"},
    {"name": "distance", "type": "number"},
    {"name": "carrier", "type": "category"},
    {"name": "arr_delay", "type": "number", "known": "after"},
    {"name": "came", "type": "time", "known": "after"},
]
ARRIVED = {"columns": CAME, "label": {"column": "arr_delay", "delay": "1d", "arrived": "came"}}
"""Keys of a dataset's spec with a column that says when labels came."""


def a_subject(*, logged: bool = False, model: Any = None, **dataset: Any) -> Subject:
    """The usual model at NOW, with the usual champion; other changes are keys of the dataset's spec."""
    spec = {"observe": "log" if logged else "score"} | (model or {})
    champion = a_release(as_of=FIRST + 30 * DAY)
    return Subject(model=a_scored_model(**spec), dataset=a_dataset(**dataset), newest=champion.build, champion=champion, now=NOW)


def frames_of(subject: Subject, rows: pl.DataFrame | None = None, logs: Any = None) -> Frames:
    """The features and the label of these rows, or of the usual ones."""
    data = FrameData(hourly(60) if rows is None else rows)
    return Frames(subject=subject, columns=("distance", "carrier", "arr_delay"), data=data, logs=logs)


def readers(rows: pl.DataFrame | None = None, **changes: Any) -> Readers:
    """Readers over these rows (or the usual ones); no repository is looked at."""
    usual: dict[str, Any] = {
        "clock": FixedClock(NOW),
        "repository": None,
        "forge": FakeForge({}),
        "data": FrameData(hourly(60) if rows is None else rows),
        "artifacts": FolderStore(),
        "memory": DictMemory(),
    }
    return Readers(**(usual | changes))


def predictions(ids: Sequence[Any], times: Sequence[datetime], **columns: Any) -> pl.DataFrame:
    """A prediction log of the usual champion, with its features; columns replace or add."""
    usual = {
        "id": [str(one) for one in ids],
        "time": pl.Series(times, dtype=TIME),
        "digest": [a_subject().champion.digest] * len(ids),  # type: ignore[union-attr]
        "prediction": [0.25] * len(ids),
        "distance": [100.0] * len(ids),
        "carrier": ["AA"] * len(ids),
    }
    return pl.DataFrame(usual | columns)


def labels(ids: Sequence[Any], values: Sequence[Any], known: Sequence[datetime]) -> pl.DataFrame:
    """A label log."""
    return pl.DataFrame({"id": [str(one) for one in ids], "label": values, "known": pl.Series(known, dtype=TIME)})


def logs_of(predicted: pl.DataFrame | None = None, labelled: pl.DataFrame | None = None) -> FakeLogs:
    """Both logs of the usual model."""
    logs = FakeLogs()
    if predicted is not None:
        logs.predicted["flight-delay"] = predicted
    if labelled is not None:
        logs.labelled["flight-delay"] = labelled
    return logs
