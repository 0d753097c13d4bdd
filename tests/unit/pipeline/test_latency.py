"""The interval of nine rounds holds the true median as often as it says, whatever the noise, so sound models are not refused."""

import numpy as np
import pytest

from reconciler.domain.judgements import Answer
from reconciler.pipeline.verifications.latency import ROUNDS, spread
from reconciler.rules.noise import at_most

SIMULATED = 1000


@pytest.mark.parametrize("noise", ["lognormal", "pareto", "normal"])
def test_a_bound_that_is_just_kept_is_refused_at_most_as_often_as_the_interval_says(noise: str) -> None:
    """The bound is the true median itself; both wrong answers together come in 4 of 100 runs."""
    rng = np.random.default_rng(7)
    draws = {"lognormal": rng.lognormal, "pareto": lambda size: 1 + rng.pareto(1.5, size), "normal": rng.normal}
    medians = {"lognormal": 1.0, "pareto": 2 ** (1 / 1.5), "normal": 0.0}
    rounds = draws[noise](size=(SIMULATED, ROUNDS))
    answers = [at_most(spread(one), medians[noise]) for one in rounds]
    assert answers.count(Answer.NO) / SIMULATED < 0.035
    assert answers.count(Answer.YES) / SIMULATED < 0.035


def test_a_disturbed_round_on_either_side_decides_nothing() -> None:
    quiet = np.full(ROUNDS, 0.01)
    disturbed = quiet.copy()
    disturbed[3] = 9.0
    assert at_most(spread(quiet), 0.01) is Answer.YES
    assert at_most(spread(disturbed), 0.01) is Answer.YES
    slow = np.full(ROUNDS, 0.02)
    slow[0] = 0.001
    assert at_most(spread(slow), 0.01) is Answer.NO


def test_a_clear_case_is_answered() -> None:
    rng = np.random.default_rng(7)
    answers = [at_most(spread(one), 2.0) for one in rng.lognormal(0, 0.2, size=(SIMULATED, ROUNDS))]
    assert answers.count(Answer.YES) / SIMULATED > 0.99
