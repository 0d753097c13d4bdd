"""Gate `volume`: there are enough rows, about as many as the live model had, and no days without any."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic.json_schema import SkipJsonSchema

from reconciler.domain.facts import Candidate, ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.data import Volume
from reconciler.domain.releases import DataRange
from reconciler.rules.base import GateRule
from reconciler.rules.choices import not_null
from reconciler.rules.combine import together
from reconciler.rules.evidence import TRAIN_AGAIN, candidate_of
from reconciler.rules.fields import Count, Share

_FEWEST = 50
"""A live model that was made from fewer rows is no measure of how many there should be."""
_SHOWN = 5
_DAY = timedelta(days=1)
Rate = tuple[int, float]
"""Rows, and rows a day."""


class VolumeGate(GateRule):
    """Rows in all and by day, against bounds and against the rows that the live model was made from."""

    type: Literal["volume"]
    minimum_train_rows: Count = 500
    """At least so many rows to learn from."""
    minimum_holdout_rows: Count = 200
    """At least so many rows to judge by."""
    minimum_rows_per_day: Annotated[Count | SkipJsonSchema[None], BeforeValidator(not_null)] = None
    """At least so many rows on every whole day; left out: not judged."""
    at_least_share: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Rows a day are at least this share of the live model's."""
    at_most_share: Annotated[float, Field(ge=1)] = 2.0
    """Rows a day are at most so many times the live model's."""
    empty_days: Share = 0.05
    """At most this share of the days may be without rows, of those whose weekday usually has some; 1: all may."""
    minimum_days: Count = 7
    """Fewer whole days are no answer about days without rows."""

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES `volumeKept`, NO `tooFewRows`, `volumeChanged` or `daysWithoutRows`, UNKNOWN `insufficientData`."""
        match candidate_of(facts):
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, remedy=TRAIN_AGAIN)
            case Candidate(evidence=evidence, build=build):
                live = None if facts.champion is None else facts.champion.build.data
                return self._judge(evidence.volume, build.data, live)

    def _judge(self, volume: Known[Volume], data: DataRange, live: DataRange | None) -> Judgement:
        if isinstance(volume, Missing):
            return unknown(self.type, volume.code, volume.why, remedy=TRAIN_AGAIN)
        return together([*self._rows(data), *self._daily(volume), *self._like_live(data, live)])

    def _rows(self, data: DataRange) -> Iterator[Judgement]:
        wanted = (
            ("to learn from", data.train_rows, self.minimum_train_rows),
            ("to judge by", data.holdout_rows, self.minimum_holdout_rows),
        )
        for what, rows, least in wanted:
            said = f"{rows:,} rows {what}, at least {least:,} wanted"
            yield self._kept(said) if rows >= least else self._few(said)

    def _daily(self, volume: Volume) -> Iterator[Judgement]:
        days, least = volume.train.days + volume.holdout.days, self.minimum_rows_per_day
        if least is not None:
            poorest = min((part.poorest for part in (volume.train, volume.holdout) if part.days), default=0)
            said = f"{poorest:,} rows on the poorest of {days} whole days, at least {least:,} wanted"
            yield self._short(days, 1) if not days else self._kept(said) if poorest >= least else self._few(said)
        if self.empty_days < 1:
            yield self._gaps((*volume.train.empty, *volume.holdout.empty), days)

    def _short(self, days: int, needed: int) -> Judgement:
        said = f"{days} whole days in the range of the rows, {needed} needed"
        return unknown(self.type, "insufficientData", said, remedy="train on a longer window, or say emptyDays: 1")

    def _gaps(self, empty: tuple[str, ...], days: int) -> Judgement:
        if days < self.minimum_days:
            return self._short(days, self.minimum_days)
        more = f" and {len(empty) - _SHOWN} more" if len(empty) > _SHOWN else ""
        named = f" ({', '.join(empty[:_SHOWN])}{more})" if empty else ""
        said = f"{len(empty)} of {days} days without rows{named}, at most {self.empty_days:.0%} wanted"
        if len(empty) <= self.empty_days * days:
            return self._kept(said)
        return no(self.type, "daysWithoutRows", said, remedy="load the days that the source lacks, then train again")

    def _like_live(self, data: DataRange, live: DataRange | None) -> Iterator[Judgement]:
        """By day, because a window that grew has more rows and is no sign of trouble."""
        if live is None:
            yield self._kept("no release is live, whose rows could be compared with")
            return
        pairs = (("to learn from", _training(data), _training(live)), ("to judge by", _holdout(data), _holdout(live)))
        for what, (_, rate), (rows, before) in pairs:
            if rows < _FEWEST or before <= 0:
                said = f"the live model had {rows} rows {what}, {_FEWEST} needed to compare with"
                yield unknown(self.type, "insufficientData", said, remedy="wait for a release that was made from more rows")
                continue
            bounds = f"{self.at_least_share * before:,.4g} to {self.at_most_share * before:,.4g} wanted"
            said = f"{rate:,.4g} rows a day {what}, {before:,.4g} in the live model's data, {bounds}"
            kept = self.at_least_share <= rate / before <= self.at_most_share
            remedy = "look where the rows went or came from; if it is real, change the shares of the gate"
            yield self._kept(said) if kept else no(self.type, "volumeChanged", said, remedy=remedy)

    def _kept(self, said: str) -> Judgement:
        return yes(self.type, "volumeKept", said)

    def _few(self, said: str) -> Judgement:
        return no(self.type, "tooFewRows", said, remedy="a longer window, or wait for more rows")


def _training(data: DataRange) -> Rate:
    return data.train_rows, _rate(data.train_rows, data.train_until - data.train_from)


def _holdout(data: DataRange) -> Rate:
    return data.holdout_rows, _rate(data.holdout_rows, data.holdout_until - data.holdout_from)


def _rate(rows: int, length: timedelta) -> float:
    return rows / (length / _DAY) if length > timedelta() else 0.0
