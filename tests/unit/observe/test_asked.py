"""What people are shown is a fixed set of needs."""

from datetime import timedelta

from reconciler.domain.facts import NOT_ASKED
from reconciler.domain.live import Separation
from reconciler.domain.needs import (
    BusinessNeed,
    ConceptNeed,
    DomainNeed,
    Lookback,
    MaturityNeed,
    ProfileNeed,
    QualityNeed,
    ScoreNeed,
    SkewNeed,
    Slice,
)
from reconciler.observe.asked import WEEK, evidence_of, needs_for_people, needs_together
from tests.builders import DAY, NOW, a_model, a_release, facts
from tests.cases import each
from tests.unit.report.views import seen, the_model, with_live


def count(kind, **changes):
    return sum(isinstance(need, kind) for need in needs_for_people(a_model(**changes)))


@each(
    ("kind", "changes", "number"),
    [
        (ProfileNeed, {}, 3),
        (ScoreNeed, {"metrics": ["rocAuc"]}, 9),
        (ScoreNeed, {"metrics": ["rocAuc", "brier"]}, 18),
        (QualityNeed, {}, 1),
        (ConceptNeed, {}, 1),
        (MaturityNeed, {}, 1),
        (SkewNeed, {}, 0),
        (SkewNeed, {"observe": "log"}, 1),
        (BusinessNeed, {"business": [{"name": "revenue", "column": "distance"}]}, 1),
    ],
)
def test_needs_follow_from_the_model(kind, changes, number):
    assert count(kind, **changes) == number


def test_windows_are_as_long_as_asked_and_only_the_newest_is_estimated():
    needs = needs_for_people(a_model(), timedelta(days=1))
    assert {need.window.length for need in needs if not isinstance(need, ConceptNeed)} == {DAY}
    scores = [need for need in needs if isinstance(need, ScoreNeed)]
    assert {need.window for need in scores if need.estimated} == {Lookback(length=DAY)}
    assert all(need.interval for need in scores if not need.estimated)


def test_a_slice_is_profiled_in_the_window_and_in_those_before():
    part = Slice(column="carrier", value="UA")
    more = needs_for_people(a_model(), WEEK, part) - needs_for_people(a_model())
    assert sorted(need.window.index for need in more) == [0, 1, 2, 3, 4]
    assert {need.slice for need in more} == {part}


def test_rows_are_told_apart_only_for_who_looks_at_one_model():
    assert count(DomainNeed) == 0
    assert needs_together(DAY) == {DomainNeed(window=Lookback(length=DAY))}
    assert evidence_of(seen(), the_model(), NOW).separation == NOT_ASKED
    found = Separation(auc=0.7, p_value=0.0, reference_rows=900, rows=800)
    apart = with_live(seen(), domain=dict.fromkeys(needs_together(), found))
    assert evidence_of(apart, the_model(), NOW).separation == found
    assert evidence_of(apart, the_model(), NOW, DAY).separation == NOT_ASKED


def test_evidence_knows_whether_there_is_an_earlier_release():
    assert not evidence_of(seen(), the_model(), NOW).has_earlier
    found = facts()
    released = frozenset({("production", a_release("earlier").digest), ("production", a_release().digest)})
    history = type(found.history)(released=released)
    assert evidence_of(seen(history=history), the_model(), NOW).has_earlier
    elsewhere = type(found.history)(released=frozenset({("staging", a_release("earlier").digest)}))
    assert not evidence_of(seen(history=elsewhere), the_model(), NOW).has_earlier
    assert not evidence_of(seen(history=history, releases={}), the_model(), NOW).has_earlier
