"""The page: one file that needs nothing else, a plot per feature, and in which hostile words stay words."""

import re
from html.parser import HTMLParser

from reconciler.domain.known import Measured
from reconciler.domain.verdicts import Bin
from reconciler.report.drift_html import drift_page, observe_page, spark_of
from reconciler.report.model_view import MetricView
from reconciler.report.plots import BAR, SPARK_HEIGHT, SPARK_WIDTH, bars_of
from tests.builders import facts
from tests.cases import each
from tests.commands import STEERING
from tests.unit.report.views import GONE, HOSTILE, a_verdict, a_view, measured, seen

VOID = {"meta", "rect", "circle", "polygon", "polyline", "br"}


class Page(HTMLParser):
    """Tags of a page, and whether each is closed where it should be."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def count(self, tag):
        return sum(name == tag for name, _ in self.tags)


PAGES = {
    "drift": lambda: drift_page(a_verdict()),
    "nothing known": lambda: drift_page(a_verdict(facts())),
    "observe": lambda: observe_page([a_view(), a_view(facts())]),
    "no models": lambda: observe_page([]),
    "hostile": lambda: observe_page([a_view(seen(names={"distance": HOSTILE}))]),
}


@each("name", PAGES)
def test_a_page_is_whole_and_needs_no_other_file(name):
    text = PAGES[name]()
    page = Page(text)
    assert page.open == []
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in page.tags}
    assert not any({"src", "href", "onload", "onclick"} & set(attributes) for _, attributes in page.tags)
    assert not re.search(r"https?://|@import|url\(", text)


def test_there_is_a_plot_for_each_feature_prediction_and_label():
    page = Page(drift_page(a_verdict()))
    assert page.count("svg") == 5
    assert page.count("article") == 5
    assert page.count("table") == 5


def test_the_verdict_and_its_reasons_are_on_the_page():
    text = drift_page(a_verdict())
    assert "<strong>Retrain</strong>: what happens no longer follows from the features as the model learnt it" in text
    assert "rocAuc 0.62 [0.61, 0.63] over 3,000 mature rows" in text
    assert "9 things could not be looked at" in drift_page(a_verdict(facts()))


def test_an_estimate_is_marked():
    assert '<strong class="doubt">Estimated</strong>, not measured: 0.66' in observe_page([a_view()])


def test_hostile_names_are_escaped_and_made_visible():
    text = PAGES["hostile"]()
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert not STEERING & set(text)


def test_bars_stand_on_one_scale():
    bars = bars_of((Bin(label="a", reference=0.5, current=0.1), Bin(label="b" * 30, reference=0.0, current=0.25)))
    assert [(one.reference, one.current) for one in bars] == [(BAR, BAR / 5), (0.0, BAR / 2)]
    assert [one.said for one in bars] == ["50.0% → 10.0%", "0.0% → 25.0%"]
    assert bars[1].short == "b" * 17 + "…"
    assert bars_of(()) == ()


def line(*windows):
    return spark_of(MetricView(metric="rocAuc", higher_is_better=True, windows=windows, estimated=GONE, baseline=GONE))


def test_a_line_stays_in_its_room():
    spark = line(measured(0.7), GONE, measured(0.8))
    places = [tuple(map(float, place.split(","))) for place in f"{spark.line} {spark.band}".split()]
    assert all(0 <= x <= SPARK_WIDTH and 0 <= y <= SPARK_HEIGHT for x, y in places)
    assert [x for x, _, _ in spark.dots] == [0.0, SPARK_WIDTH]
    assert spark.dots[0][2] == "0.7 [0.69, 0.71] of 3,000 rows"


@each(
    ("windows", "dots"),
    [
        ((), None),
        ((GONE,), None),
        ((Measured(value=float("nan"), low=0.0, high=1.0, rows=5),), None),
        ((measured(0.7),), 1),
        ((Measured(value=0.5, low=float("-inf"), high=float("inf"), rows=5),), 1),
    ],
)
def test_a_line_of_what_was_measured(windows, dots):
    spark = line(*windows)
    assert (None if spark is None else len(spark.dots)) == dots
