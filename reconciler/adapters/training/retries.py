"""A trainer that tries again where the same may go well the next time."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from reconciler.domain.training import Trained, TrainingFailed, TrainingOrder, TrainingResult
from reconciler.ports import Trainer


@dataclass(frozen=True, slots=True)
class PatientTrainer:
    """Does as `trainer` does, up to the order's retries. `sleep` takes seconds."""

    trainer: Trainer
    sleep: Callable[[float], None]

    def train(self, order: TrainingOrder) -> TrainingResult:
        """The last try's result, with what the tries before it failed of, and the seconds of all. Raises ActError."""
        failures: list[str] = []
        seconds: list[float | None] = []
        for number in range(1, order.retries.limit + 2):
            self.sleep(order.retries.wait_before(number)) if number > 1 else None
            result = self.trainer.train(order)
            seconds.append(result.seconds)
            if not _may_pass(result) or number > order.retries.limit:
                break
            failures.append(str(result))
        measured = [one for one in seconds if one is not None]
        return replace(result, failures=tuple(failures), seconds=sum(measured) if measured else None)


def _may_pass(result: TrainingResult) -> bool:
    match result:
        case Trained():
            return False
        case TrainingFailed(transient=transient):
            return transient
