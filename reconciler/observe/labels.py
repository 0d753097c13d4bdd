"""Labels: how many are new, how long they take to come, and how much of a window has its label by now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars

from reconciler.domain.facts import LabelFacts
from reconciler.domain.known import Known, Missing
from reconciler.domain.live import LabelLag, Maturity
from reconciler.domain.needs import MaturityNeed, Need
from reconciler.errors import ReconcilerError
from reconciler.observe.frames import Frames, come_by_now, is_time
from reconciler.observe.subject import Subject, bounds
from reconciler.pipeline.rows import labelled, read_rows
from reconciler.ports import Data, Readers
from reconciler.rules.fields import time_text

LOOKED_AT = timedelta(days=30)
"""How far back from where labels are mature their lag is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Rows and labels that the newest build has not seen."""

    labels: Known[LabelFacts]
    rows: Known[int]


def count_new(subject: Subject, data: Data) -> Counted:
    """Rows after the newest build's data, and those of them whose labels are mature; no label is looked at sooner."""
    label, time = subject.dataset.spec.label, subject.dataset.spec.event_time
    columns = (label.column,) if label.arrived is None else (label.column, label.arrived)
    since = subject.newest.data.holdout_until if subject.newest else None
    try:
        frame = (
            come_by_now(read_rows(subject.dataset, data, columns, since, subject.mature), subject)
            if since is None or since < subject.mature
            else None
        )
        later = max(since or subject.mature, subject.mature)
        fresh = read_rows(subject.dataset, data, (), later, subject.now).height if later < subject.now else 0
    except ReconcilerError as error:
        missing = Missing(code="rowsUnreadable", why=error.message)
        return Counted(labels=missing, rows=missing)
    if frame is None:
        return Counted(labels=LabelFacts(delay=label.delay, new=0, newest=None), rows=fresh)
    known = labelled(frame, label.column)
    newest = known[time].max() if known.height else None
    facts = LabelFacts(delay=label.delay, new=known.height, newest=newest if isinstance(newest, datetime) else None)
    return Counted(labels=facts, rows=frame.height + fresh)


def label_lag(subject: Subject, readers: Readers) -> Known[LabelLag]:
    """How long after their events labels came, where they are mature: by the contract's column `arrived`, or the label log.

    Of newer events only the quickest labels are there, which would make the lag look short.
    """
    start = subject.mature - LOOKED_AT
    try:
        lags = _logged_lags(subject, readers, start) if subject.is_logged else _arrived_lags(subject, readers.data, start)
    except ReconcilerError as error:
        return Missing(code="rowsUnreadable", why=error.message)
    if isinstance(lags, Missing):
        return lags
    if not lags.len():
        return Missing(
            code="insufficientData",
            why=f"0 labels came for events of the {LOOKED_AT.days} days before {time_text(subject.mature)}",
        )
    seconds = lags.dt.total_seconds()
    median, p95 = (seconds.quantile(share, "nearest") or 0.0 for share in (0.5, 0.95))
    return LabelLag(median=timedelta(seconds=median), p95=timedelta(seconds=p95), rows=lags.len())


def _arrived_lags(subject: Subject, data: Data, start: datetime) -> Known[polars.Series]:
    label, time = subject.dataset.spec.label, subject.dataset.spec.event_time
    if label.arrived is None:
        return Missing(code="notDeclared", why="the dataset does not say when labels came: spec.label.arrived names no column")
    rows = labelled(read_rows(subject.dataset, data, (label.column, label.arrived), start, subject.mature), label.column)
    if not is_time(rows[label.arrived]):
        return Missing(code="notATime", why=f"column {label.arrived} holds {rows[label.arrived].dtype}, not times")
    came = rows.filter(polars.col(label.arrived) <= subject.now)
    return came[label.arrived] - came[time]


def _logged_lags(subject: Subject, readers: Readers, start: datetime) -> Known[polars.Series]:
    if readers.logs is None:
        return Missing(code="notConfigured", why="no logs are configured")
    predictions = readers.logs.predictions(subject.model.name, start, subject.mature)
    labels = readers.logs.labels(subject.model.name, start, subject.now)
    joined = predictions.select("id", "time").join(labels.select("id", "known"), on="id", how="inner")
    return joined["known"] - joined["time"]


def maturity(subject: Subject, frames: Frames, needs: frozenset[Need]) -> Mapping[MaturityNeed, Known[Maturity]]:
    """Of each asked window, how many rows there are and how many have their label."""
    return {need: _matured(subject, frames, need) for need in needs if isinstance(need, MaturityNeed)}


def _matured(subject: Subject, frames: Frames, need: MaturityNeed) -> Known[Maturity]:
    rows = frames.between(*bounds(need.window, subject.mature))
    if isinstance(rows, Missing):
        return rows
    return Maturity(rows=rows.height, labelled=labelled(rows, subject.dataset.spec.label.column).height)
