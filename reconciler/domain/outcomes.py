"""What became of a plan's steps."""

from dataclasses import dataclass
from enum import StrEnum

from reconciler.domain.steps import Step


class Status(StrEnum):
    """A step is done, failed, or was not tried."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOutcome:
    """One step and what became of it. `exit_code` is that of the error behind a failure, 0 otherwise."""

    step: Step
    status: Status
    message: str
    exit_code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one pass did."""

    steps: tuple[StepOutcome, ...]

    @property
    def changed(self) -> bool:
        """Something was done, so another pass may see more to do."""
        return any(step.status is Status.DONE for step in self.steps)

    @property
    def exit_code(self) -> int:
        """The first failure's exit code, or 0."""
        return next((step.exit_code for step in self.steps if step.exit_code), 0)
