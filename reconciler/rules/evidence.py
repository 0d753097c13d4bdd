"""What the gates look at: the candidate's evidence, or why there is none."""

from reconciler.domain.evidence import Evidence
from reconciler.domain.facts import Candidate, ModelFacts
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.comparison import Gain

TRAIN_AGAIN = "train again: perennial reconcile"


def candidate_of(facts: ModelFacts) -> Known[Candidate]:
    """The model's candidate."""
    return Missing(code="noCandidate", why="0 candidates to judge, 1 needed") if facts.candidate is None else facts.candidate


def evidence_of(facts: ModelFacts) -> Known[Evidence]:
    """The evidence of the model's candidate."""
    candidate = candidate_of(facts)
    return candidate if isinstance(candidate, Missing) else candidate.evidence


def metric_of(evidence: Evidence, metric: str | None) -> Known[str]:
    """The metric that a gate names, or else the model's primary one."""
    return evidence.primary if metric is None else metric


def quantile(gain: Gain, level: float) -> float | None:
    """The quantile that was kept at the level, or None; levels are compared with room for how floats are written."""
    return next((value for key, value in gain.quantiles.items() if abs(key - level) < 1e-9), None)
