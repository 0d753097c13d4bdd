"""How predictions and labels of a window are distributed, and whether the loss changed: of the champion's mature rows only."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from reconciler.domain.known import Known, Missing
from reconciler.domain.live import ConceptDrift
from reconciler.domain.needs import ConceptNeed, Detector, Lookback, Population, ProfileNeed, Slice
from reconciler.domain.profiles import CategoricalProfile, NumericProfile, Profile
from reconciler.observe.answers import Answers
from reconciler.observe.outcomes import Windows
from reconciler.observe.subject import Subject
from reconciler.pipeline.artifact import ModelPackage
from reconciler.pipeline.outcomes import BEFORE, LABEL, PREDICTION, Outcomes, label_column, prediction_columns
from reconciler.specs.model import Task
from reconciler.statistics.profile import reference_profile
from tests.builders import DAY
from tests.scoring import DictMemory, a_contract, a_package
from tests.snapshots import FIRST, hourly
from tests.subjects import HOUR, NOW, a_subject, frames_of, labels, logs_of, predictions

WEEK = Lookback(length=7 * DAY)
MATURE = NOW - DAY
ALL = hourly(60)
PREDICTIONS = ProfileNeed(window=WEEK, population=Population.PREDICTIONS)
LABELS = ProfileNeed(window=WEEK, population=Population.LABELS)


def between(start: datetime, end: datetime, rows: pl.DataFrame = ALL) -> pl.DataFrame:
    return rows.filter([start <= at < end for at in rows["scheduled"]])


def outcomes_of(package: ModelPackage) -> Outcomes:
    """What the package says of the usual rows, as if they were its hold-out."""
    rows, contract = ALL.drop_nulls("arr_delay"), package.contract
    answers = np.linspace(0, 1, rows.height)
    if contract.task is not Task.REGRESSION:
        answers = package.predict(rows)
    columns = {
        **prediction_columns(contract, answers),
        LABEL: label_column(contract, contract.coding().encode(rows["arr_delay"])),
    }
    categorical = [LABEL] if contract.classes else []
    return Outcomes(profile=reference_profile(columns, [name for name in columns if name not in categorical], categorical))


def windows(rows: pl.DataFrame | None = None, *, subject: Subject | None = None, logs: Any = None, **changes: Any) -> Windows:
    subject = subject or a_subject()
    package = changes.pop("package", a_package())
    usual: dict[str, Any] = {
        "subject": subject,
        "answers": Answers(package=package, memory=DictMemory(), logged=subject.is_logged),
        "outcomes": outcomes_of(package),
        "frames": frames_of(subject, rows, logs),
    }
    return Windows(**(usual | changes))


def profile(found: Known[Profile]) -> Profile:
    assert isinstance(found, Profile)
    return found


def code_of(found: Known[Any]) -> str:
    assert isinstance(found, Missing)
    assert found.why
    return found.code


def test_predictions_are_of_all_rows_up_to_now() -> None:
    found = profile(windows().profile(PREDICTIONS)).features[PREDICTION]
    assert isinstance(found, NumericProfile)
    right = a_package().predict(between(NOW - 7 * DAY, NOW))
    assert found.rows == 168
    assert (found.mean, found.minimum, found.maximum) == (pytest.approx(right.mean()), right.min(), right.max())


def test_labels_are_of_the_labelled_rows_up_to_where_they_are_mature() -> None:
    found = profile(windows().profile(LABELS)).features[LABEL]
    assert isinstance(found, CategoricalProfile)
    known = between(MATURE - 7 * DAY, MATURE)["arr_delay"].drop_nulls()
    late = int((known >= 15).sum())
    assert dict(found.counts) == {"< 15": known.len() - late, ">= 15": late}


def test_labels_after_they_are_mature_are_not_looked_at() -> None:
    later = ALL.with_columns(pl.when(pl.col("scheduled") >= MATURE).then(1e6).otherwise(pl.col("arr_delay")).alias("arr_delay"))
    assert windows(later).profile(LABELS) == windows().profile(LABELS)
    assert windows(later).concept(ConceptNeed()) == windows().concept(ConceptNeed())


@pytest.mark.parametrize("population", Population, ids=str)
def test_a_slice_is_of_its_own_rows(population: Population) -> None:
    need = ProfileNeed(window=WEEK, population=population, slice=Slice(column="carrier", value="AA"))
    only = windows(ALL.filter(pl.col("carrier") == "AA")).profile(replace(need, slice=None))
    assert windows().profile(need) == only
    assert profile(only).rows > 0
    assert code_of(windows().profile(replace(need, slice=Slice(column="airport", value="JFK")))) == "noSuchColumn"
    assert profile(windows().profile(replace(need, slice=Slice(column="carrier", value="none")))).rows == 0


def test_a_model_from_before_outcomes_has_none_to_compare_but_its_features() -> None:
    old = windows(outcomes=Outcomes())
    assert [old.profile(PREDICTIONS), old.profile(LABELS)] == [BEFORE, BEFORE]
    assert profile(old.profile(ProfileNeed(window=WEEK))).rows == 168


def test_labels_that_are_none_are_not_profiled() -> None:
    text = ALL.with_columns(pl.lit("late").alias("arr_delay"))
    assert code_of(windows(text).profile(LABELS)) == "notProfiled"
    assert code_of(windows(text).concept(ConceptNeed())) == "notScored"


def logged(digests: list[str], answers: list[float | None]) -> Windows:
    subject = a_subject(logged=True)
    champion = subject.champion.digest  # type: ignore[union-attr]
    at = [MATURE - (len(answers) - row) * HOUR for row in range(len(answers))]
    told = [champion if digest == "champion" else digest for digest in digests]
    logs = logs_of(
        predictions(range(len(at)), at, digest=told, prediction=answers),
        labels(range(len(at)), [20.0] * len(at), [NOW - HOUR] * len(at)),
    )
    return windows(subject=subject, logs=logs)


def test_of_a_log_only_the_champions_answers_count() -> None:
    mixed = logged(["before", "champion", "champion"], [0.9, 0.25, 0.5])
    found = profile(mixed.profile(PREDICTIONS)).features[PREDICTION]
    assert isinstance(found, NumericProfile)
    assert (found.rows, found.minimum, found.maximum) == (2, 0.25, 0.5)
    concept = mixed.concept(ConceptNeed())
    assert isinstance(concept, ConceptDrift)
    assert concept.rows == 2


def test_a_logged_answer_that_is_missing_is_counted_as_missing() -> None:
    found = profile(logged(["champion"] * 3, [0.25, None, 0.5]).profile(PREDICTIONS)).features[PREDICTION]
    assert (found.rows, found.missing) == (3, 1)


def test_a_logged_answer_that_is_missing_has_no_loss() -> None:
    found = logged(["champion"] * 3, [0.25, None, 0.5]).concept(ConceptNeed())
    assert isinstance(found, ConceptDrift)
    assert found.rows == 2


def test_the_loss_is_looked_at_from_the_champions_hold_out_on() -> None:
    subject = a_subject()
    assert subject.champion is not None
    found = windows().concept(ConceptNeed())
    assert isinstance(found, ConceptDrift)
    assert found.rows == between(subject.champion.build.data.holdout_from, MATURE)["arr_delay"].drop_nulls().len()
    assert found.loss == "squaredError"


def test_a_champion_whose_data_lies_after_now_has_no_rows_to_look_at() -> None:
    subject = a_subject()
    assert subject.champion is not None
    data = replace(subject.champion.build.data, holdout_from=NOW + DAY, holdout_until=NOW + 14 * DAY)
    champion = replace(subject.champion, build=replace(subject.champion.build, data=data))
    found = windows(subject=replace(subject, champion=champion)).concept(ConceptNeed())
    assert found == ConceptDrift(rows=0, loss="squaredError", changes=(), kind=None)


def test_nothing_released_has_no_loss() -> None:
    assert code_of(windows(subject=replace(a_subject(), champion=None)).concept(ConceptNeed())) == "noRelease"


def worse_from(at: datetime) -> pl.DataFrame:
    """What the model calls late is on time from then on, and the other way around."""
    late = pl.Series(a_package().predict(ALL) >= 0.5)
    later = pl.Series([moment >= at for moment in ALL["scheduled"]])
    return ALL.with_columns(pl.select(pl.when(late != later).then(30.0).otherwise(0.0).alias("arr_delay")).to_series())


@pytest.mark.parametrize("detector", [Detector.ADWIN, Detector.PAGE_HINKLEY], ids=str)
def test_a_change_is_told_at_the_event_time_where_it_begins(detector: Detector) -> None:
    begins = NOW - 10 * DAY
    found = windows(worse_from(begins)).concept(ConceptNeed(detector=detector, season=timedelta(hours=1)))
    assert isinstance(found, ConceptDrift)
    assert found.changes
    newest = found.changes[-1]
    assert newest.worse
    assert abs(newest.at - begins) < 2 * DAY
    assert sum((found.changes[0].rows_before, *(change.rows_after for change in found.changes))) == found.rows


def regression() -> ModelPackage:
    contract = a_contract(task=Task.REGRESSION, classes=(), bounds=())
    return replace(a_package(), contract=contract)


def test_a_detector_of_errors_does_not_fit_a_regression() -> None:
    subject = a_subject(logged=True)
    at = [MATURE - HOUR * row for row in range(5, 0, -1)]
    logs = logs_of(predictions(range(5), at, prediction=[10.0] * 5), labels(range(5), [12.0] * 5, [NOW - HOUR] * 5))
    view = windows(subject=subject, logs=logs, package=regression())
    assert code_of(view.concept(ConceptNeed(detector=Detector.DDM))) == "doesNotFit"
    found = view.concept(ConceptNeed())
    assert isinstance(found, ConceptDrift)
    assert (found.rows, found.loss) == (5, "absoluteError")
    without = windows(subject=subject, logs=logs, package=regression(), outcomes=Outcomes())
    assert code_of(without.concept(ConceptNeed())) == "notScored"


def test_windows_before_the_first_row_are_empty() -> None:
    early = replace(a_subject(), now=FIRST - 30 * DAY)
    found = windows(subject=early)
    assert [profile(found.profile(need)).rows for need in (PREDICTIONS, LABELS)] == [0, 0]
