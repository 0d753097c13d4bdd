"""All that is asked of others than the rows, through one observation: Prometheus, alerts, a database, a column, stored days."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from reconciler.adapters.fakes.alerts import FakeAlerts
from reconciler.adapters.fakes.database import FakeDatabase
from reconciler.adapters.fakes.metrics import FakeMetrics
from reconciler.adapters.fakes.schemas import FakeSchemas
from reconciler.adapters.fakes.store import FakeStore
from reconciler.domain.known import Known, Missing
from reconciler.domain.live import Alert, LiveQuality, Point, QualityCheck
from reconciler.domain.needs import (
    AlertNeed,
    BusinessNeed,
    ConceptNeed,
    Lookback,
    MaturityNeed,
    Need,
    Population,
    ProfileNeed,
    PromqlNeed,
    QualityNeed,
    SkewNeed,
)
from reconciler.domain.profiles import Profile
from reconciler.observe.rows import RowFacts, observe_rows
from tests.builders import DAY
from tests.observing import AUC, NOW, SHAPE, WEEK, Unreadable, View, back
from tests.scoring import a_scored_model
from tests.snapshots import FIRST, hourly

Views = Callable[..., View]
HOUR = timedelta(hours=1)
ALERT = Alert(name="LateFlights", labels={"alertname": "LateFlights"}, firing=True, starts_at=NOW - HOUR)
BUSINESS = [
    {"name": "miles", "column": "distance", "aggregate": "sum"},
    {"name": "price", "column": "price"},
    {"name": "sales", "query": "SELECT 1", "url": "sqlite:///sales.db"},
    {"name": "errors", "promql": "errors[$window]"},
]
ERRORS, SALES, MILES, PRICE = (BusinessNeed(metric=name, window=WEEK) for name in ("errors", "sales", "miles", "price"))
UP, RANGE = PromqlNeed(query="up"), PromqlNeed(query="up", over=2 * HOUR, step=HOUR)
ALERTS = AlertNeed(file="alerts/*.json")
QUALITY, MATURITY, CONCEPT = QualityNeed(window=WEEK), MaturityNeed(window=WEEK), ConceptNeed()
PREDICTIONS = ProfileNeed(window=WEEK, population=Population.PREDICTIONS)
EVERYTHING: tuple[Need, ...] = (
    *(ERRORS, SALES, MILES, PRICE, UP, RANGE, ALERTS, QUALITY, MATURITY, CONCEPT, PREDICTIONS, SHAPE, AUC),
    SkewNeed(window=WEEK),
)


def ports() -> dict[str, Any]:
    """Everything that can be configured."""
    points = [Point(at=NOW - hours * HOUR, value=float(hours)) for hours in (2, 1, 0)]
    return {
        "metrics": FakeMetrics({"up": [points], "errors[7d]": [points]}),
        "alerts": FakeAlerts({"alerts/a.json": [ALERT]}),
        "database": FakeDatabase({"SELECT 1": lambda start, end: (end - start) / DAY}),
        "store": FakeStore(),
    }


@pytest.fixture
def seen_of(view_of: Views) -> Views:
    """A fresh view of rows whose source has no column `price`."""

    def make(rows: pl.DataFrame | None = None) -> View:
        return replace(view_of(), data=Unreadable(hourly(60) if rows is None else rows, "price"))

    return make


def see(view: View, *needs: Need, model: Any = None, now: Any = NOW, **changes: Any) -> RowFacts:
    subject = view.subject(model=a_scored_model(business=BUSINESS, **(model or {})), now=now)
    return observe_rows(subject, needs or EVERYTHING, replace(view.readers(now), **changes))


def code_of(found: Known[Any]) -> str:
    return found.code if isinstance(found, Missing) else ""


def test_everything_is_answered_in_one_look(seen_of: Views) -> None:
    live = see(seen_of(), **ports()).live
    frame = hourly(60)
    assert live.series == {UP: (Point(at=NOW, value=0.0),), RANGE: tuple(Point(at=NOW - h * HOUR, value=h) for h in (2, 1, 0))}
    assert live.alerts == {ALERTS: (ALERT,)}
    assert live.business[SALES] == 7.0
    assert live.business[ERRORS] == 0.0
    assert live.business[MILES] == sum(frame.filter([NOW - 7 * DAY <= at < NOW for at in frame["scheduled"]])["distance"])
    assert code_of(live.business[PRICE]) == "rowsUnreadable"
    assert isinstance(live.quality[QUALITY], LiveQuality)
    assert code_of(live.skew[SkewNeed(window=WEEK)]) == "notLogged"


def test_what_is_not_configured_is_missing_and_stops_nothing_else(seen_of: Views) -> None:
    found = see(seen_of(), ERRORS, SALES, UP, ALERTS, SHAPE)
    live = found.live
    codes = {code_of(one) for one in (live.business[ERRORS], live.business[SALES], live.series[UP], live.alerts[ALERTS])}
    assert codes == {"notConfigured"}
    assert isinstance(found.profiles[WEEK], Profile)


@pytest.mark.parametrize("change", [{"champion": None, "newest": None}, {}], ids=["nothing released", "bytes are gone"])
def test_without_a_model_all_that_needs_none_is_still_answered(seen_of: Views, change: dict[str, Any]) -> None:
    view = seen_of()
    if not change:
        view = replace(view, store=replace(view.store, files={}))
    subject = view.subject(model=a_scored_model(business=BUSINESS), **change)
    found = observe_rows(subject, EVERYTHING, replace(view.readers(), **ports()))
    code = "noRelease" if change else "artifactUnreadable"
    live = found.live
    needy = (live.outcomes, live.populations[PREDICTIONS], live.concept[CONCEPT], live.quality[QUALITY], found.scores[AUC])
    assert {code_of(one) for one in needy} == {code}
    assert live.business[SALES] == 7.0
    assert code_of(live.maturity[MATURITY]) == ""


def test_every_need_has_an_answer_whatever_is_seen(seen_of: Views) -> None:
    for now in (NOW, FIRST - 100 * DAY, FIRST + 900 * DAY):
        found = see(seen_of(), now=now, **ports())
        live = found.live
        told = (live.populations, live.quality, live.maturity, live.skew, live.concept, live.business, live.series, live.alerts)
        answered = {need for answers in told for need in answers} | set(found.scores)
        assert answered | {SHAPE} == set(EVERYTHING)
        assert set(found.profiles) == {WEEK}


def test_a_second_look_changes_nothing_and_writes_nothing(seen_of: Views) -> None:
    view, given = seen_of(), ports()
    first = see(view, **given)
    kept, remembered = dict(given["store"].contents), dict(view.memory.kept)
    assert len(kept) == 6
    assert see(view, **given) == first
    assert (given["store"].contents, view.memory.kept) == (kept, remembered)


def test_nothing_after_now_is_read(seen_of: Views) -> None:
    view = seen_of()
    see(view, **ports())
    assert view.data.asked
    assert all(query.end is not None and query.end <= NOW for query in view.data.asked)
    future = hourly(60).with_columns(
        pl.when(pl.col("scheduled") >= NOW).then(-1.0).otherwise(pl.col("distance")).alias("distance")
    )
    assert see(seen_of(future), **ports()) == see(seen_of(), **ports())


def test_a_store_with_all_days_is_as_good_as_the_rows(seen_of: Views) -> None:
    view, store = seen_of(), FakeStore()
    plain = see(view, SHAPE, back(SHAPE, 1)).profiles
    full = see(view, SHAPE, back(SHAPE, 1), store=store).profiles
    assert see(view, SHAPE, back(SHAPE, 1), store=store).profiles == full == plain


def test_another_contract_of_the_same_name_has_days_of_its_own(seen_of: Views) -> None:
    view, store = seen_of(), FakeStore()
    for path in ("data/flights.csv", "data/other.csv"):
        source = {"source": {"type": "file", "path": path, "format": "csv"}}
        observe_rows(view.subject(dataset=source), [SHAPE], replace(view.readers(), store=store))
    assert len(store.contents) == 2 * 6
    assert len({name.rsplit("/", 1)[0] for name in store.contents}) == 2


def test_columns_that_are_gone_are_found_and_the_rest_is_still_checked(seen_of: Views) -> None:
    view = replace(seen_of(), data=Unreadable(hourly(60), "carrier"))
    columns = {"scheduled": "Datetime", "distance": "Float64", "arr_delay": "Float64"}
    source = view.subject().dataset.spec.source.source()
    found = see(view, QUALITY, schemas=FakeSchemas({source: columns})).live.quality[QUALITY]
    assert isinstance(found, LiveQuality)
    assert [(one.check, one.column) for one in found.findings] == [(QualityCheck.MISSING_COLUMN, "carrier")]
    assert QualityCheck.VOLUME in found.evaluated


def test_windows_of_hours_lie_where_they_were_asked_for(seen_of: Views) -> None:
    needs = [ProfileNeed(window=Lookback(length=5 * HOUR, index=index)) for index in range(7)]
    found = see(seen_of(), *needs, now=NOW + 90 * timedelta(minutes=1), store=FakeStore()).profiles
    assert [one.rows for one in found.values() if isinstance(one, Profile)] == [5] * 7
