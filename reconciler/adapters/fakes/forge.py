"""A forge in memory, for tests of the layers above: same promises as the real ones, held by the same contract tests."""

import hashlib
from collections.abc import MutableMapping
from dataclasses import replace
from datetime import datetime

from reconciler.adapters.forges import answers
from reconciler.adapters.forges.text import clean_body, cleaned
from reconciler.domain.changes import Proposal, PullRequest, PullState, labels_beside
from reconciler.domain.names import Revision
from reconciler.domain.notices import Comment


class FakeForge:
    """ForgeReader and ForgeWriter.

    `branches` maps a short branch name to its tip and is the caller's to move; those in `conflicting` do not merge cleanly.
    `pulls` is the caller's to change, too: what people label, review and push. `asked` are the reviewers of each.
    """

    def __init__(self, branches: MutableMapping[str, Revision], author: str = "") -> None:
        self.branches = branches
        self.author = author
        self.conflicting: set[str] = set()
        self.comments: dict[int, list[str]] = {}
        self.keyed: dict[tuple[int, str], str] = {}
        self.asked: dict[int, tuple[str, ...]] = {}
        self.pulls: dict[int, PullRequest] = {}

    def pull_requests(self) -> tuple[PullRequest, ...]:
        """All, by number."""
        return tuple(self._seen(pull) for _, pull in sorted(self.pulls.items()))

    def propose(self, proposal: Proposal, at: datetime) -> PullRequest:  # noqa: ARG002 - the port's signature
        """Have one open pull request for the branch."""
        wanted = cleaned(proposal)
        for branch in (wanted.branch, wanted.base):
            if branch not in self.branches:
                raise answers.no_branch(branch)
        open_ones = (p for p in self.pulls.values() if p.branch == wanted.branch and p.state is PullState.OPEN)
        found = next(open_ones, None)
        number = found.number if found else len(self.pulls) + 1
        self.asked[number] = tuple(dict.fromkeys((*self.asked.get(number, ()), *wanted.reviewers)))
        self.pulls[number] = PullRequest(
            number=number,
            state=PullState.OPEN,
            branch=wanted.branch,
            base=wanted.base,
            title=wanted.title,
            body=wanted.body,
            tip=self.branches[wanted.branch],
            merged=None,
            approved_by=found.approved_by if found else (),
            labels=labels_beside(found.labels if found else (), wanted.labels),
            draft=wanted.draft,
            author=found.author if found else self.author,
            foreign=found.foreign if found else (),
        )
        return self._seen(self.pulls[number])

    def close(self, number: int, comment: str, at: datetime) -> PullRequest:  # noqa: ARG002 - the port's signature
        """Close without merging, leave the comment, and delete the branch."""
        pull = self._one(number)
        if pull.state is PullState.MERGED:
            raise answers.merged_already(pull)
        if pull.state is PullState.OPEN:
            self.comments.setdefault(number, []).append(comment)
            self._finish(replace(pull, state=PullState.CLOSED))
        return self._one(number)

    def merge(self, number: int, expected: Revision, at: datetime, by: str = "") -> PullRequest:  # noqa: ARG002
        """Merge into the base and delete the branch."""
        pull = self._one(number)
        if pull.state is PullState.MERGED:
            return pull
        if pull.state is PullState.CLOSED:
            raise answers.closed_already(pull)
        if pull.tip != expected:
            raise answers.tip_moved(pull, expected)
        if pull.draft:
            raise answers.is_draft(pull)
        if pull.branch in self.conflicting:
            raise answers.does_not_merge(pull, "it does not merge cleanly")
        text = f"{self.branches[pull.base]} {expected} {at.isoformat()}"
        merged = Revision(hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())
        self.branches[pull.base] = merged
        self._finish(replace(pull, state=PullState.MERGED, merged=merged))
        return self._one(number)

    def comment(self, comment: Comment, at: datetime) -> bool:  # noqa: ARG002 - the port's signature
        """Have one comment of that key on the pull request."""
        self._one(comment.number)
        place, body = (comment.number, comment.key), clean_body(comment.body)
        if self.keyed.get(place) == body:
            return False
        self.keyed[place] = body
        return True

    def _finish(self, pull: PullRequest) -> None:
        self.pulls[pull.number] = pull
        self.branches.pop(pull.branch, None)

    def _one(self, number: int) -> PullRequest:
        if number not in self.pulls:
            raise answers.unknown(number)
        return self._seen(self.pulls[number])

    def _seen(self, pull: PullRequest) -> PullRequest:
        return replace(pull, tip=self.branches.get(pull.branch) if pull.state is PullState.OPEN else None)
