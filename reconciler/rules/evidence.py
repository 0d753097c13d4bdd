"""What the gates look at: the candidate's evidence, or why there is none."""

from reconciler.domain.evidence import Evidence
from reconciler.domain.facts import Candidate, ModelFacts
from reconciler.domain.known import Known, Missing

TRAIN_AGAIN = "train again: perennial reconcile"


def evidence_of(facts: ModelFacts) -> Known[Evidence]:
    """The evidence of the model's candidate."""
    match facts.candidate:
        case None:
            return Missing(code="noCandidate", why="0 candidates to judge, 1 needed")
        case Missing() as missing:
            return missing
        case Candidate(evidence=evidence):
            return evidence


def metric_of(evidence: Evidence, metric: str | None) -> Known[str]:
    """The metric that a gate names, or else the model's primary one."""
    return evidence.primary if metric is None else metric
