"""What is done to pull requests: their branch first, then their words, then the line in the ledger: a crash loses none."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from reconciler.act.ledger import Ledger
from reconciler.act.merge import merge
from reconciler.act.rollback import Wanted, restoration
from reconciler.domain.changes import Proposal
from reconciler.domain.commits import RefUpdate
from reconciler.domain.names import MAIN, Revision
from reconciler.domain.notices import Comment
from reconciler.domain.steps import Close, Describe, Merge, Propose, ProposeHold, ProposeRollback, PullStep, Sign, TakeBack
from reconciler.errors import PermanentActError, UnprovenError
from reconciler.ports import Readers, Writers
from reconciler.render.markdown import code, prose

HEADS = "refs/heads/"


def on_pull(step: PullStep, at: datetime, readers: Readers, writers: Writers) -> str:
    """Do it, and say what was done. Raises ActError or ConflictError."""
    match step:
        case Propose() | TakeBack():
            return _propose(step, at, readers, writers)
        case Describe():
            return _describe(step, at, writers)
        case Merge():
            return merge(step, at, readers, writers)
        case ProposeHold():
            return _propose_hold(step, at, writers)
        case ProposeRollback():
            return _propose_rollback(step, at, readers, writers)
        case Close():
            return f"closed pull request #{writers.forge.close(step.number, step.comment, at).number}"
        case _:
            assert_never(step)


def _propose(step: Propose | TakeBack, at: datetime, readers: Readers, writers: Writers) -> str:
    files = {path: None if text is None else text.encode() for path, text in step.files.items()}
    if step.sign:
        files[step.sign.path] = _signature(step.sign, writers)
    commit = writers.repository.commit(parent=step.base, files=files, message=step.commit_message, at=at)
    _move(step.branch, step.replaces, commit, writers)
    proposal = Proposal(
        branch=step.branch, base=MAIN, title=step.title, body=step.body, labels=step.labels, reviewers=step.reviewers
    )
    pull = writers.forge.propose(proposal, at)
    if isinstance(step, TakeBack):
        return f"pull request #{pull.number}: {step.title}"
    if step.follows is not None:
        writers.forge.comment(Comment(number=step.follows, key="successor", body=f"Followed by #{pull.number}.\n"), at)
    Ledger(readers.repository, writers.repository).record(step.event)
    return f"pull request #{pull.number}: {step.title}"


def _describe(step: Describe, at: datetime, writers: Writers) -> str:
    proposal = Proposal(branch=step.branch, base=MAIN, title=step.title, body=step.body, labels=step.labels, draft=step.draft)
    pull = writers.forge.propose(proposal, at)
    return f"pull request #{pull.number} is {'a draft' if step.draft else 'ready'}: {', '.join(step.labels)}"


def _propose_hold(step: ProposeHold, at: datetime, writers: Writers) -> str:
    files = {step.path: step.text.encode()}
    commit = writers.repository.commit(parent=step.base, files=files, message=f"{step.title}\n", at=at)
    _move(step.branch, step.replaces, commit, writers)
    return _asked_for(Proposal(branch=step.branch, base=MAIN, title=step.title, body=step.body), step.answer, at, writers)


def _propose_rollback(step: ProposeRollback, at: datetime, readers: Readers, writers: Writers) -> str:
    """That there is nothing to go back to, or nothing that is proven, is for whoever asked to know."""
    try:
        found = restoration(readers, Wanted(model=step.model, environment=step.environment, why=step.why))
    except (PermanentActError, UnprovenError) as error:
        writers.forge.comment(replace(step.answer, body=f"{prose(error.message)}.\n"), at)
        return f"answered on #{step.answer.number}: {error.message}"
    commit = writers.repository.commit(parent=found.head, files=found.files, message=found.message, at=at)
    _move(step.branch, step.replaces, commit, writers)
    title = found.message.split("\n", 1)[0]
    body = f"{prose(step.why)}\n\nWhat runs now is not offered to {code(step.environment)} again.\n"
    return _asked_for(Proposal(branch=step.branch, base=MAIN, title=title, body=body), step.answer, at, writers)


def _asked_for(proposal: Proposal, answer: Comment, at: datetime, writers: Writers) -> str:
    """Have it proposed, and answer with where that is."""
    pull = writers.forge.propose(proposal, at)
    writers.forge.comment(replace(answer, body=f"{answer.body.rstrip()} #{pull.number}\n"), at)
    return f"pull request #{pull.number}: {pull.title}"


def _move(branch: str, before: Revision | None, commit: Revision, writers: Writers) -> None:
    if commit != before:
        writers.repository.update([RefUpdate(ref=HEADS + branch, new=commit, expected=before)])


def _signature(sign: Sign, writers: Writers) -> bytes:
    if writers.signer is None:
        raise PermanentActError("there is nothing to sign releases with", help="set signing.key in pyproject.toml")
    return writers.signer.sign(sign.statement.encode())
