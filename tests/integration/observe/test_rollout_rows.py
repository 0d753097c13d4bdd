"""What is counted of a release's rows in the logs: answers, labels that are mature, and the business metric per unit."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from reconciler.adapters.fakes.logs import FakeLogs
from reconciler.domain.known import Missing
from reconciler.domain.tallies import Buckets, Share, Sums
from reconciler.errors import ObserveError
from reconciler.observe.rollout_rows import ServedRows, Unit, deciles, differing, earned, quality, spread
from reconciler.specs.model import BusinessMetric
from tests.builders import DAY, NOW, a_dataset, a_model
from tests.rollouts import LIVE, NEW

HOUR = timedelta(hours=1)
SINCE = NOW - 3 * DAY
DIGITS = {"task": "multiclass", "target": {}}


def served(answers: dict[str, list[Any]], labels: Sequence[Any] = (), at: timedelta = timedelta(), **spec: Any) -> ServedRows:
    """One row an hour of each of both releases by turns, from three days ago; each label known a day later."""
    count = len(next(iter(answers.values())))
    times = [SINCE + at + number * HOUR for number in range(count)]
    ids = [f"{number}" for number in range(count)]
    logs = FakeLogs()
    digests = [(NEW, LIVE)[number % 2] for number in range(count)]
    logs.predicted["flight-delay"] = pl.DataFrame({"id": ids, "time": times, "digest": digests, **answers})
    if labels:
        logs.labelled["flight-delay"] = pl.DataFrame({"id": ids, "label": labels, "known": [one + DAY for one in times]})
    return ServedRows(model=a_model(**spec), dataset=a_dataset(), logs=logs, now=NOW)


def rows(made: ServedRows, digest: Any = NEW, until: datetime = NOW) -> pl.DataFrame:
    found = made.of(digest, SINCE, until)
    assert isinstance(found, pl.DataFrame)
    return found


def test_scores_are_spread_over_ten_bins():
    made = served({"prediction": [0.05, 0.5, 0.1, 0.5, 0.95, 0.5, None, 0.5]})
    assert spread(made, rows(made), ()) == Buckets(
        counts=(2, 0, 0, 0, 0, 0, 0, 0, 0, 1), edges=tuple(i / 10 for i in range(1, 10))
    )
    assert spread(made, rows(made, LIVE), ()).rows == 4  # type: ignore[union-attr]


def test_numbers_are_spread_over_the_deciles_of_what_was_answered_before():
    made = served({"prediction": [float(number) for number in range(40)]}, task="regression", target={})
    edges = deciles(made, rows(made, LIVE), 20)
    assert edges == (3.0, 7.0, 11.0, 15.0, 19.0, 23.0, 27.0, 31.0, 35.0)
    assert spread(made, rows(made), edges) == Buckets(counts=(2,) * 10, edges=edges)
    assert deciles(made, rows(made, LIVE), 21) == Missing(
        code="tooFewRows", why="20 answers before the rollout to make bins of, 21 needed"
    )


def test_classes_are_counted_by_the_likeliest():
    answers = {"prediction:b": [0.9, 0.1, 0.2, 0.1], "prediction:a": [0.1, 0.9, 0.8, 0.9]}
    made = served(answers, **DIGITS)
    assert spread(made, rows(made), ()) == Buckets(counts=(1, 1))


def test_only_mature_labels_tell_how_good_a_release_is():
    made = served({"prediction": [0.9, 0.1] * 4}, labels=[20.0, 0.0, 0.0, 0.0, 30.0, 0.0, 16.0, 0.0])
    assert quality(made, rows(made), "accuracy") == Share(rows=4, hits=3)
    brier = quality(made, rows(made), "brier")
    assert isinstance(brier, Sums)
    assert (brier.rows, float(brier.total)) == (4, pytest.approx(3 * 0.01 + 0.81))
    young = served({"prediction": [0.9, 0.1] * 4}, labels=[20.0] * 8, at=2.5 * DAY)
    assert quality(young, rows(young), "accuracy") == Share(rows=0, hits=0)
    assert quality(young, rows(young), "brier") == Sums(rows=0, total=Fraction(), squares=Fraction())


def test_a_label_that_fits_no_class_is_told():
    made = served({"prediction": [0.9, 0.1]}, labels=["late", "late"])
    assert isinstance(quality(made, rows(made), "brier"), Missing)


def metric(**written: Any) -> BusinessMetric:
    return BusinessMetric.model_validate({"name": "revenue", "column": "paid", **written})


EARNED = {
    "prediction": [0.5] * 8,
    "paid": [1.0, 0, 2.0, 0, 3.0, 0, None, 0],
    "who": list("axaxbxcx"),
    "country": ["DE", "DE"] * 3 + ["FR"] * 2,
}


@pytest.mark.parametrize(
    ("written", "unit", "rows_of", "total"),
    [
        ({}, Unit(), 3, 6),
        ({"aggregate": "sum"}, Unit(), 4, 6),
        ({"aggregate": "count"}, Unit(), 4, 3),
        ({}, Unit(column="who"), 2, 4.5),
        ({"aggregate": "sum"}, Unit(column="who"), 3, 6),
        ({"aggregate": "sum"}, Unit(column="who", segment="country", values=("DE",)), 2, 6),
        ({"aggregate": "sum"}, Unit(column="who", segment="country", values=("FR",)), 1, 0),
    ],
    ids=["a mean", "a sum", "a count", "per customer", "a sum per customer", "who takes part", "one segment"],
)
def test_what_a_release_earned_is_counted_per_unit(written, unit, rows_of, total):
    made = served(EARNED)
    found = earned(made, rows(made), metric(**written), unit)
    assert isinstance(found, Sums)
    assert (found.rows, float(found.total)) == (rows_of, total)


@pytest.mark.parametrize(
    ("written", "unit", "code"),
    [
        ({"column": None, "promql": "up"}, Unit(), "notByRelease"),
        ({"column": "lost"}, Unit(), "noSuchColumn"),
        ({}, Unit(column="lost"), "noSuchColumn"),
        ({"aggregate": "median"}, Unit(), "notASum"),
        ({"column": "who"}, Unit(), "notANumber"),
    ],
)
def test_what_cannot_be_earned_is_missing(written, unit, code):
    made = served(EARNED)
    found = earned(made, rows(made), metric(**written), unit)
    assert isinstance(found, Missing)
    assert found.code == code


def test_a_label_can_be_what_is_earned():
    made = served({"prediction": [0.5] * 4}, labels=[1.0, 0.0, 5.0, 0.0])
    found = earned(made, rows(made), metric(column="arr_delay"), Unit())
    assert isinstance(found, Sums)
    assert (found.rows, found.total) == (2, 6)


def test_equal_numbers_have_possible_sums_however_they_round():
    made = served({"prediction": [0.1] * 400, "paid": [0.1] * 400})
    found = earned(made, rows(made), metric(), Unit())
    assert isinstance(found, Sums)
    assert found.possible


def test_copies_are_compared_with_what_was_answered_to_the_same_request():
    made = served({"prediction": [0.5, 0.1, 0.5, 0.9, 0.5, 0.3]})
    logs = made.logs
    assert isinstance(logs, FakeLogs)
    answered = logs.predicted["flight-delay"]
    logs.shadowed["flight-delay"] = answered.filter(pl.col("digest") == LIVE).with_columns(
        pl.lit(NEW).alias("digest"), pl.Series("prediction", [0.12, 0.5, 0.3])
    )
    logs.predicted["flight-delay"] = answered.filter(pl.col("digest") == LIVE)
    assert differing(made, (LIVE, NEW), SINCE, NOW, 0.1) == Share(rows=3, hits=1)
    assert differing(made, (LIVE, NEW), SINCE, NOW, 0.0) == Share(rows=3, hits=2)
    assert spread(made, rows(made), ()).rows == 3  # type: ignore[union-attr]


def test_classes_differ_when_another_one_is_the_likeliest():
    answers = {"prediction:a": [0.9, 0.6], "prediction:b": [0.1, 0.4]}
    made = served(answers, **DIGITS)
    logs = made.logs
    assert isinstance(logs, FakeLogs)
    logs.shadowed["flight-delay"] = logs.predicted["flight-delay"].with_columns(
        pl.lit(NEW).alias("digest"), pl.Series("prediction:a", [0.8, 0.4]), pl.Series("prediction:b", [0.2, 0.6])
    )
    logs.predicted["flight-delay"] = logs.predicted["flight-delay"].with_columns(pl.lit(LIVE).alias("digest"))
    again = ServedRows(model=made.model, dataset=made.dataset, logs=logs, now=NOW)
    assert differing(again, (LIVE, NEW), SINCE, NOW, 0.0) == Share(rows=2, hits=1)
    assert differing(again, (LIVE, NEW), SINCE, NOW, 0.15) == Share(rows=2, hits=1)


class Broken(FakeLogs):
    def predictions(self, model: str, start: datetime, end: datetime) -> pl.DataFrame:
        raise ObserveError("cannot read a.parquet")


def test_logs_that_cannot_be_read_or_are_not_there_are_missing():
    for logs, code in ((None, "notConfigured"), (Broken(), "rowsUnreadable")):
        found = ServedRows(model=a_model(), dataset=a_dataset(), logs=logs, now=NOW).of(NEW, SINCE, NOW)
        assert isinstance(found, Missing)
        assert found.code == code
