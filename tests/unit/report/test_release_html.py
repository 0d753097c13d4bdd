"""The page of a candidate or a release: everything is on it, nothing on it is markup of others, and it needs nothing else."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from reconciler.domain.evidence import NoBaseline
from reconciler.domain.known import Measured
from reconciler.domain.measured.calibration import Bin
from reconciler.render.sections import sections_of
from reconciler.report.plots import SQUARE, WHISKERS, Interval, reliability_of, whiskers_of
from reconciler.report.release_html import gains_of, plain_table, release_page
from tests.builders import a_candidate, a_comparison, a_gain, a_model, a_review, evidence, first_evidence
from tests.commands import STEERING
from tests.measured import full_evidence
from tests.reviews import a_full_review, made_hostile

PAGE = release_page(a_full_review())
VOID = {"meta", "link", "br", "img", "input"}


class Tags(HTMLParser):
    """Counts what is opened, closed and named."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_everything_that_is_known_is_on_the_page():
    for section in sections_of(full_evidence()):
        assert f"<h4>{section.title}</h4>".replace("'", "&#39;") in PAGE
    for text in ("REJECTED", "OVERRIDDEN", "drifted", "Gain over the live model", "The training cost 0.42 USD", "+0.02 (+0.0102"):
        assert text in PAGE


def test_it_is_one_well_formed_file_that_asks_for_nothing():
    tags = Tags(PAGE)
    assert tags.open == []
    assert not tags.seen & {"script", "link", "img", "iframe", "object", "form"}
    assert not {name for name in tags.attributes if name.startswith("on")} | (tags.attributes & {"src", "href", "style"})
    assert "default-src 'none'" in PAGE
    assert not re.search(r"https?://", PAGE)


def test_nothing_that_others_wrote_is_markup():
    hostile = '</td><script>alert(1)</script>" onload=x &amp; \x1b[2J\u202e'
    page = release_page(made_hostile(a_full_review(), hostile))
    tags = Tags(page)
    assert tags.open == []
    assert "script" not in tags.seen
    assert "onload" not in tags.attributes
    assert not STEERING & set(page)


@pytest.mark.parametrize(
    "review",
    [
        a_review(),
        a_review(candidate=a_candidate(evidence=first_evidence()), champion=None),
        a_review(candidate=a_candidate(evidence=evidence(comparison=NoBaseline()), reason="")),
    ],
    ids=["usual", "first", "no reason"],
)
def test_a_page_with_gaps_is_whole_and_the_same_twice(review):
    page = release_page(review)
    assert Tags(page).open == []
    assert page == release_page(review)
    assert "What it was not tested for" in page


def test_each_gain_has_its_own_scale_and_its_colour_says_whether_it_is_sure():
    some = (a_gain(gain=0.2, spread=0.01), a_gain("brier", gain=-0.001, spread=0.002), a_gain("f1", gain=-1, spread=0.1))
    found = a_candidate(evidence=evidence(comparison=a_comparison(*some)))
    better, open_, worse = gains_of(a_review(candidate=found, model=a_model(metrics=["rocAuc", "brier", "f1"])))
    assert [one.sure for one in (better, open_, worse)] == ["good", "open", "bad"]
    assert better.high == WHISKERS
    assert open_.low == 0.0
    assert better.low < better.value < better.high
    assert [one.y for one in (better, open_, worse)] == sorted({one.y for one in (better, open_, worse)})
    assert gains_of(a_review(candidate=a_candidate(evidence=first_evidence()))) == ()


def test_intervals_on_one_scale_compare_and_what_is_no_number_is_left_out():
    some = [Interval(label=str(far), low=-far, value=0.0, high=far, said="") for far in (1.0, 4.0, float("nan"))]
    near, far = whiskers_of(some, together=True)
    assert (near.low, near.value, near.high) == (WHISKERS * 3 / 8, WHISKERS / 2, WHISKERS * 5 / 8)
    assert (far.low, far.high) == (0.0, WHISKERS)
    nothing = whiskers_of([Interval(label="", low=0.0, value=0.0, high=0.0, said="")], together=False)
    assert nothing[0].value == WHISKERS / 2


def test_what_was_said_goes_to_the_right_and_what_happened_upwards():
    ((x, y, said),) = reliability_of([Bin(predicted=0.25, observed=1.0, rows=1234)])
    assert (x, y) == (SQUARE / 4, 0.0)
    assert said == "said 25.0%, happened 100.0%, 1,234 rows"


def test_changed_lines_keep_their_spaces():
    assert '<span class="bad">-  training: {holdout: 21d}</span>\n<span class="good">+  training: {holdout: 14d}</span>' in PAGE


def test_a_table_on_the_page_leaves_drawing_to_the_page():
    section = next(one for one in sections_of(full_evidence()) if one.title == "What the model leans on")
    assert plain_table(section.table).head == ("feature", "share", "95 %", "live", "shift")
    assert plain_table(section.table).right == {1, 3, 4}


def test_a_metric_without_an_interval_is_on_the_page():
    measured = Measured(value=0.7, low=float("-inf"), high=float("inf"), rows=10)
    assert "0.7" in release_page(a_review(candidate=replace(a_candidate(), evidence=evidence(metrics={"rocAuc": measured}))))
