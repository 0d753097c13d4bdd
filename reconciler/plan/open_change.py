"""What an open pull request needs: to be rebuilt, or only described anew, or to be merged, or nothing. Pure."""

from reconciler.domain.changes import find_marker, labels_beside
from reconciler.domain.decisions import Hold, Promote
from reconciler.domain.facts import OpenChange
from reconciler.domain.names import promotion_branch
from reconciler.domain.steps import Describe, Merge, Propose, Step
from reconciler.plan.labels import labels_for
from reconciler.plan.not_now import NOT_NOW, noted
from reconciler.plan.onward import about
from reconciler.plan.situation import Situation
from reconciler.plan.way import objection

DOUBTS = ("changeInDoubt", "changeOutOfTurn", "unproven", NOT_NOW)
"""Codes of decisions by which an open pull request must not be merged now: it is a draft for so long."""


def follow_up(decision: Promote, change: OpenChange, proposal: Propose) -> list[Step]:
    """The branch is written anew when it holds something else than it should, which a move of main brings about."""
    marker = find_marker(proposal.body)
    if change.tip is None or marker is None or change.content != marker.content:
        return [proposal]
    described = _described(change, decision.model, proposal.title, proposal.body, proposal.labels, draft=False)
    if described or decision.code != "mergesItself":
        return described
    return [
        Merge(
            model=decision.model,
            environment=decision.environment,
            number=change.number,
            expected=change.tip,
            base=proposal.base,
            files=proposal.files,
            signed=proposal.sign.path if proposal.sign else None,
        )
    ]


def doubted(decision: Hold, situation: Situation) -> list[Step]:
    """A pull request that must not be merged now becomes a draft."""
    changes = situation.facts.changes
    if decision.code not in DOUBTS or not changes:
        return []
    change = next((change for change in changes if change.number == decision.number), changes[0])
    if change.tip is None:
        return []
    stopped = objection(about(situation, change.digest), change.environment) if decision.code == NOT_NOW else None
    body = noted(change.body, stopped) if stopped else change.body
    labels = labels_for(situation, change.environment, None)
    return _described(change, decision.model, change.title, body, labels, draft=True)


def _described(change: OpenChange, model: str, title: str, body: str, labels: tuple[str, ...], *, draft: bool) -> list[Step]:
    """The step that brings it up to date; none when it is.

    That it is a draft or ready follows from the verdict, so it is set when that label is. Not every forge has drafts, and a
    person may want one: the word alone is no reason to do anything.
    """
    if (change.title, change.body, change.labels) == (title, body, labels_beside(change.labels, labels)):
        return []
    branch = promotion_branch(model, change.environment)
    return [Describe(model=model, number=change.number, branch=branch, title=title, body=body, labels=labels, draft=draft)]
