"""Rungs on which a rollout is under way: its traffic moves, or it waits and with it what would come after. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from reconciler.domain.decisions import Advance as Moved
from reconciler.domain.decisions import Decision, RollBack
from reconciler.domain.judgements import Judgement, yes
from reconciler.domain.names import short
from reconciler.domain.rollouts import Abort, Advance, Changeover, Finish, Hold, Move, Weights
from reconciler.plan.rungs.assessment import Assessment, hold
from reconciler.plan.rungs.unwell import take_back
from reconciler.plan.situation import Situation

HARMLESS = frozenset({"liveIsBest", "noGain", "overdue"})
"""Codes of a release that is not wanted, but did no harm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What comes next in one environment, and who gets what then."""

    environment: str
    changeover: Changeover
    move: Move

    @property
    def message(self) -> str:
        """For people."""
        return f"{self.environment}: {self.move.why}"

    @property
    def weights(self) -> Weights:
        """Percent by digest after the move; without a part in it the live release has all of them."""
        match self.move:
            case Advance(weights=weights):
                return weights
            case Finish(release=release):
                return {release: 100}
            case Abort():
                return {self.changeover.live.digest: 100}
            case Hold():
                return shared_now(self.changeover)
            case _:
                assert_never(self.move)


def rollout_moves(situation: Situation, assessment: Assessment) -> Decision | None:
    """The first environment whose rollout begins, goes a step on, ends, or is taken back.

    What is taken back goes back on main as well. Where automation may not write that, the requests go back all the same.
    """
    for turn in turns(situation):
        back = taken_back(situation, assessment, turn)
        if isinstance(back, RollBack):
            return back
        if turn.weights != shared_now(turn.changeover):
            return Moved(
                model=situation.name,
                environment=turn.environment,
                weights=turn.weights,
                code=turn.move.code,
                message=turn.message,
                judgements=(*turn.move.judgements, *assessment.all),
            )
    return None


def rollout_is_under_way(situation: Situation, assessment: Assessment) -> Decision | None:
    """A rollout waits: nothing is proposed or trained meanwhile, because it would be compared with what is about to change."""
    for turn in turns(situation):
        waits = hold(situation, assessment, turn.move.code, turn.message)
        back = taken_back(situation, assessment, turn)
        return replace(back or waits, judgements=(*turn.move.judgements, *assessment.all))
    return None


def taken_back(situation: Situation, assessment: Assessment, turn: Turn) -> Decision | None:
    """A roll-back on main, or why there is none; None when the move is no abort."""
    if not isinstance(turn.move, Abort):
        return None
    alarm = alarm_of(situation, turn)
    back = take_back(situation, assessment, turn.environment, alarm, turn.move.judgements)
    return replace(back, quarantines=turn.move.code not in HARMLESS) if isinstance(back, RollBack) else back


def alarm_of(situation: Situation, turn: Turn) -> Judgement:
    """What a rollout that aborts says, as an alarm would."""
    return yes(situation.rollout.type, turn.move.code, turn.move.why)


def turns(situation: Situation) -> Iterator[Turn]:
    """What comes next in each environment with a rollout under way, in the order of promotion."""
    for environment in situation.facts.environments:
        if (changeover := situation.facts.rollouts.get(environment)) is not None:
            move = _move(situation, environment, changeover)
            yield Turn(environment=environment, changeover=changeover, move=move)


def shared_now(changeover: Changeover) -> Weights:
    """Percent by digest: before a rollout begins, the live release has all."""
    return changeover.progress.weights or {changeover.live.digest: 100}


def _move(situation: Situation, environment: str, changeover: Changeover) -> Move:
    """What the policy says, of a release that may run there at all."""
    facts, wanted = situation.facts, changeover.wanted.digest
    if doubt := facts.objection(environment):
        return Hold(code="unproven", why=f"{short(wanted)} gets no requests: {doubt}")
    if wanted in facts.quarantine:
        return Abort(code="quarantined", why=f"{short(wanted)} is quarantined: {facts.quarantine[wanted]}")
    commit = facts.introduced.get(environment)
    if commit and (ended := facts.history.aborted.get((environment, commit))):
        return Abort(code=ended.code, why=ended.why)
    move = situation.rollout.next_move(changeover.progress, changeover.facts, situation.now)
    note = facts.hold
    if isinstance(move, Abort | Hold) or note is None or environment not in note.environments:
        return move
    if note.until is not None and situation.now >= note.until:
        return move
    return Hold(code="held", why=f"{environment} is held by {note.owner}: {note.reason}", judgements=move.judgements)
