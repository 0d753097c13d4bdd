"""Beyond the features: how predictions and labels of recent windows are distributed, and whether the loss has changed level."""

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import polars

from reconciler.domain.known import Known, Missing
from reconciler.domain.live import ConceptDrift, LossChange
from reconciler.domain.needs import ConceptNeed, Detector, Population, ProfileNeed
from reconciler.domain.profiles import Profile
from reconciler.errors import ReconcilerError
from reconciler.observe.answers import Answers
from reconciler.observe.frames import Frames, of_release
from reconciler.observe.subject import Subject, bounds
from reconciler.pipeline.outcomes import (
    Outcomes,
    profile_of_labels,
    profile_of_predictions,
)
from reconciler.pipeline.profile_rows import profile_frame
from reconciler.pipeline.rows import labelled
from reconciler.specs.model import Task
from reconciler.statistics.quantiles import quantile


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """The released model, what it answers, and its rows."""

    subject: Subject
    answers: Answers
    outcomes: Outcomes
    frames: Frames

    def profile(self, need: ProfileNeed) -> Known[Profile]:
        """The population of the window on the reference's bins; Missing when it cannot be read or the model is from before."""
        end = self.subject.mature if need.population is Population.LABELS else self.subject.now
        rows = self.frames.between(*bounds(need.window, end))
        if isinstance(rows, Missing):
            return rows
        try:
            return self._profile(need, rows)
        except ReconcilerError as error:
            return Missing(code="notProfiled", why=error.message)

    def _profile(self, need: ProfileNeed, rows: polars.DataFrame) -> Known[Profile]:
        package, reference = self.answers.package, self.outcomes.profile
        if need.slice is not None:
            if need.slice.column not in rows.columns:
                return Missing(code="noSuchColumn", why=f"there is no column {need.slice.column} to slice by")
            rows = rows.filter(polars.col(need.slice.column).cast(polars.String) == need.slice.value)
        if need.population is Population.FEATURES:
            return profile_frame(package.reference, rows, package.contract.features)
        if isinstance(reference, Missing):
            return reference
        if need.population is Population.PREDICTIONS:
            judged = of_release(rows, self.subject)
            return profile_of_predictions(reference, package.contract, self.answers.of(judged, self._time))
        known = labelled(rows, package.contract.label)
        return profile_of_labels(reference, package.contract, package.contract.coding().encode(known[package.contract.label]))

    @property
    def _time(self) -> str:
        return self.subject.dataset.spec.event_time

    def concept(self, need: ConceptNeed) -> Known[ConceptDrift]:
        """Changes in the loss of mature rows that the champion has not learnt from; its hold-out is where the level starts."""
        champion = self.subject.champion
        if champion is None:
            return Missing(code="noRelease", why="nothing is released yet")
        start = min(champion.build.data.holdout_from, self.subject.mature)
        rows = self.frames.between(start, self.subject.mature)
        if isinstance(rows, Missing):
            return rows
        try:
            answered = self.answers.given(of_release(rows, self.subject))
            known = labelled(answered, self.answers.package.contract.label)
            losses, word = self._losses(known, need)
        except ReconcilerError as error:
            return Missing(code="notScored", why=error.message)
        except ValueError as error:
            return Missing(code="doesNotFit", why=f"{need.detector} cannot be used: {error}")
        found = changed(mixed_by_season(losses, known[self._time], self.subject.mature, need), known[self._time], need, word)
        judged = losses[(known[self._time] < champion.build.data.holdout_until).to_numpy()]
        return replace(found, baseline=float(judged.mean())) if judged.size else found

    def _losses(self, rows: polars.DataFrame, need: ConceptNeed) -> tuple[np.ndarray, str]:
        from reconciler.statistics.losses import row_errors, row_losses

        contract = self.answers.package.contract
        truth = contract.coding().encode(rows[contract.label])
        prediction = self.answers.of(rows, self._time)
        if need.detector is Detector.DDM:
            return row_errors(contract.task, truth, prediction), "error"
        if contract.task is not Task.REGRESSION:
            return row_losses(contract.task, truth, prediction), "squaredError"
        return row_losses(contract.task, truth, prediction, _scale(self.outcomes.profile)), "absoluteError"


def _scale(outcomes: Known[Profile]) -> float:
    """What a whole error of a regression is: the distance of the 5 % and 95 % quantiles of the hold-out's labels."""
    if isinstance(outcomes, Missing):
        raise ReconcilerError(outcomes.why)
    knots = getattr(outcomes.features.get("label"), "knots", None)
    if knots is None or not sum(knots.counts):
        raise ReconcilerError("the reference has no labels to scale the error by")
    return quantile(knots, 0.95) - quantile(knots, 0.05) or 1.0


def mixed_by_season(losses: np.ndarray, times: polars.Series, end: datetime, need: ConceptNeed) -> np.ndarray:
    """Mixed within seasons that are counted back from the end, so that the newest one is whole."""
    from reconciler.statistics.concept import mixed

    seasons = (end.timestamp() * 1e6 - times.dt.epoch("us")) // (need.season.total_seconds() * 1e6)
    return mixed(losses, seasons.cast(polars.Int64).to_numpy())


def changed(losses: np.ndarray, times: polars.Series, need: ConceptNeed, word: str) -> ConceptDrift:
    """What the detector finds, with the event times at which levels begin."""
    from reconciler.statistics.concept import changes, kind_of

    found = changes(losses, need)
    starts = [0, *(change.start for change in found), losses.size]
    told = tuple(
        LossChange(at=times[change.start], before=change.before, after=change.after, rows_before=b - a, rows_after=c - b)
        for change, a, b, c in zip(found, starts, starts[1:], starts[2:], strict=False)
    )
    return ConceptDrift(rows=losses.size, loss=word, changes=told, kind=kind_of(losses, found))
