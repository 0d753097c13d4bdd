"""Rungs on which a candidate waits: it is proposed, or it cannot be read. Pure."""

from reconciler.domain.decisions import Decision, Promote
from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.known import Missing
from reconciler.domain.names import short
from reconciler.plan.overridden import how_many_passed
from reconciler.plan.rungs.assessment import Assessment, hold
from reconciler.plan.situation import Situation, barred, in_doubt, next_environment
from reconciler.plan.way import objection


def candidate_cannot_be_read(situation: Situation, assessment: Assessment) -> Decision | None:
    """A candidate branch that cannot be read is a person's business, not a reason to train over it."""
    match situation.facts.candidate:
        case Missing(why=why):
            return hold(situation, assessment, "candidateUnreadable", why)
        case _:
            return None


def candidate_waits(situation: Situation, assessment: Assessment) -> Decision | None:
    """A candidate whose gates all say YES goes to the next environment, once that one lets it come."""
    candidate, gates = situation.candidate, assessment.gates
    if candidate is None or gates is None or gates.answer is not Answer.YES:
        return None
    digest = candidate.build.digest
    environment = next_environment(situation)
    if environment is None or barred(situation, digest) or _made_from_another_spec(situation):
        return None
    if objection(situation, environment):
        return None
    if doubt := in_doubt(situation, digest):
        return hold(situation, assessment, doubt[0], f"{short(digest)} is not proposed: {doubt[1]}")
    return propose(situation, assessment.of(situation), environment, gates)


def propose(situation: Situation, assessment: Assessment, environment: str, gates: Judgement) -> Decision | None:
    """The candidate of the situation, whose gates say YES, goes to the environment."""
    candidate = situation.candidate
    if candidate is None:
        return None
    return Promote(
        model=situation.name,
        environment=environment,
        digest=candidate.build.digest,
        code="gatesPassed",
        message=f"{short(candidate.build.digest)} {how_many_passed(gates)}",
        judgements=assessment.all,
    )


def _made_from_another_spec(situation: Situation) -> bool:
    """The spec or the parameters changed after the candidate was trained, so it is not what Git asks for."""
    candidate = situation.candidate
    if candidate is None or situation.facts.runs(candidate.build.digest):
        return False
    changed = situation.facts.fingerprint.differences(candidate.build.made_from)
    return "spec" in changed or "parameters" in changed
