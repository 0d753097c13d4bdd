"""Trigger `dataDrift`: enough features, far enough, surely enough, in every window; too few rows are no answer."""

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from reconciler.domain.facts import LiveFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.needs import Lookback, ProfileNeed, Slice
from reconciler.domain.profiles import Profile
from reconciler.rules.triggers.data_drift import DataDrift
from reconciler.statistics.drift import DRIFT_STATISTICS
from reconciler.statistics.profile import profile_on, reference_profile
from tests.builders import DAY, NOW, a_profile, facts
from tests.cases import each

FEATURES = ("distance", "hour", "month")
REFERENCE = a_profile(*[1000] * 10, features=FEATURES)
SAME = a_profile(*[50] * 10, features=FEATURES)
MOVED = a_profile(5, 5, 5, 5, 5, 95, 95, 95, 95, 95, features=FEATURES)
FEW = a_profile(*[10] * 10, features=FEATURES)
ONE_MOVED = Profile(rows=500, features={**SAME.features, "hour": MOVED.features["hour"]})


def rule(**changes) -> DataDrift:
    return DataDrift(**{"type": "dataDrift"} | changes)


def seen(*windows, reference=REFERENCE):
    """Facts in which the windows, newest first, were profiled."""
    return facts(
        reference=reference,
        profiles={Lookback(length=7 * DAY, index=index): window for index, window in enumerate(windows)},
    )


NOT_SEEN = Missing(code="rowsUnreadable", why="the file is gone")


@each(
    ("windows", "changes", "answer", "code"),
    [
        ([SAME], {}, Answer.NO, "noDrift"),
        ([MOVED], {}, Answer.YES, "drifted"),
        ([ONE_MOVED], {}, Answer.YES, "drifted"),
        ([ONE_MOVED], {"share_of_features": 0.34}, Answer.NO, "noDrift"),
        ([MOVED], {"above": 5}, Answer.NO, "noDrift"),
        ([FEW], {}, Answer.UNKNOWN, "insufficientData"),
        ([FEW], {"minimum_rows": 100}, Answer.NO, "noDrift"),
        ([NOT_SEEN], {}, Answer.UNKNOWN, "insufficientData"),
        ([], {}, Answer.UNKNOWN, "insufficientData"),
        ([MOVED, MOVED], {"consecutive": 2}, Answer.YES, "drifted"),
        ([MOVED, SAME], {"consecutive": 2}, Answer.NO, "noDrift"),
        ([MOVED, FEW], {"consecutive": 2}, Answer.UNKNOWN, "insufficientData"),
        ([FEW, SAME], {"consecutive": 2}, Answer.NO, "noDrift"),
        ([MOVED], {"consecutive": 2}, Answer.UNKNOWN, "insufficientData"),
        ([Profile(rows=500, features={"hour": SAME.features["hour"]})], {}, Answer.UNKNOWN, "insufficientData"),
    ],
)
def test_fires_when_enough_features_drift_in_every_window(windows, changes, answer, code):
    judgement = rule(**changes).judge(seen(*windows), NOW)
    assert (judgement.rule, judgement.answer, judgement.code) == ("dataDrift", answer, code)


@pytest.mark.parametrize("reference", [NOT_SEEN, FEW, Profile(rows=10_000, features={})])
def test_without_a_reference_there_is_no_answer(reference):
    judgement = rule().judge(seen(MOVED, reference=reference), NOW)
    assert (judgement.answer, judgement.code) == (Answer.UNKNOWN, "insufficientData")


def test_an_effect_that_chance_explains_does_not_fire():
    noisy = a_profile(36, 14, *[25] * 6, 14, 36, features=FEATURES)  # PSI 0.09 of 250 rows
    against = a_profile(*[25] * 10, features=FEATURES)  # a reference as small
    judgement = rule(above=0.05).judge(seen(noisy, reference=against), NOW)
    assert judgement.code == "noDrift"
    assert (
        rule(above=0.05).judge(seen(a_profile(*[n * 20 for n in noisy.features["hour"].counts], features=FEATURES)), NOW).code
        == "drifted"
    )


def test_the_message_names_the_drifted_features_by_value_and_both_numbers():
    worse = a_profile(1, 1, 1, 1, 1, 99, 99, 99, 99, 99)
    window = Profile(rows=500, features={**ONE_MOVED.features, "month": worse.features["distance"]})
    message = rule().judge(seen(window), NOW).message
    assert "2 of 3 features (67%) drifted over 7d (500 rows), 30% fires" in message
    assert "psi month 2.04, hour 1.27, cut 0.2" in message
    assert "distance" not in message


def test_of_many_drifted_features_only_the_worst_are_named():
    names = tuple(f"f{number}" for number in range(8))
    judgement = rule().judge(
        seen(a_profile(*MOVED.features["hour"].counts, features=names), reference=a_profile(*[1000] * 10, features=names)), NOW
    )
    assert "f4" in judgement.message
    assert "and 3 more" in judgement.message


def test_asks_for_the_profile_of_each_window():
    assert rule(consecutive=2, window="1d").needs() == {
        ProfileNeed(window=Lookback(length=DAY, index=0)),
        ProfileNeed(window=Lookback(length=DAY, index=1)),
    }


@each("changes", [{"statistic": "magic"}, {"share_of_features": 0}, {"consecutive": 0}, {"above": -1}])
def test_nonsense_is_refused(changes):
    with pytest.raises(ValidationError):
        rule(**changes)


def test_the_reference_itself_may_miss_values():
    reference = a_profile(*[900] * 10, missing=1000)
    assert rule().judge(seen(replace(a_profile(*[45] * 10, missing=50)), reference=reference), NOW).code == "noDrift"
    assert rule().judge(seen(a_profile(*[25] * 10, missing=250), reference=reference), NOW).code == "drifted"


FAR = a_profile(*[1] * 9, 491, features=FEATURES)
KNOTLESS = a_profile(*[1000] * 10, features=FEATURES)


@each("statistic", ["jsDistanceBase2", "klDivergence", "chiSquared", "lInfinity"])
def test_any_statistic_of_shares_judges_with_its_own_cut(statistic):
    rule_of = rule(statistic=statistic)
    assert rule_of.cut == DRIFT_STATISTICS[statistic].cut
    assert rule_of.judge(seen(FAR), NOW).code == "drifted"
    assert rule_of.judge(seen(SAME), NOW).code == "noDrift"
    assert rule(statistic=statistic, above=7).judge(seen(MOVED), NOW).code == "noDrift"


@pytest.mark.parametrize("statistic", ["ks", "wassersteinIqr"])
def test_a_release_older_than_knots_is_no_answer(statistic):
    judgement = rule(statistic=statistic).judge(seen(MOVED, reference=KNOTLESS), NOW)
    assert (judgement.answer, judgement.code) == (Answer.UNKNOWN, "insufficientData")
    assert "3 not measured" in judgement.message
    assert "train again" in judgement.message


@each(
    ("moved", "silent", "answer"),
    [(1, 1, Answer.YES), (0, 1, Answer.UNKNOWN), (0, 0, Answer.NO), (1, 2, Answer.YES)],
)
def test_features_that_cannot_be_measured_count_for_neither_answer(moved, silent, answer):
    rng = np.random.default_rng(1)
    reference = reference_profile({name: rng.normal(size=2000) for name in FEATURES}, FEATURES, [])
    columns = {name: rng.normal(3 * (place < moved), 1, 500) for place, name in enumerate(FEATURES)}
    columns |= {name: np.full(500, np.nan) for name in FEATURES[len(FEATURES) - silent :]}
    judgement = rule(statistic="ks").judge(seen(profile_on(reference, columns), reference=reference), NOW)
    assert judgement.answer is answer


def test_the_cut_is_written_as_a_number_or_not_at_all():
    with pytest.raises(ValidationError, match="leave the key out"):
        rule(above=None)


TWO_MOVED = Profile(rows=500, features={**ONE_MOVED.features, "month": MOVED.features["month"]})


@each(
    ("features", "answer", "said"),
    [
        (["hour"], Answer.YES, "1 of 1 features (100%)"),
        (["distance"], Answer.NO, "0 of 1 features (0%)"),
        (["distance", "hour"], Answer.YES, "1 of 2 features (50%)"),
        (["distance", "weather"], Answer.UNKNOWN, "1 of 2 features are not in the reference: weather"),
    ],
)
def test_only_the_named_features_are_looked_at(features, answer, said):
    judgement = rule(features=features).judge(seen(ONE_MOVED), NOW)
    assert judgement.answer is answer
    assert said in judgement.message


@each(
    ("importance", "changes", "answer", "said"),
    [
        ({"hour": 0.6, "distance": 0.3, "month": 0.1}, {"share_of_features": 0.5}, Answer.YES, "(60% of the importance)"),
        ({"hour": 0.4, "distance": 0.5, "month": 0.1}, {"share_of_features": 0.5}, Answer.NO, "(40% of the importance)"),
        ({"hour": 0.4, "distance": 0.1, "month": 0.5}, {"features": ["hour", "distance"]}, Answer.YES, "(80% of the importance)"),
        ({"distance": 1.0}, {}, Answer.NO, "(0% of the importance)"),
        ({"hour": 1.0}, {}, Answer.YES, "(100% of the importance)"),
        ({}, {}, Answer.UNKNOWN, "the importance of 0 of 3 features is known"),
        ({"weather": 1.0}, {}, Answer.UNKNOWN, "the importance of 0 of 3 features is known"),
        ({"hour": np.nan}, {}, Answer.UNKNOWN, "the importance of 1 of 3 features is known"),
    ],
)
def test_features_may_count_by_what_they_matter(importance, changes, answer, said):
    weighted = rule(weighted_by_importance=True, **changes)
    judgement = weighted.judge(replace(seen(ONE_MOVED), live=LiveFacts(importance=importance)), NOW)
    assert judgement.answer is answer, judgement
    assert said in judgement.message


@each("count", [3, 6, 7, 9, 10])
def test_a_share_that_is_reached_exactly_fires(count):
    names = tuple(f"f{n}" for n in range(10))
    moved = {name: MOVED.features["hour"] if n < count else SAME.features["hour"] for n, name in enumerate(names)}
    judgement = rule(share_of_features=count / 10).judge(
        seen(Profile(rows=500, features=moved), reference=a_profile(*[1000] * 10, features=names)), NOW
    )
    assert judgement.answer is Answer.YES


JFK = {"column": "origin", "value": "JFK"}


def sliced(*windows, column="origin"):
    """Facts in which the slice was profiled in these windows, newest first; the whole moved far."""
    cut = Slice(column=column, value="JFK")
    needs = [ProfileNeed(window=Lookback(length=7 * DAY, index=n), slice=cut) for n in range(len(windows))]
    return replace(seen(MOVED), live=LiveFacts(populations=dict(zip(needs, windows, strict=True))))


@each(
    ("windows", "changes", "answer"),
    [
        ([SAME] * 5, {}, Answer.NO),
        ([MOVED, SAME, SAME, SAME, SAME], {}, Answer.YES),
        ([MOVED] * 5, {}, Answer.NO),
        ([MOVED, MOVED, SAME, SAME, SAME, SAME], {"consecutive": 2}, Answer.YES),
        ([MOVED, SAME, SAME, SAME, SAME, SAME], {"consecutive": 2}, Answer.NO),
        ([MOVED, NOT_SEEN, SAME, NOT_SEEN, SAME], {}, Answer.YES),
        ([MOVED, FEW, FEW, FEW, FEW], {}, Answer.YES),
        ([MOVED, FEW, NOT_SEEN, NOT_SEEN, NOT_SEEN], {}, Answer.UNKNOWN),
        ([MOVED, NOT_SEEN, NOT_SEEN, NOT_SEEN, NOT_SEEN], {}, Answer.UNKNOWN),
        ([MOVED], {}, Answer.UNKNOWN),
        ([FEW, SAME, SAME, SAME, SAME], {}, Answer.UNKNOWN),
        ([NOT_SEEN, SAME, SAME, SAME, SAME], {}, Answer.UNKNOWN),
        ([], {}, Answer.UNKNOWN),
    ],
)
def test_a_slice_is_compared_with_itself_four_windows_before(windows, changes, answer):
    judgement = rule(slice=JFK, **changes).judge(sliced(*windows), NOW)
    assert judgement.answer is answer, judgement


def test_the_column_that_a_slice_is_cut_by_is_left_out():
    by_hour = rule(slice={"column": "hour", "value": "JFK"})
    assert "0 of 2 features" in by_hour.judge(sliced(ONE_MOVED, SAME, SAME, SAME, SAME, column="hour"), NOW).message
    assert "1 of 3 features" in rule(slice=JFK).judge(sliced(ONE_MOVED, SAME, SAME, SAME, SAME), NOW).message


def test_a_slice_asks_for_itself_in_its_windows_and_before_them():
    windows = {need.window.index for need in rule(slice=JFK, consecutive=2).needs()}
    assert windows == set(range(6))
    assert {need.slice for need in rule(slice=JFK).needs()} == {Slice(column="origin", value="JFK")}


@each(
    "changes",
    [{"features": []}, {"features": [""]}, {"slice": {"column": "origin"}}, {"slice": {"column": "", "value": "x"}}],
)
def test_lists_and_slices_that_say_nothing_are_refused(changes):
    with pytest.raises(ValidationError):
        rule(**changes)
