"""Concept drift, by River's detectors: what changes is found where it changed, what does not is left alone."""

import numpy as np
import pytest

from reconciler.domain.live import DriftKind
from reconciler.domain.needs import ConceptNeed, Detector
from reconciler.statistics.concept import changes, kind_of, mixed
from tests.unit.statistics.test_concept import errors

ADWIN = ConceptNeed()
QUICK = [Detector.ADWIN, Detector.PAGE_HINKLEY, Detector.DDM]


@pytest.mark.parametrize("detector", QUICK)
def test_a_stream_that_does_not_change_is_left_alone(detector: Detector) -> None:
    alarms = [changes(errors((5000, 0.25), seed=seed), ConceptNeed(detector=detector)) for seed in range(10)]
    assert sum(bool(found) for found in alarms) == 0


@pytest.mark.parametrize("detector", QUICK)
def test_a_step_is_found_where_it_is(detector: Detector) -> None:
    losses = errors((3000, 0.2), (2000, 0.4))
    newest = changes(losses, ConceptNeed(detector=detector))[-1]
    assert abs(newest.start - 3000) < 150
    assert newest.before == pytest.approx(0.2, abs=0.03)
    assert newest.after == pytest.approx(0.4, abs=0.03)


def test_kswin_sees_a_strong_change_of_level() -> None:
    (first, *_) = changes(errors((1500, 0.1), (1000, 0.7)), ConceptNeed(detector=Detector.KSWIN))
    assert abs(first.start - 1500) < 100


def test_adwin_sees_an_improvement_too_and_the_levels_tell_which_it_is() -> None:
    (only,) = changes(errors((2000, 0.5), (2000, 0.2)), ADWIN)
    assert only.after < only.before


def test_levels_are_the_means_between_changes() -> None:
    losses = errors((2000, 0.1), (2000, 0.5), (2000, 0.2))
    found = changes(losses, ADWIN)
    starts = [0, *(change.start for change in found), losses.size]
    for change, (a, b, c) in zip(found, zip(starts, starts[1:], starts[2:], strict=False), strict=True):
        assert change.before == losses[a:b].mean()
        assert change.after == losses[b:c].mean()


@pytest.mark.parametrize("losses", [np.zeros(0), np.zeros(1), np.zeros(3000), np.ones(3000), np.full(3000, 0.3)])
def test_nothing_changes_in_a_constant_or_an_empty_stream(losses: np.ndarray) -> None:
    for detector in Detector:
        assert changes(losses, ConceptNeed(detector=detector)) == ()


def test_the_same_losses_give_the_same_changes() -> None:
    losses = errors((1000, 0.1), (1000, 0.6))
    for detector in Detector:
        need = ConceptNeed(detector=detector)
        assert changes(losses, need) == changes(losses, need)


def test_a_more_sensitive_adwin_sees_no_less() -> None:
    losses = errors((800, 0.2), (400, 0.3), seed=3)
    assert len(changes(losses, ConceptNeed(sensitivity=0.3))) >= len(changes(losses, ConceptNeed(sensitivity=1e-9)))


def test_a_jump_is_sudden() -> None:
    losses = errors((6000, 0.1), (6000, 0.5))
    assert kind_of(losses, changes(losses, ADWIN)) is DriftKind.SUDDEN


def test_a_level_that_was_there_before_recurs() -> None:
    losses = errors((2000, 0.4), (2000, 0.1), (2000, 0.4))
    assert kind_of(losses, changes(losses, ADWIN)) is DriftKind.RECURRING


def test_a_daily_cycle_is_many_changes_and_mixed_by_the_day_none() -> None:
    rng = np.random.default_rng(0)
    hours = np.arange(24 * 20 * 40) // 40  # forty rows an hour, twenty days
    shares = np.where(hours % 24 < 12, 0.1, 0.5)
    losses = (rng.random(hours.size) < shares).astype(float)
    assert len(changes(losses, ADWIN)) > 10
    assert changes(mixed(losses, hours // 24), ADWIN) == ()


def test_mixed_by_the_day_a_change_between_days_is_still_found() -> None:
    days = np.arange(20 * 500) // 500
    losses = (np.random.default_rng(0).random(days.size) < np.where(days < 12, 0.2, 0.4)).astype(float)
    first, *refined = changes(mixed(losses, days), ADWIN)
    assert abs(first.start - 6000) <= 500
    assert first.after > first.before
    assert len(refined) <= 1
