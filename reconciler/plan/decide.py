"""Decide for one model: a ladder read top-down; the first rung that has something to say wins. Pure."""

from dataclasses import replace

from reconciler.domain.decisions import Decision, Rung
from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.names import Digest, short
from reconciler.plan.onward import all_on_their_way
from reconciler.plan.rungs.assessment import Assessment, Say, hold
from reconciler.plan.rungs.candidate import candidate_cannot_be_read, candidate_waits
from reconciler.plan.rungs.change import change_is_open
from reconciler.plan.rungs.measuring import baseline_moved, more_is_asked
from reconciler.plan.rungs.onward import release_goes_on
from reconciler.plan.rungs.retrain import retrain_is_due
from reconciler.plan.rungs.rollout import rollout_is_under_way, rollout_moves
from reconciler.plan.rungs.stopped import held_by_a_person, ledger_is_broken
from reconciler.plan.rungs.unwell import live_is_unwell
from reconciler.plan.situation import Situation, barred, judge_gates, judge_guards, judge_trigger, next_environment
from reconciler.plan.way import judge_way, objection

LADDER: tuple[tuple[Rung, Say], ...] = (
    (Rung.HELD_BY_A_PERSON, held_by_a_person),
    (Rung.LIVE_IS_UNWELL, live_is_unwell),
    (Rung.LEDGER_IS_BROKEN, ledger_is_broken),
    (Rung.ROLLOUT_MOVES, rollout_moves),
    (Rung.BASELINE_MOVED, baseline_moved),
    (Rung.MORE_IS_ASKED, more_is_asked),
    (Rung.RELEASE_GOES_ON, release_goes_on),
    (Rung.CHANGE_IS_OPEN, change_is_open),
    (Rung.ROLLOUT_IS_UNDER_WAY, rollout_is_under_way),
    (Rung.CANDIDATE_CANNOT_BE_READ, candidate_cannot_be_read),
    (Rung.CANDIDATE_WAITS, candidate_waits),
    (Rung.RETRAIN_IS_DUE, retrain_is_due),
)
"""From the top; below the last rung nothing is due."""


def decide(situation: Situation) -> Decision:
    """One decision for the model, with the reason and everything that the rules said."""
    trigger = judge_trigger(situation)
    assessment = Assessment(
        gates=judge_gates(situation), trigger=trigger, guards=judge_guards(situation, trigger), way=_ways(situation)
    )
    for rung, say in LADDER:
        decision = say(situation, assessment)
        if decision is not None:
            return replace(decision, rung=rung)
    waiting = [stopped for subject in all_on_their_way(situation) if (stopped := _stopped(subject))]
    stops = [f"{short(digest)} waits: {stopped.message}" for digest, stopped in waiting]
    said = (_why_not_proposed(situation, assessment), *stops, _withheld(situation), _why_not_due(assessment))
    return hold(situation, assessment, waiting[0][1].code if waiting else "fresh", "; ".join(filter(None, said)))


def _ways(situation: Situation) -> tuple[Judgement, ...]:
    """What environments ask of all that is on its way to them."""
    subjects = ((subject, to) for subject in all_on_their_way(situation) if (to := next_environment(subject)))
    return tuple(said for subject, to in subjects for said in judge_way(subject, to))


def _stopped(subject: Situation) -> tuple[Digest, Judgement] | None:
    """What has passed its gates, and what it waits for; None of all else."""
    candidate, to, gates = subject.candidate, next_environment(subject), judge_gates(subject)
    if candidate is None or to is None or gates is None or gates.answer is not Answer.YES:
        return None
    digest = candidate.build.digest
    stopped = None if barred(subject, digest) else objection(subject, to)
    return (digest, stopped) if stopped else None


def _why_not_proposed(situation: Situation, assessment: Assessment) -> str:
    """What bars a candidate whose gates all say YES; empty when nothing does, or when there is none."""
    candidate, gates = situation.candidate, assessment.gates
    if candidate is None or gates is None or gates.answer is not Answer.YES:
        return ""
    reason = barred(situation, candidate.build.digest)
    return f"{short(candidate.build.digest)} is not proposed: {reason[1]}" if reason else ""


def _withheld(situation: Situation) -> str:
    """Environments whose release is not published; empty when all that main says is proven."""
    facts = situation.facts
    found = [(environment, why) for environment in facts.environments if (why := facts.objection(environment))]
    return "; ".join(f"what main wants in {environment} is not published: {why}" for environment, why in found)


def _why_not_due(assessment: Assessment) -> str:
    unsure = [leaf for leaf in assessment.trigger.leaves() if leaf.answer is Answer.UNKNOWN]
    if unsure:
        return "no trigger fires; cannot tell: " + "; ".join(f"{leaf.rule}: {leaf.message}" for leaf in unsure)
    return "no trigger fires"
