"""Each way in which labels can be odd, on twenty segments of which the last is odd in that way, and none is where it is not."""

import numpy as np
import pytest

from reconciler.statistics.label_tests import constant, contradicted, held, inverted, rates
from reconciler.statistics.segments import Partition, distances

SEGMENTS, ROWS = 20, 500
ODD = np.arange(SEGMENTS * ROWS) >= (SEGMENTS - 1) * ROWS
PART = Partition(kind="day", codes=np.repeat(np.arange(SEGMENTS), ROWS), names=[f"day {one}" for one in range(SEGMENTS)])


def classes(seed=0, sureness=6.0):
    """Labels drawn from what the opinion says."""
    generator = np.random.default_rng(seed)
    share = 1 / (1 + np.exp(-sureness * generator.normal(size=ODD.size)))
    return (generator.random(ODD.size) < share).astype(np.int64), np.column_stack([1 - share, share])


def numbers(seed=0):
    generator = np.random.default_rng(seed)
    opinion = generator.normal(0, 3, ODD.size)
    return opinion + generator.normal(size=ODD.size), opinion


def farthest(readings):
    """How far the last segment lies from the others, and whether it is judged."""
    return distances(readings.excess, readings.noise)[-1], bool(readings.judged[-1])


@pytest.mark.parametrize("made", [classes, numbers])
def test_labels_that_are_drawn_as_expected_are_odd_in_no_way(made):
    truth, opinion = made()
    readings = [
        contradicted(PART, held(truth, opinion)),
        *rates(PART, held(truth, opinion)),
        inverted(PART, held(truth, opinion).ranks),
    ]
    for read in readings:
        assert np.abs(distances(read.excess, read.noise)).max() < 5
        assert read.p[read.judged].min(initial=1) > 1e-5
        assert read.rows.tolist() == [ROWS] * SEGMENTS or read is readings[0]


def test_flipped_labels_contradict_sure_answers_on_both_sides():
    truth, opinion = classes()
    some = ODD & (np.arange(ODD.size) % 8 == 0)
    read = contradicted(PART, held(np.where(some, 1 - truth, truth), opinion))
    distance, judged = farthest(read)
    assert judged
    assert distance > 6
    assert read.observed[-1] == pytest.approx(0.12, abs=0.03)
    assert read.expected[-1] == pytest.approx(0.02, abs=0.02)
    assert read.p[-1] < 1e-9


def test_a_day_on_which_everything_is_late_contradicts_on_one_side_only():
    truth, opinion = classes()
    read = contradicted(PART, held(np.where(ODD, 1, truth), opinion))
    assert read.p[-1] < 1e-50
    assert (read.observed[-1], read.judged[-1]) == (0, False)


def test_several_classes_and_quantities_have_sides_too():
    truth, opinion = numbers()
    distance, judged = farthest(contradicted(PART, held(np.where(ODD, -truth, truth), opinion)))
    assert judged
    assert distance > 8
    three = np.random.default_rng(1).integers(0, 3, ODD.size)
    sure = np.full((ODD.size, 3), 0.02)
    sure[np.arange(ODD.size), three] = 0.96
    assert farthest(contradicted(PART, held(np.where(ODD, (three + 1) % 3, three), sure)))[1]


def test_rates_off_are_told_in_their_direction():
    truth, opinion = classes(sureness=1)
    above, below = rates(PART, held(np.where(ODD, 1, truth), opinion))
    assert farthest(above)[0] > 8
    assert farthest(above)[1]
    assert not farthest(below)[1]
    assert above.observed[-1] == 1
    late, opinion = numbers()
    above, below = rates(PART, held(late - 2 * ODD, opinion))
    assert farthest(below)[1]
    assert below.excess[-1] == pytest.approx(2, abs=0.3)
    assert len(list(rates(PART, held(truth, np.full((ODD.size, 3), 1 / 3))))) == 6


def test_one_class_where_others_were_expected_is_constant():
    truth, opinion = classes(sureness=1)
    read = constant(PART, held(np.where(ODD, 1, truth), opinion))
    assert read.judged.tolist() == [False] * (SEGMENTS - 1) + [True]
    assert read.excess[-1] == pytest.approx(0.5, abs=0.05)
    assert read.p[-1] < 1e-50


def test_an_opinion_that_has_learnt_the_constant_counts_as_what_is_usual_elsewhere():
    truth = (np.random.default_rng(0).random(ODD.size) < 0.3).astype(np.int64)
    knows = np.where(ODD, 0.999, 0.3)
    read = constant(PART, held(np.where(ODD, 1, truth), np.column_stack([1 - knows, knows])))
    assert read.expected[-1] == pytest.approx(0.3, abs=0.02)
    assert read.p[-1] < 1e-50
    usual = constant(PART, held(np.where(ODD, 0, truth), np.column_stack([knows, 1 - knows])))
    assert usual.excess[-1] < 0.01


def test_labels_that_run_against_the_opinion_are_inverted():
    truth, opinion = classes(sureness=1)
    read = inverted(PART, held(np.where(ODD, 1 - truth, truth), opinion).ranks)
    assert read.judged.tolist() == [False] * (SEGMENTS - 1) + [True]
    assert read.observed[-1] == pytest.approx(-read.observed[0], abs=0.15)
    assert farthest(read)[0] > 8
    flat = inverted(PART, held(np.where(ODD, 1, truth), opinion).ranks)
    assert (flat.rows[-1], flat.judged[-1]) == (0, False)


def test_ranks_do_not_mind_the_scale():
    truth, opinion = numbers()
    assert inverted(PART, held(truth, np.exp(opinion)).ranks).observed == pytest.approx(
        inverted(PART, held(truth, opinion).ranks).observed
    )
