"""`observe: log` over real Parquet logs: late, doubled and corrected labels, the champion's answers only, and skew."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sklearn.metrics import roc_auc_score

from reconciler.adapters.fakes.store import FakeStore
from reconciler.adapters.logs import ParquetLogs
from reconciler.adapters.logs.append import LabelLog, PredictionLog
from reconciler.domain.facts import LiveFacts
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.live import ConceptDrift, FeatureSkew, LabelLag, Maturity, Skew
from reconciler.domain.needs import BusinessNeed, ConceptNeed, MaturityNeed, Population, ProfileNeed, ScoreNeed, SkewNeed
from reconciler.domain.profiles import Profile
from reconciler.observe.rows import RowFacts, observe_rows
from reconciler.specs.model import Target, Task
from tests.builders import DAY
from tests.observing import AUC, NOW, SHAPE, WEEK, View, a_view, back
from tests.scoring import a_contract, a_package, a_scored_model, an_artifact, zip_of
from tests.snapshots import hourly

Views = Callable[..., View]
HOUR = timedelta(hours=1)
MATURE = NOW - DAY
MODEL = "flight-delay"
COLUMNS = [
    {"name": "scheduled", "type": "time"},
    {"name": "flight", "type": "integer"},
    {"name": "distance", "type": "number"},
    {"name": "carrier", "type": "category"},
    {"name": "arr_delay", "type": "number", "known": "after"},
]
SOURCE = hourly(60).with_row_index("flight").with_columns(pl.col("flight").cast(pl.Int64))
LOGGED = SOURCE.filter((pl.col("scheduled") >= NOW - 20 * DAY) & (pl.col("scheduled") < NOW))


class Served:
    """A model that is watched by its logs, which serving and a label job fill."""

    def __init__(self, view: View, folder: Path) -> None:
        self.view, self.address, self.store = view, str(folder / "logs"), FakeStore()
        self.digest = view.champion().digest

    def predictions(self, rows: pl.DataFrame = LOGGED, *, digest: str = "", answer: Any = None) -> pl.DataFrame:
        """What serving logs of the rows: by default an answer between 0 and 1 that is right more often than not."""
        right = ((pl.col("arr_delay").fill_null(0) + 10 + pl.col("flight") * 7 % 31) / 80).clip(0, 1)
        return rows.select(
            pl.col("flight").cast(pl.String).alias("id"),
            pl.col("scheduled").alias("time"),
            pl.lit(digest or self.digest).alias("digest"),
            (right if answer is None else pl.lit(answer)).cast(pl.Float64).alias("prediction"),
            "distance",
            "carrier",
        )

    def serve(self, *args: Any, **changes: Any) -> None:
        PredictionLog(self.address).append(MODEL, self.predictions(*args, **changes))

    def label(self, rows: pl.DataFrame, lag: timedelta = HOUR, value: pl.Expr | None = None) -> None:
        """The labels of the rows become known so long after their events."""
        labelled = rows.drop_nulls("arr_delay").select(
            pl.col("flight").cast(pl.String).alias("id"),
            (pl.col("arr_delay") if value is None else value).alias("label"),
            (pl.col("scheduled") + lag).alias("known"),
        )
        LabelLog(self.address).append(MODEL, labelled)

    def see(self, *needs: Any, now: datetime = NOW, **model: Any) -> RowFacts:
        subject = self.view.subject(
            now=now, model=a_scored_model(observe="log", **model), dataset={"identifier": "flight", "columns": COLUMNS}
        )
        source = replace(self.view.readers(now), logs=ParquetLogs(self.address), store=self.store)
        return observe_rows(subject, needs, source)


@pytest.fixture
def served(view_of: Views, tmp_path: Path) -> Served:
    return Served(view_of(SOURCE), tmp_path)


def auc(rows: pl.DataFrame) -> float:
    """Of logged answers, in scikit-learn's own words."""
    known = rows.drop_nulls(["arr_delay", "prediction"])
    return float(roc_auc_score((known["arr_delay"] >= 15).to_numpy(), known["prediction"].to_numpy()))


def mature_week(served: Served, rows: pl.DataFrame = LOGGED) -> pl.DataFrame:
    with_answers = rows.hstack(served.predictions(rows).select("prediction"))
    return with_answers.filter([MATURE - 7 * DAY <= at < MATURE for at in rows["scheduled"]])


def score(found: Known[Measured]) -> tuple[float, int]:
    assert isinstance(found, Measured)
    return found.value, found.rows


def test_scores_are_of_the_logged_answers(served: Served) -> None:
    served.serve()
    served.label(LOGGED)
    rows = mature_week(served)
    found = served.see(AUC).scores[AUC]
    assert score(found) == (pytest.approx(auc(rows)), rows.drop_nulls("arr_delay").height)


def test_only_what_the_champion_answered_is_scored(served: Served) -> None:
    even, odd = (LOGGED.filter(pl.col("flight") % 2 == rest) for rest in (0, 1))
    served.serve(even)
    served.serve(odd, digest="sha256:before", answer=0.5)
    served.label(LOGGED)
    rows = mature_week(served, even)
    live = served.see(AUC, SHAPE, ConceptNeed())
    assert score(live.scores[AUC]) == (pytest.approx(auc(rows)), rows.drop_nulls("arr_delay").height)
    concept = live.live.concept[ConceptNeed()]
    assert isinstance(concept, ConceptDrift)
    known = even.filter([at < MATURE for at in even["scheduled"]]).drop_nulls("arr_delay")
    assert concept.rows == known.height
    shape = live.profiles[WEEK]
    assert isinstance(shape, Profile)
    assert shape.rows == 7 * 24  # what comes in is of the stream, whoever answered


def test_labels_that_come_twice_late_or_corrected_count_once_as_they_are_by_now(served: Served) -> None:
    served.serve()
    served.label(LOGGED)
    served.label(LOGGED)
    first = served.see(AUC).scores[AUC]
    corrected = LOGGED.filter(pl.col("flight") % 5 == 0)
    served.label(corrected, 2 * HOUR, value=30 - pl.col("arr_delay"))
    served.label(LOGGED.filter(pl.col("flight") % 5 == 1), 90 * DAY, value=pl.lit(99.0))  # corrected long after now
    expected = LOGGED.with_columns(
        pl.when(pl.col("flight") % 5 == 0).then(30 - pl.col("arr_delay")).otherwise(pl.col("arr_delay")).alias("arr_delay")
    )
    answers = served.predictions().select("prediction")
    rows = expected.hstack(answers).filter([MATURE - 7 * DAY <= at < MATURE for at in LOGGED["scheduled"]])
    found = served.see(AUC).scores[AUC]
    assert score(found) == (pytest.approx(auc(rows)), rows.drop_nulls("arr_delay").height)
    assert found != first


def test_labels_that_are_late_make_the_window_immature_and_the_lag_long(served: Served) -> None:
    need = MaturityNeed(window=WEEK)
    served.serve()
    served.label(LOGGED, 4 * DAY)
    live = served.see(need).live
    there = LOGGED.filter([MATURE - 7 * DAY <= at < NOW - 4 * DAY for at in LOGGED["scheduled"]]).drop_nulls("arr_delay")
    assert live.maturity[need] == Maturity(rows=168, labelled=there.height)
    assert isinstance(live.lag, LabelLag)
    assert live.lag.median == live.lag.p95 == 4 * DAY


def test_an_answer_that_is_missing_is_neither_right_nor_wrong(served: Served) -> None:
    answered, failed = (LOGGED.filter(keep) for keep in (pl.col("flight") % 3 > 0, pl.col("flight") % 3 == 0))
    served.serve(answered)
    PredictionLog(served.address).append(MODEL, served.predictions(failed).with_columns(prediction=None))
    served.label(LOGGED)
    rows = mature_week(served, answered)
    assert score(served.see(AUC).scores[AUC]) == (pytest.approx(auc(rows)), rows.drop_nulls("arr_delay").height)


def test_skew_is_told_row_by_row(served: Served) -> None:
    need = SkewNeed(window=WEEK)
    served.serve(
        LOGGED.with_columns(pl.when(pl.col("flight") % 2 == 0).then(1.0).otherwise(pl.col("distance")).alias("distance"))
    )
    found = served.see(need).live.skew[need]
    features = {"distance": FeatureSkew(rows=168, different=84), "carrier": FeatureSkew(rows=168, different=0)}
    assert found == Skew(matched=168, unmatched=0, features=features)


def test_days_are_kept_under_the_log_and_a_second_look_writes_nothing(served: Served) -> None:
    needs = [SHAPE, back(SHAPE, 1), AUC, ConceptNeed(), MaturityNeed(window=WEEK)]
    served.serve()
    served.label(LOGGED)
    first = served.see(*needs)
    assert len(served.store.contents) == 13
    assert all("/log-" in name for name in served.store.contents)
    kept, remembered = dict(served.store.contents), dict(served.view.memory.kept)
    assert served.see(*needs) == first
    assert (served.store.contents, served.view.memory.kept) == (kept, remembered)


def test_without_a_log_nothing_was_served(served: Served) -> None:
    predictions = ProfileNeed(window=WEEK, population=Population.PREDICTIONS)
    business = BusinessNeed(metric="miles", window=WEEK)
    found = served.see(SHAPE, AUC, predictions, business, business=[{"name": "miles", "column": "distance", "aggregate": "sum"}])
    shape = found.profiles[WEEK]
    assert isinstance(shape, Profile)
    assert shape.rows == 0
    assert isinstance(found.scores[AUC], Missing)
    assert found.live.business[business] == 0.0


def test_a_window_before_the_log_began_is_empty(served: Served) -> None:
    served.serve()
    served.label(LOGGED)
    early = back(SHAPE, 4)
    found = served.see(early, back(AUC, 4))
    shape = found.profiles[early.window]
    assert isinstance(shape, Profile)
    assert shape.rows == 0
    assert isinstance(found.scores[back(AUC, 4)], Missing)


def test_a_feature_that_serving_does_not_log_is_named(served: Served) -> None:
    PredictionLog(served.address).append(MODEL, served.predictions().drop("carrier"))
    found = served.see(SHAPE).profiles[WEEK]
    assert isinstance(found, Missing)
    assert "carrier" in found.why


def test_a_file_that_is_no_parquet_stops_only_what_needs_the_log(served: Served) -> None:
    served.serve()
    (Path(served.address) / MODEL / "predictions" / "day=2013-02-08" / "torn.parquet").write_bytes(b"PAR1")
    found = served.see(SHAPE, AUC)
    assert isinstance(found.scores[AUC], Missing)
    assert "torn.parquet" in found.scores[AUC].why
    assert isinstance(found.live, LiveFacts)
    assert found.live.rows == 24 * 31  # of the source, from the end of the champion's data on


def of_task(view: View, folder: Path, **contract: Any) -> Served:
    """A view whose champion answers another question; only its log says what it answered."""
    package = replace(a_package(), contract=a_contract(target=Target(), **contract))
    artifact = an_artifact(folder / "other.zip", zip_of(package))
    return Served(replace(a_view(view.repository, artifact, folder / "other.zip"), data=view.data), folder)


def test_answers_of_several_classes_are_read_by_their_names(view_of: Views, tmp_path: Path) -> None:
    bands = [{"name": "early", "below": 0.0}, {"name": "due", "below": 15.0}, {"name": "late"}]
    classes = ("early", "due", "late")
    served = of_task(view_of(SOURCE), tmp_path, task=Task.MULTICLASS, classes=classes, bounds=(0.0, 15.0))
    label = pl.col("arr_delay").fill_null(0)
    shares = {
        "late": (label >= 15) * 0.8 + 0.1,
        "early": (label < 0) * 0.8 + 0.05,
        "due": label.is_between(0, 15, closed="left") * 0.8,
    }
    answers = LOGGED.select(value.alias(f"prediction:{name}") for name, value in shares.items())
    PredictionLog(served.address).append(MODEL, served.predictions().drop("prediction").hstack(answers))
    served.label(LOGGED)
    need = ScoreNeed(metric="accuracy", window=WEEK)
    model: dict[str, Any] = {"task": "multiclass", "target": {"classes": bands}, "metrics": ["accuracy"]}
    found = served.see(need, ConceptNeed(), **model)
    assert score(found.scores[need]) == (1.0, mature_week(served).drop_nulls("arr_delay").height)
    concept = found.live.concept[ConceptNeed()]
    assert isinstance(concept, ConceptDrift)
    assert concept.loss == "squaredError"


def test_answers_of_a_regression_are_numbers(view_of: Views, tmp_path: Path) -> None:
    served = of_task(view_of(SOURCE), tmp_path, task=Task.REGRESSION, classes=(), bounds=())
    served.serve(answer=5.0)
    served.label(LOGGED)
    need = ScoreNeed(metric="mae", window=WEEK)
    found = served.see(need, task="regression", target={}, metrics=["mae"])
    known = mature_week(served).drop_nulls("arr_delay")["arr_delay"]
    assert score(found.scores[need]) == (pytest.approx((known - 5.0).abs().mean()), known.len())


def test_a_model_that_answered_another_question_is_not_scored(view_of: Views, tmp_path: Path) -> None:
    served = of_task(view_of(SOURCE), tmp_path, task=Task.REGRESSION, classes=(), bounds=())
    served.serve()
    served.label(LOGGED)
    found = served.see(AUC).scores[AUC]
    assert isinstance(found, Missing)
    assert "the spec now wants arr_delay (binary)" in found.why
