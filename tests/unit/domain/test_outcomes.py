"""What became of a pass: whether anything was done, and the exit code of the first failure."""

import pytest

from reconciler.domain.outcomes import Outcome, Status, StepOutcome
from reconciler.domain.steps import Close

STEP = Close(model="m", number=1, comment="overtaken")


def outcome(*steps: tuple[Status, int]) -> Outcome:
    return Outcome(steps=tuple(StepOutcome(step=STEP, status=status, message="", exit_code=code) for status, code in steps))


DONE, SKIPPED = (Status.DONE, 0), (Status.SKIPPED, 0)
FAILED, CONFLICT = (Status.FAILED, 5), (Status.FAILED, 6)


@pytest.mark.parametrize(
    ("steps", "changed", "code"),
    [
        pytest.param([], False, 0, id="nothing to do is fine"),
        pytest.param([SKIPPED], False, 0, id="what was not tried changed nothing"),
        pytest.param([DONE], True, 0, id="one thing done"),
        pytest.param([FAILED], False, 5, id="one failure"),
        pytest.param([DONE, FAILED, DONE], True, 5, id="a failure does not hide what was done"),
        pytest.param([CONFLICT, FAILED], False, 6, id="the first failure's code"),
        pytest.param([SKIPPED, FAILED, CONFLICT], False, 5, id="the first failure after a skip"),
    ],
)
def test_a_pass_is_summed_up(steps, changed, code):
    assert (outcome(*steps).changed, outcome(*steps).exit_code) == (changed, code)


def test_statuses_are_closed_words():
    assert [*Status] == ["done", "failed", "skipped"]
