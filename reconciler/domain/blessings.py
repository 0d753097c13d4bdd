"""The one word that all gates come to: whether this candidate may be released."""

from enum import StrEnum

from reconciler.domain.judgements import Answer, Judgement


class Blessing(StrEnum):
    """All say YES; the same of a first release, which beat nothing; one says NO; or none does, and one cannot tell."""

    BLESSED = "BLESSED"
    NO_BASELINE = "NO_BASELINE"
    REJECTED = "REJECTED"
    INCONCLUSIVE = "INCONCLUSIVE"


NO_BASELINE = "noBaseline"
"""The code of a gate that compares with the live model, and says YES because nothing is live."""
_WORDS = {Answer.YES: Blessing.BLESSED, Answer.NO: Blessing.REJECTED, Answer.UNKNOWN: Blessing.INCONCLUSIVE}


def blessing_of(gates: Judgement, *, first: bool) -> Blessing:
    """The word for all gates together; `first`: nothing is live yet."""
    word = _WORDS[gates.answer]
    return Blessing.NO_BASELINE if first and word is Blessing.BLESSED else word


def blessing_of_gate(gate: Judgement) -> Blessing:
    """The word for one gate."""
    return blessing_of(gate, first=gate.code == NO_BASELINE)
