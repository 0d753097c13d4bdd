"""Trigger `labelDrift`: what happens no longer looks like what happened in the training rows."""

from typing import Literal

from reconciler.domain.needs import Population
from reconciler.rules.outcome_drift import OutcomeDrift


class LabelDrift(OutcomeDrift):
    """The labels drifted in each of the newest `consecutive` windows."""

    type: Literal["labelDrift"]

    @property
    def population(self) -> Population:
        """The labels."""
        return Population.LABELS
