"""Trigger `predictionDrift`: what the released model answers no longer looks like what it answered in training."""

from typing import Literal

from reconciler.domain.needs import Population
from reconciler.rules.outcome_drift import OutcomeDrift


class PredictionDrift(OutcomeDrift):
    """The predictions drifted in each of the newest `consecutive` windows."""

    type: Literal["predictionDrift"]

    @property
    def population(self) -> Population:
        """The predictions."""
        return Population.PREDICTIONS
