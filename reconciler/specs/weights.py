"""The parts `weights` and `labelConfidence` of a model's training: how much a row counts, and whether it counts at all."""

from typing import Self

from pydantic import model_validator

from reconciler.rules.fields import Duration, Written


class Weights(Written):
    """How much each training row counts. What is given is multiplied, and the mean is made 1. The hold-out is not weighted."""

    column: str | None = None
    """A column of the dataset that holds weights, from 0 on."""
    half_life: Duration | None = None
    """A row that is so much older than the newest one counts half, one twice as old a quarter."""
    balanced: bool = False
    """Each class counts the same in all, however rare it is."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.column is None and self.half_life is None and not self.balanced:
            raise ValueError("expected one of column, halfLife and balanced: true")
        return self


class LabelConfidence(Written):
    """Learn only from rows whose label is sure enough. The hold-out keeps all rows: it is judged by what comes."""

    column: str
    """A column of the dataset that tells how sure the label is; where it is missing, the label is not."""
    at_least: float
    """The least confidence that is enough."""
