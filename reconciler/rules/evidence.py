"""What the gates look at: the candidate's evidence, or why there is none."""

from typing import Protocol, TypeVar

from reconciler.domain.evidence import Evidence, NoBaseline
from reconciler.domain.facts import Candidate, ModelFacts
from reconciler.domain.judgements import Judgement, unknown, yes
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.comparison import Gain
from reconciler.domain.names import Digest, short

TRAIN_AGAIN = "train again: perennial reconcile"
MORE_ROWS = "more labelled rows in the hold-out, then train again"


class Compared(Protocol):
    """Numbers of a candidate beside those of a champion."""

    @property
    def champion(self) -> Digest:
        """The champion that it was compared with."""
        ...


C = TypeVar("C", bound=Compared)


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


_MEND = "mend what keeps the live model from being asked, or have this gate set aside by a reviewed file"


def beside_champion(rule: str, facts: ModelFacts, compared: Known[C | NoBaseline]) -> C | Judgement:
    """The comparison, when it is with what is live today; else what there is to say.

    YES `noBaseline` when nothing is live and nothing was; UNKNOWN `inconclusive`, `championNotComparable` or `staleBaseline`.
    """
    champion = facts.champion
    match compared:
        case Missing(code="championNotComparable" as code, why=why):
            return unknown(rule, code, why, remedy=f"{_MEND}: perennial override {facts.model} --gate {rule}")
        case Missing(why=why):
            return unknown(rule, "inconclusive", why, remedy=MORE_ROWS)
        case NoBaseline():
            if champion is None:
                return yes(rule, "noBaseline", "no release is live, so there is nothing to beat; floors decide")
            was = "nothing"
        case comparison:
            if champion is not None and champion.digest == comparison.champion:
                return comparison
            was = short(comparison.champion)
    live = short(champion.digest) if champion else "nothing"
    return unknown(rule, "staleBaseline", f"compared with {was}, but {live} is live", remedy=TRAIN_AGAIN)
