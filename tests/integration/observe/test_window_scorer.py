"""A window is scored once per model and rows; what cannot be scored is Missing, and is tried again."""

import math
import re
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from reconciler.domain.known import Measured, Missing
from reconciler.domain.needs import Lookback, ScoreNeed
from reconciler.domain.releases import digest_of
from tests.builders import DAY, a_dataset
from tests.runs import flights
from tests.scoring import DictMemory, Forgetful, a_package, a_scored_model, a_scorer, without_labels

AUC = ScoreNeed(metric="rocAuc", window=Lookback(length=7 * DAY))
ROWS = flights(200, seed=5)


def measured(need: ScoreNeed = AUC, rows: pl.DataFrame = ROWS, **changes: Any) -> Measured:
    found = a_scorer(**changes).measure(need, rows)
    assert isinstance(found, Measured)
    return found


def test_the_number_is_scikit_learns_own() -> None:
    truth = (ROWS["arr_delay"] >= 15).to_numpy()
    prediction = a_package().predict(ROWS)
    assert measured().value == pytest.approx(roc_auc_score(truth, prediction))
    assert measured(replace(AUC, metric="brier")).value == pytest.approx(brier_score_loss(truth, prediction))


def test_without_an_interval_no_bound_proves_anything() -> None:
    found = measured()
    assert (found.low, found.high, found.rows) == (-math.inf, math.inf, 200)


def test_an_interval_is_measured_when_it_is_asked_for() -> None:
    found = measured(replace(AUC, interval=True))
    assert found.low < found.value < found.high
    assert found.high - found.low < 0.3


def test_the_same_rows_in_other_pieces_are_remembered() -> None:
    memory = DictMemory()
    first = a_scorer(memory).measure(AUC, ROWS)
    pieces = pl.concat([ROWS[:50], ROWS[50:]], rechunk=False)
    assert pieces.n_chunks() == 2
    assert a_scorer(memory).measure(AUC, pieces) == first
    assert memory.hits == 1


def test_the_second_time_the_number_is_remembered_and_the_model_is_not_even_loaded() -> None:
    memory = DictMemory()
    first = a_scorer(memory).measure(AUC, ROWS)
    unloadable = a_scorer(memory, package=replace(a_package(), fitted={"model.skops": b"no model at all"}))
    assert unloadable.measure(AUC, ROWS) == first
    assert memory.hits == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"rows": ROWS.head(199)},
        {"rows": ROWS.with_columns(pl.col("arr_delay") + 1)},
        {"rows": ROWS.with_columns(pl.col("distance").fill_null(0.0))},
        {"need": replace(AUC, metric="brier")},
        {"need": replace(AUC, interval=True)},
        {"package": replace(a_package(), sha256=digest_of("another model"))},
    ],
    ids=["a row less", "other labels", "other features", "another metric", "an interval too", "another model"],
)
def test_what_is_not_the_same_is_measured_anew(changed: dict[str, Any]) -> None:
    memory = DictMemory()
    a_scorer(memory).measure(AUC, ROWS)
    need, rows = changed.pop("need", AUC), changed.pop("rows", ROWS)
    assert isinstance(a_scorer(memory, **changed).measure(need, rows), Measured)
    assert (memory.hits, len(memory.kept)) == (0, 2)


def test_more_resamples_are_another_measurement() -> None:
    memory, need = DictMemory(), replace(AUC, interval=True)
    for resamples in (2000, 2500):
        a_scorer(memory, model=a_scored_model(bootstrap=resamples)).measure(need, ROWS)
    assert len(memory.kept) == 2


def test_the_window_itself_is_no_part_of_the_number() -> None:
    memory = DictMemory()
    first = a_scorer(memory).measure(AUC, ROWS)
    later = replace(AUC, window=Lookback(length=14 * DAY, index=3))
    assert a_scorer(memory).measure(later, ROWS) == first
    assert memory.hits == 1


@pytest.mark.parametrize("junk", [b"", b"{}", b'{"value": NaN, "low": 0, "high": 1, "rows": 9}', b"\xff"])
def test_a_damaged_memory_is_mended(junk: bytes) -> None:
    memory = DictMemory()
    first = a_scorer(memory).measure(AUC, ROWS)
    memory.kept = dict.fromkeys(memory.kept, junk)
    assert a_scorer(memory).measure(AUC, ROWS) == first
    assert list(memory.kept.values()) != [junk]


def test_a_memory_that_keeps_nothing_changes_no_number() -> None:
    assert a_scorer(Forgetful()).measure(AUC, ROWS) == a_scorer().measure(AUC, ROWS)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (ROWS.clear(), "0 rows|no rows"),
        (without_labels(ROWS), "0 rows|no rows"),
        (without_labels(ROWS, math.nan), "0 rows|no rows"),
        (without_labels(ROWS, 99.0), "class"),
        (without_labels(ROWS, math.inf), "not finite"),
        (ROWS.drop("distance"), "lacks 1 of 2 features: distance"),
        (ROWS.with_columns(pl.col("distance").cast(pl.String) + "km"), "does not hold numbers"),
    ],
    ids=["no rows", "no labels", "NaN labels", "one class only", "infinite labels", "a lost column", "text for numbers"],
)
def test_what_cannot_be_scored_is_missing_with_the_reason_and_is_not_remembered(rows: pl.DataFrame, words: str) -> None:
    memory = DictMemory()
    found = a_scorer(memory).measure(AUC, rows)
    assert isinstance(found, Missing)
    assert re.search(words, found.why), found
    assert memory.kept == {}


def test_a_spec_that_moved_on_to_another_label_is_not_scored() -> None:
    moved = a_dataset(
        label={"column": "dep_delay", "delay": "1d"},
        columns=[{"name": "scheduled", "type": "time"}, {"name": "dep_delay", "type": "number", "known": "after"}],
    )
    found = a_scorer(dataset=moved).measure(AUC, ROWS.rename({"arr_delay": "dep_delay"}))
    assert isinstance(found, Missing)
    assert found.why == "the released flight-delay predicts arr_delay (binary), the spec now wants dep_delay (binary)"


def test_rows_whose_label_is_nan_change_nothing() -> None:
    gaps = pl.concat([ROWS, without_labels(flights(20, seed=8), math.nan)])
    assert measured(rows=gaps) == measured()
