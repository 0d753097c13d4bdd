"""How long and how many: label delay, hold-out, windows and row counts that fit how fast the table grows. Pure."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reconciler.domain.survey import TICKS, TableSurvey
from reconciler.rules.fields import duration_text
from reconciler.specs.draft.ranges import round_to
from reconciler.specs.draft.target import TargetDraft
from reconciler.specs.draft.wishes import UnfitDataError

FEWEST_ROWS = 100
_FEWEST_OF_A_CLASS = 10
_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
_LONGEST = 9999 * _DAY
"""Longer durations cannot be written in a spec; a century of yearly rows has to do with 27 years."""
_YEARS = range(1900, 2190)
"""Years that specs can write; others are placeholders for no time."""
_ROWS_IN_A_WINDOW = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """All durations and row counts of a first draft. `holdout_rows` and `train_rows` are as of `as_of`, about."""

    label_delay: timedelta
    holdout: timedelta
    holdout_rows: int
    train_rows: int
    as_of: datetime
    window: timedelta
    cooldown: timedelta
    max_age: timedelta
    new_labels: int
    minimum_new_labels: int


def timing_of(table: TableSurvey, target: TargetDraft, label_delay: timedelta | None) -> Timing:
    """The timing. Raises UnfitDataError when too few rows, or too short a time, leave nothing to learn from or to judge by."""
    rows, last, span = table.label.present, table.ticks[-1], table.span
    _check(table, rows)
    delay = label_delay or (_DAY if span >= 20 * _DAY else max(_MINUTE, _down(span / 20)))
    few = target.classes and (len(table.recent) < len(target.classes) or min(n for _, n in table.recent) < _FEWEST_OF_A_CLASS)
    share = 30 if few else 20
    holdout = _up(last - table.ticks[TICKS - share])
    held = _share(table, last - holdout)
    train = 1 - _share(table, last - holdout - delay)
    if train * rows < FEWEST_ROWS / 2:
        raise UnfitDataError(
            f"{table.path}: of {rows:,} labelled rows about {train * rows:.0f} are older than hold-out and label delay "
            f"({duration_text(holdout)} and {duration_text(delay)}), and {FEWEST_ROWS // 2} are needed to learn from",
            help="a shorter --label-delay, or a table that covers a longer time",
        )
    return Timing(
        label_delay=delay,
        holdout=holdout,
        holdout_rows=max(1, int(held * rows)),
        train_rows=int(train * rows),
        as_of=_midnight_after(max(table.last, last + delay)),
        window=min(_up(max(span / 20, span * (_ROWS_IN_A_WINDOW / rows))), _up(span / 2)),
        cooldown=min(7 * _DAY, max(_HOUR, _up(span / 100))),
        max_age=min(180 * _DAY, max(_DAY, _up(span / 4))),
        new_labels=max(20, int(round_to(rows * 0.15))),
        minimum_new_labels=max(10, int(round_to(rows * 0.02))),
    )


def _check(table: TableSurvey, rows: int) -> None:
    """There is enough of everything."""
    if rows < FEWEST_ROWS:
        raise UnfitDataError(f"{table.path} has {rows:,} rows with a time and a target, at least {FEWEST_ROWS} are needed")
    if table.span <= timedelta():
        raise UnfitDataError(
            f"{table.path}: all {rows:,} labelled rows have one time, so none is newer to judge by: 2 times needed"
        )
    odd = [time for time in (table.last, table.first) if time.year not in _YEARS]
    if odd:
        raise UnfitDataError(
            f"{table.path}: {table.time_column} reaches to {odd[0]:%Y-%m-%d}, years {_YEARS[0]} to {_YEARS[-1]} are allowed",
            help="leave the field empty when there is no time: rows without a time are left out",
        )


def _share(table: TableSurvey, since: datetime) -> float:
    """Share of the labelled rows that are as new as this or newer, rounded down."""
    return sum(tick >= since for tick in table.ticks[:-1]) / TICKS


def _midnight_after(time: datetime) -> datetime:
    day = time.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + _DAY


def _unit(value: timedelta) -> timedelta:
    """Whole days from two days on, whole hours from two hours on, else minutes."""
    return _DAY if value >= 2 * _DAY else _HOUR if value >= 2 * _HOUR else _MINUTE


def _up(value: timedelta) -> timedelta:
    """Rounded up to whole units, at least one minute, at most what a spec can write."""
    unit = _unit(value)
    return min(max(1, math.ceil(value / unit)) * unit, _LONGEST)


def _down(value: timedelta) -> timedelta:
    unit = _unit(value)
    return value // unit * unit
