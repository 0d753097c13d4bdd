"""What drift of predictions and of labels shares: one of the outcome's profiles is enough, and the reference is the outcome's."""

from dataclasses import replace

from reconciler.domain.facts import ModelFacts
from reconciler.domain.known import Known, Missing
from reconciler.domain.needs import Population, ProfileNeed
from reconciler.domain.profiles import Profile
from reconciler.rules.drift import DriftRule, Weighing

_NAMES = {Population.PREDICTIONS: "prediction", Population.LABELS: "label"}
"""What the outcome is called in profiles; a score per class is `prediction:<class>`."""


class OutcomeDrift(DriftRule):
    """The outcome drifted in each of the newest `consecutive` windows; of several classes one is enough."""

    @property
    def population(self) -> Population:
        """Whose distribution is compared."""
        raise TypeError(f"{type(self).__name__} has no population")

    def _need(self, index: int) -> ProfileNeed:
        return replace(super()._need(index), population=self.population)

    def _reference(self, facts: ModelFacts) -> Known[Profile]:
        outcomes, name = facts.live.outcomes, _NAMES[self.population]
        if isinstance(outcomes, Missing):
            return outcomes
        features = {key: feature for key, feature in outcomes.features.items() if key.partition(":")[0] == name}
        if not features:
            return Missing(code="notProfiled", why=f"0 of {len(outcomes.features)} profiles of the reference are of {name}s")
        return replace(outcomes, features=features)

    def _weighing(self, facts: ModelFacts, features: frozenset[str]) -> Known[Weighing]:  # noqa: ARG002
        weights = dict.fromkeys(features, 1.0)
        return Weighing(weights=weights, least=1 / len(features), unit="", fires=f"1 of {len(features)}")
