"""What the person asked for, and the refusal that every part of the drafting raises."""

from dataclasses import dataclass
from datetime import timedelta

from reconciler.errors import ReconcilerError
from reconciler.specs.model import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The names, and what is not left to the data. `label_delay` None: chosen from the data's span."""

    model: str
    dataset: str
    owner: str = ""
    task: Task | None = None
    label_delay: timedelta | None = None


class UnfitDataError(ReconcilerError):
    """The table can be read, but no model can be drafted from it. Exit code 1."""
