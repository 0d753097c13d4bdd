"""Trying again: only what may pass, no more often than was ordered, with waits that grow; each try is told and paid for."""

from dataclasses import dataclass, field, replace

import pytest

from reconciler.adapters.training.retries import PatientTrainer
from reconciler.domain.training import Retries, Trained, TrainingFailed, TrainingOrder, TrainingResult
from tests.builders import a_revision

LOST = TrainingFailed(stage="snapshot@m", message="no network", log_tail="", seconds=2.0, transient=True)
WRONG = TrainingFailed(stage="train@m", message="one class", log_tail="", seconds=3.0)
GOOD = Trained(files={}, seconds=5.0)


@dataclass
class Scripted:
    """Answers in this order, and notes each sleep and each try."""

    answers: list[TrainingResult]
    did: list[float | str] = field(default_factory=list)

    def train(self, order: TrainingOrder) -> TrainingResult:
        self.did.append("try")
        return self.answers.pop(0)


def train(trainer: Scripted, limit: int) -> TrainingResult:
    order = TrainingOrder(model="m", base=a_revision(), files={}, retries=Retries(limit=limit, backoff=60))
    return PatientTrainer(trainer, trainer.did.append).train(order)


@pytest.mark.parametrize(
    ("answers", "limit", "last", "failures", "did"),
    [
        ([GOOD], 3, GOOD, 0, ["try"]),
        ([WRONG], 3, WRONG, 0, ["try"]),
        ([LOST], 0, LOST, 0, ["try"]),
        ([LOST, GOOD], 1, GOOD, 1, ["try", 60, "try"]),
        ([LOST, WRONG], 3, WRONG, 1, ["try", 60, "try"]),
        ([LOST, LOST, LOST, LOST], 3, LOST, 3, ["try", 60, "try", 120, "try", 240, "try"]),
    ],
    ids=["good", "wrong", "no retries", "good at last", "wrong at last", "all lost"],
)
def test_tries(answers, limit, last, failures, did):
    trainer, seconds = Scripted(list(answers)), sum(one.seconds for one in answers)
    result = train(trainer, limit)
    assert result == replace(last, failures=result.failures)
    assert (result.failures, result.seconds, trainer.did) == (("snapshot@m: no network",) * failures, seconds, did)


def test_a_time_that_nobody_measured_is_no_time():
    assert train(Scripted([replace(LOST, seconds=None), replace(GOOD, seconds=None)]), 1).seconds is None
