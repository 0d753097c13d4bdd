"""Gate `explainability`: the candidate leans on what the live model leans on, and on no feature alone."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic.json_schema import SkipJsonSchema

from reconciler.domain.evidence import NoBaseline
from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Answer, Judgement, no, unknown, yes
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.importance import Beside, Importance, Leaning, Ranged
from reconciler.domain.names import short
from reconciler.rules.base import GateRule
from reconciler.rules.choices import not_null
from reconciler.rules.combine import conjunction
from reconciler.rules.evidence import TRAIN_AGAIN, evidence_of
from reconciler.rules.fields import Count, Share

Said = tuple[Answer, str, str]
"""Of one check: the answer, its code, and a sentence."""
_LOOK = "look at what changed in the features (perennial drift), and mend it or allow it in the policy"


class Explainability(GateRule):
    """The top features stay, no feature's share of the importance moves far, and none has nearly all of it.

    Shares are of permutation importance, of both models on identical rows, with bootstrap intervals: chance refuses nothing.
    """

    type: Literal["explainability"]
    top: Count = 5
    """How many features of the live model are looked for in the candidate."""
    overlap_at_least: Share = 0.6
    """The share of them that must be among the candidate's top features too, or be within chance of it."""
    at_most_shift: Annotated[Share, Field(gt=0)] = 0.3
    """How far one feature's share of all importance may move."""
    dominance: Annotated[Annotated[Share, Field(gt=0)] | SkipJsonSchema[None], BeforeValidator(not_null)] = None
    """The largest share that one feature may have: more smells of a leak. Left out: any."""
    minimum_rows: Count = 500
    """Fewer rows in the hold-out are no answer."""

    def asks(self) -> frozenset[str]:
        """Importance with intervals, of both models."""
        return frozenset({"explainability"})

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES `familiar` or `noBaseline`; NO `dominated`, `shifted` or `otherFeatures`; UNKNOWN when too little is seen."""
        match self._importance(facts):
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, remedy=TRAIN_AGAIN)
            case Importance(rows=rows) if rows < self.minimum_rows:
                said = f"shuffled {rows} rows, {self.minimum_rows} needed"
                return unknown(self.type, "insufficientData", said, remedy="a longer hold-out")
            case Importance(shares=shares) if not any(share.value > 0 for share in shares.values()):
                said = f"0 of {len(shares)} features make the answers worse when they are shuffled"
                return unknown(self.type, "noImportance", said, remedy="see whether the model learnt anything: its metrics")
            case importance:
                return self._together([*self._dominance(importance.shares), *self._familiar(importance, facts)])

    def _importance(self, facts: ModelFacts) -> Known[Importance]:
        evidence = evidence_of(facts)
        return evidence if isinstance(evidence, Missing) else evidence.importance

    def _together(self, said: list[Said]) -> Judgement:
        answer = conjunction([one[0] for one in said])
        deciding = [one for one in said if one[0] is answer]
        code, told = deciding[-1][1] if answer is Answer.YES else deciding[0][1], "; ".join(one[2] for one in deciding)
        match answer:
            case Answer.YES:
                return yes(self.type, code, told)
            case Answer.NO:
                return no(self.type, code, told, remedy=_LOOK)
            case Answer.UNKNOWN:
                return unknown(self.type, code, told, remedy="more labelled rows in the hold-out, then train again")

    def _dominance(self, shares: Mapping[str, Ranged]) -> Iterator[Said]:
        if self.dominance is None:
            return
        name, share = max(shares.items(), key=lambda item: item[1].value)
        said = f"{name} has {_shown(share)} of the importance, {self.dominance:.0%} at most wanted"
        if share.value <= self.dominance:
            yield Answer.YES, "familiar", said
        elif share.low > self.dominance:
            yield Answer.NO, "dominated", said
        else:
            yield Answer.UNKNOWN, "inconclusive", said

    def _familiar(self, importance: Importance, facts: ModelFacts) -> Iterator[Said]:
        """Beside the live model; without one there is nothing that could be unfamiliar."""
        champion = facts.champion
        match importance.beside:
            case Missing(why=why):
                yield Answer.UNKNOWN, "inconclusive", why
            case NoBaseline() if champion is None:
                yield Answer.YES, "noBaseline", "no release is live, so there is nothing to compare with"
            case Beside() as beside if champion is not None and beside.champion == champion.digest:
                yield from self._compare(beside.features)
            case other:
                was = short(other.champion) if isinstance(other, Beside) else "nothing"
                live = "nothing" if champion is None else short(champion.digest)
                yield Answer.UNKNOWN, "staleBaseline", f"compared with {was}, but {live} is live"

    def _compare(self, features: Mapping[str, Leaning]) -> Iterator[Said]:
        if not any(leaning.live.low > 0 for leaning in features.values()):
            said = f"the live model leans on 0 of {len(features)} features that both have, beyond chance"
            yield Answer.UNKNOWN, "inconclusive", said
            return
        yield self._overlap(features)
        yield self._shift(features)

    def _overlap(self, features: Mapping[str, Leaning]) -> Said:
        """Features that matter by chance alone are no top features, and one at the edge of the top is not outside of it."""
        before = [name for name in _top(features, "live", self.top) if features[name].live.low > 0]
        after = _top(features, "candidate", self.top)
        edge = features[after[-1]].candidate.low
        lost = [name for name in before if name not in after and not features[name].candidate.high >= edge]
        overlap = 1 - len(lost) / len(before)
        gone = f" (not {', '.join(lost)})" if lost else ""
        said = f"{len(before) - len(lost)} of the live model's {len(before)} top features are the candidate's too{gone}"
        said += f", {self.overlap_at_least:.0%} wanted"
        return (Answer.YES, "familiar", said) if overlap >= self.overlap_at_least else (Answer.NO, "otherFeatures", said)

    def _shift(self, features: Mapping[str, Leaning]) -> Said:
        """The farthest move. An interval wider than what may not be missed tells nothing."""
        name, leaning = max(features.items(), key=lambda item: abs(item[1].shift.value))
        shift, bound = leaning.shift, self.at_most_shift
        said = (
            f"the share of {name} moved most, from {leaning.live.value:.0%} to {leaning.candidate.value:.0%} "
            f"({shift.low:+.2f} to {shift.high:+.2f}), by {bound:.2f} at most wanted"
        )
        if shift.low > bound or shift.high < -bound:
            return Answer.NO, "shifted", said
        shifts = [one.shift for one in features.values()]
        calm = all(abs(one.value) <= bound and (one.high - one.low) / 2 <= bound for one in shifts)
        return (Answer.YES, "familiar", said) if calm else (Answer.UNKNOWN, "inconclusive", said)


def _top(features: Mapping[str, Leaning], whose: Literal["live", "candidate"], count: int) -> list[str]:
    """Names of the features with the largest shares, the largest first."""
    share = {name: leaning.live if whose == "live" else leaning.candidate for name, leaning in features.items()}
    return sorted(share, key=lambda name: (-share[name].value, name))[:count]


def _shown(share: Ranged) -> str:
    return f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%})"
