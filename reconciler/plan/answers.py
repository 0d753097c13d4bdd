"""From what people ask for in comments to steps: each is done first and answered then, and answered once. Pure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import assert_never

from reconciler.domain.conversations import CommentCommand, Question
from reconciler.domain.decisions import Decision
from reconciler.domain.names import hold_branch, hold_path, rollback_branch
from reconciler.domain.notices import Comment
from reconciler.domain.steps import ProposeHold, ProposeRollback, Record, Step, Tell
from reconciler.domain.world import World
from reconciler.plan.commands import USAGE, Explain, HoldIt, Retry, Rollback, Unclear, parse
from reconciler.plan.record import retry_event
from reconciler.plan.situation import Situation
from reconciler.render.answer import addressed, explanation
from reconciler.render.markdown import code, prose
from reconciler.rules.fields import time_text
from reconciler.specs.draft.hold_text import hold_text

RETRY_FOR = timedelta(days=1)
"""Another try is asked for now, not for some day."""
NOT_HEARD = "Perennial hears `/perennial` only from people who may push to this repository.\n"


def answer_steps(world: World, situations: Mapping[str, Situation], decisions: Sequence[Decision]) -> list[Step]:
    """What follows from the questions about these models, oldest first; nothing for those who may not ask."""
    decided = {decision.model: decision for decision in decisions}
    return [
        step
        for question in world.questions
        if question.command.permission.may_write and question.model in decided
        for step in _answered(question, situations[question.model], decided[question.model], world)
    ]


def unheard(world: World) -> list[Tell]:
    """One comment for each pull request on which somebody asks who may not."""
    asked = {one.command.number: one.model for one in world.questions if not one.command.permission.may_write}
    comments = [(model, Comment(number=number, key="notHeard", body=NOT_HEARD)) for number, model in sorted(asked.items())]
    return [Tell(model=model, notice=comment) for model, comment in comments]


def _answered(question: Question, situation: Situation, decision: Decision, world: World) -> list[Step]:
    command = question.command
    match parse(command.words, command.at):
        case Explain():
            return [_reply(question, explanation(decision))]
        case Retry():
            return _retry(question, situation)
        case Rollback():
            return [_roll_back(question, situation, world)]
        case HoldIt() as wanted:
            held = situation.facts.hold
            if held and not held.environments:
                return [_reply(question, f"{prose(held.owner)} holds it already.")]
            return [_hold(question, wanted, world)]
        case Unclear(why=why):
            return [_reply(question, f"{prose(why)}. Known are: {code(USAGE)}.")]
        case other:
            assert_never(other)


def _reply(question: Question, text: str) -> Tell:
    return Tell(model=question.model, notice=_comment(question.command, text))


def _comment(command: CommentCommand, text: str) -> Comment:
    return Comment(number=command.number, key=command.answer_key, body=addressed(command.author, text))


def _retry(question: Question, situation: Situation) -> list[Step]:
    """On the record first: the line's id is the comment's, so it is written once however often a pass dies."""
    command, history = question.command, situation.facts.history
    until = command.at + RETRY_FOR
    event = retry_event(question.model, situation.now, command, until)
    lifted = _reply(question, f"the wait after {history.failures} failed trainings is lifted for one more try.")
    if event.id in history.events:
        return [lifted]
    if history.broken:
        return [_reply(question, f"nothing is written to a ledger that is broken: {prose(history.broken)}")]
    if history.failures == 0:
        return [_reply(question, "no training failed since the last good one, so there is nothing to lift.")]
    if situation.now >= until:
        return [_reply(question, f"that was asked at {time_text(command.at)}, which is too long ago: ask again.")]
    return [Record(event=event), lifted]


def _roll_back(question: Question, situation: Situation, world: World) -> Step:
    """A proposal: a comment is no review, so nothing that it asks for reaches main without one."""
    model, environment, command = question.model, question.environment, question.command
    if environment not in situation.facts.releases:
        return _reply(question, f"{code(environment)} runs nothing of {code(model)}, so there is nothing to roll back.")
    branch = rollback_branch(model, environment)
    return ProposeRollback(
        model=model,
        environment=environment,
        branch=branch,
        replaces=world.branches.get(branch),
        why=f"Asked for by {command.author} in #{command.number}.",
        answer=_comment(command, "a roll-back is proposed; it takes effect when it is merged:"),
    )


def _hold(question: Question, wanted: HoldIt, world: World) -> ProposeHold:
    model, command = question.model, question.command
    path, branch = hold_path(model), hold_branch(model)
    reason = f"{wanted.reason} (asked for in #{command.number})"
    return ProposeHold(
        model=model,
        base=world.head,
        branch=branch,
        replaces=world.branches.get(branch),
        path=path,
        text=hold_text(model, reason, command.author, wanted.until),
        title=f"Hold {model}",
        body=f"{code(command.author)} asks for it: {prose(wanted.reason)}\n\nIt takes effect when it is merged.\n",
        answer=_comment(command, "a hold is proposed; it takes effect when it is merged:"),
    )
