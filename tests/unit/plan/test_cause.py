"""Why a training was ordered is kept beside what it makes."""

from dataclasses import replace
from datetime import timedelta

from reconciler.domain.cause import Cause
from reconciler.domain.decisions import Retrain
from reconciler.domain.facts import LiveFacts
from reconciler.domain.known import Missing
from reconciler.domain.needs import Lookback
from reconciler.plan.cause import SHOWN, cause_text, drift_of
from reconciler.plan.situation import situation_of
from reconciler.render.decoded import read_json
from tests.builders import DAY, NOW, a_candidate, a_profile, facts, specs_of

WEEK, DAY_ONLY = Lookback(length=7 * DAY), Lookback(length=DAY)
MOVED = a_profile(10, 10, 10, 10, 10, 10, 10, 10, 10, 910)
SEEN = facts(profiles={WEEK: MOVED, DAY_ONLY: a_profile(), Lookback(length=30 * DAY, index=1): a_profile()})


def a_retrain(as_of=NOW, code="dataDrift"):
    return Retrain(model="flight-delay", as_of=as_of, code=code, message="1 of 1 features drifted", judgements=())


def text(seen, decision=None):
    return cause_text(decision or a_retrain(), situation_of(specs_of(), seen, NOW))


def test_the_trigger_and_the_drift_of_the_longest_window_are_kept():
    cause = read_json(Cause, text(SEEN))
    assert cause.reason == "dataDrift: 1 of 1 features drifted"
    assert cause.trigger.rule == "newLabels"
    assert (cause.drift.window, cause.drift.rows, cause.drift.features) == ("7d", 1000, 1)
    (moved,) = cause.drift.moved
    assert (moved.feature, moved.drifted, moved.importance) == ("distance", True, None)
    assert moved.value > moved.cut
    assert [round(one.current, 2) for one in moved.bins] == [*[0.01] * 9, 0.91]


def test_the_heaviest_features_are_kept():
    names = tuple(f"f{number}" for number in range(SHOWN + 4))
    shares = {name: number / 100 for number, name in enumerate(names)}
    seen = facts(
        reference=a_profile(features=names),
        profiles={WEEK: replace(MOVED, features=dict.fromkeys(names, MOVED.features["distance"]))},
        live=LiveFacts(importance=shares),
    )
    found = drift_of(seen)
    assert found.features == SHOWN + 4
    assert [one.feature for one in found.moved] == list(reversed(names))[:SHOWN]


def test_without_a_window_or_a_reference_there_is_no_drift_to_tell():
    gone = Missing(code="gone", why="gone")
    few = a_profile(*[10] * 10)
    for seen in (facts(), *(facts(profiles={WEEK: one}) for one in (gone, few)), facts(reference=gone, profiles={WEEK: MOVED})):
        assert drift_of(seen) is None
        assert read_json(Cause, text(seen)).drift is None


def test_a_candidate_that_is_measured_again_keeps_why_it_was_trained():
    first = text(SEEN)
    candidate = a_candidate(files={"runs/flight-delay/cause.json": first})
    again = a_retrain(as_of=candidate.build.data.as_of, code="baselineMoved")
    assert text(facts(candidate=candidate), again) == first
    assert "baselineMoved" in text(facts(candidate=a_candidate()), again)
    later = a_retrain(as_of=candidate.build.data.as_of + timedelta(days=1), code="baselineMoved")
    assert "baselineMoved" in text(facts(candidate=candidate), later)


def test_the_same_world_gives_the_same_text():
    assert text(SEEN) == text(SEEN)
