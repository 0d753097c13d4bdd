"""What people see of each model: numbers with their intervals, estimates marked, and of what is missing the reason."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from reconciler.domain.facts import LabelFacts
from reconciler.domain.known import Measured
from reconciler.domain.live import ConceptDrift, QualityCheck, QualityFinding
from reconciler.domain.needs import BusinessNeed, ConceptNeed, MaturityNeed, QualityNeed
from reconciler.observe.asked import WEEK, estimate_need
from reconciler.report.model_view import Spent, spent
from reconciler.report.observe_json import observe_json
from reconciler.report.observe_text import age, measured_text, number_text, observe_text, spent_text
from tests.builders import DAY, NOW, a_release, facts
from tests.cases import each
from tests.commands import STEERING
from tests.unit.report.views import GONE, HOSTILE, NEWEST, a_view, measured, quality, seen, the_model, with_live


def lines(found=None, width=140, model=None):
    """Each line with its name, the name's padding gone."""
    return [" ".join(one.split()) for one in observe_text([a_view(found, model)], width=width).splitlines()]


@each(
    "line",
    [
        "flight-delay at 2013-06-01T12:00:00Z, windows of 7d",
        "new rows 4,321 since the newest training",
        "new labels 3,120 mature ones since the newest training, the newest of 2013-05-30T12:00:00Z; known after 2d",
        "label lag 30.0 hours in the median, 2.9 days for 95% of the newest 5,000",
        "maturity 3,900 of 4,000 rows that are due have their label (98%)",
        "rocAuc 0.62 [0.61, 0.63] of 3,000 rows ██████▁▁",
        "0.72 [0.71, 0.73] of 3,000 rows in the evidence",
        "estimated, not measured: 0.66 [0.65, 0.67] of 3,000 rows",
        "quality 0 findings in 4,000 rows; 11 of 11 checks could be made",
        "concept 1 change of the loss (brier) in 11,500 mature rows; the newest at 2013-05-23T12:00:00Z: 0.18 to 0.24, sudden",
        "drift 67% of 3 features drifted",
        "revenue 1,234,567.80 over 7d",
        "cost 1 training in 30 days, 90.0 minutes of the 1 that were measured, 3.50 USD",
        "fleet 2 trainings in 30 days, 2.0 hours of the 2 that were measured, 1.25 EUR, 3.50 USD",
    ],
)
def test_a_line_for_everything_that_was_seen(line):
    assert line in lines()


@each(
    ("change", "line"),
    [
        ({"rows": GONE}, "new rows ? data/flights.csv has no column distance"),
        ({"lag": GONE}, "label lag ? data/flights.csv has no column distance"),
        ({"maturity": {MaturityNeed(window=NEWEST): GONE}}, "maturity ? data/flights.csv has no column distance"),
        ({"quality": {QualityNeed(window=NEWEST): GONE}}, "quality ? data/flights.csv has no column distance"),
        ({"quality": {}}, "quality ? it was not measured"),
        ({"concept": {ConceptNeed(): GONE}}, "concept ? data/flights.csv has no column distance"),
        (
            {"business": {BusinessNeed(metric="revenue", window=NEWEST): GONE}},
            "revenue ? data/flights.csv has no column distance",
        ),
    ],
)
def test_what_is_missing_says_why_in_one_line(change, line):
    assert line in lines(with_live(seen(), **change))


def test_of_a_model_that_nobody_looked_at_nothing_is_claimed():
    told = lines(facts(releases={}))
    assert "release nothing is released to production yet" in told
    assert "rocAuc ? it was not measured" in told
    assert "no estimate: it was not measured" in told
    assert "drift no feature could be compared" in told
    assert "? 9 things are not known: perennial drift flight-delay" in told


def test_findings_follow_the_quality_line():
    spike = QualityFinding(check=QualityCheck.NULL_SPIKE, column="hour", message="50% are missing, 0% in the reference")
    told = lines(with_live(seen(), quality={QualityNeed(window=NEWEST): quality(spike)}))
    index = told.index("quality 1 finding in 4,000 rows; 11 of 11 checks could be made")
    assert told[index + 1] == "! nullSpike 50% are missing, 0% in the reference"
    assert any(one.startswith("verdict fix the source (dataQuality,") for one in told)


def test_small_things_are_said_rightly():
    unchanged = {ConceptNeed(): ConceptDrift(rows=700, loss="brier", changes=(), kind=None)}
    no_labels = LabelFacts(delay=DAY, new=0, newest=None)
    told = lines(replace(with_live(seen(), concept=unchanged), labels=no_labels))
    assert "concept 0 changes of the loss (brier) in 700 mature rows" in told
    assert "new labels 0 mature ones since the newest training; known after 1d" in told


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(width):
    views = [a_view(), a_view(facts())]
    assert max(len(one) for one in observe_text(views, width=width).splitlines()) <= width


def test_long_names_stay_apart_from_their_numbers():
    model = the_model(business=[{"name": "aVeryLongBusinessMetric", "column": "distance"}])
    assert "aVeryLongBusinessMetric ? it was not measured" in lines(model=model)


def test_hostile_words_stay_words():
    finding = QualityFinding(check=QualityCheck.NEW_COLUMN, column=HOSTILE, message=HOSTILE)
    view = a_view(with_live(seen(), quality={QualityNeed(window=NEWEST): quality(finding)}))
    assert not STEERING & set(observe_text([view]))
    assert observe_json([view]).isascii()


def test_no_models():
    assert observe_text([]) == "There are no models.\n"
    assert json.loads(observe_json([])) == {"models": []}


def test_json_has_everything_and_says_what_is_missing():
    found = seen()
    gone = replace(found, scores={**found.scores, estimate_need("rocAuc", WEEK): GONE})
    (model,) = json.loads(observe_json([a_view(gone)]))["models"]
    assert (model["model"], model["at"], model["window"]) == ("flight-delay", "2013-06-01T12:00:00Z", 604_800.0)
    assert model["running"]["digest"] == a_release().digest
    assert [one["value"] for one in model["metrics"][0]["windows"][-2:]] == [0.62, 0.62]
    assert model["metrics"][0]["estimated"] == {"type": "missing", "code": "rowsUnreadable", "why": GONE.why}
    assert model["verdict"]["remedy"] == "retrain"
    assert model["fleet"] == {"trainings": 2, "measured": 2, "seconds": 7200.0, "cost": {"EUR": 1.25, "USD": 3.5}}


@each(
    ("span", "text"),
    [
        (timedelta(seconds=5), "5 seconds"),
        (timedelta(minutes=2), "2.0 minutes"),
        (timedelta(hours=47), "47.0 hours"),
        (timedelta(days=2), "2.0 days"),
        (timedelta(), "0 seconds"),
    ],
)
def test_a_span_in_the_unit_that_fits(span, text):
    assert age(span) == text


@each(
    ("value", "text"), [(0.5, "0.5"), (1234.5, "1,234.50"), (-1e6, "-1,000,000.00"), (1e20, "1e+20"), (0.000123456, "0.0001235")]
)
def test_a_number_in_few_signs(value, text):
    assert number_text(value) == text


def test_an_interval_that_nobody_asked_for_is_not_shown():
    assert measured_text(Measured(value=0.5, low=float("-inf"), high=float("inf"), rows=10)) == "0.5 of 10 rows"
    assert measured_text(measured(0.5, 10)) == "0.5 [0.49, 0.51] of 10 rows"
    assert measured_text(GONE) == GONE.why


def test_what_was_spent():
    assert spent_text(Spent(trainings=0, measured=0, seconds=0.0, cost={})) == "0 trainings in 30 days"
    assert spent_text(Spent(trainings=2, measured=0, seconds=0.0, cost={})) == "2 trainings in 30 days, no price was declared"
    assert spent(seen().fleet, NOW, "nobody").trainings == 0
    assert spent(seen().fleet, NOW + 100 * DAY).trainings == 0
