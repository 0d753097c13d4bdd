"""The rung on which what an environment runs goes on to the next one. Pure.

It stands above what is new: however many candidates are trained meanwhile, none of them keeps a release from going on.
"""

from reconciler.domain.decisions import Decision
from reconciler.domain.judgements import Answer
from reconciler.plan.onward import going_on
from reconciler.plan.rungs.assessment import Assessment
from reconciler.plan.rungs.candidate import propose
from reconciler.plan.rungs.change import follow_up
from reconciler.plan.situation import Situation, barred, in_doubt, next_environment
from reconciler.plan.way import objection


def release_goes_on(situation: Situation, assessment: Assessment) -> Decision | None:
    """The release that is furthest: its open pull request is followed up, or it is proposed when it has soaked."""
    for subject in going_on(situation):
        decision = _goes_on(subject, assessment.of(subject))
        if decision is not None:
            return decision
    return None


def _goes_on(subject: Situation, assessment: Assessment) -> Decision | None:
    candidate, environment, gates = subject.candidate, next_environment(subject), assessment.gates
    if candidate is None or environment is None:
        return None
    change = next((change for change in subject.facts.changes if change.environment == environment), None)
    if change is not None:
        return follow_up(subject, assessment, change)
    if subject.facts.rollouts or gates is None or gates.answer is not Answer.YES or objection(subject, environment):
        return None  # beside a rollout that is under way it would be compared with what is about to change
    if barred(subject, candidate.build.digest) or in_doubt(subject, candidate.build.digest):
        return None
    return propose(subject, assessment, environment, gates)
