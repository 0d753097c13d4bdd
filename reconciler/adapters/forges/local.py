"""The local forge: pull requests in the repository's own refs, so that a plain clone runs the whole loop without a service."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from reconciler.adapters.forges import answers
from reconciler.adapters.forges.records import BODY, COMMENTS, PULL, PULLS, PullRecord, Said, read_record
from reconciler.adapters.forges.text import clean_body, clean_title, cleaned
from reconciler.adapters.git import GitRepository
from reconciler.domain.changes import Proposal, PullRequest, PullState
from reconciler.domain.commits import RefUpdate
from reconciler.domain.names import Revision
from reconciler.domain.notices import Comment
from reconciler.errors import ConflictError

T = TypeVar("T")
_HEADS = "refs/heads/"
_ATTEMPTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A record, the commit that holds it, and the branch's tip."""

    record: PullRecord
    at: Revision
    tip: Revision | None

    def seen(self) -> PullRequest:
        return self.record.seen(self.tip)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """The refs of one moment, the pull requests in them by number, and for each base the branches that it contains."""

    refs: dict[str, Revision]
    pulls: dict[int, _Kept]
    contained: dict[str, frozenset[str]]

    def open_on(self, branch: str) -> _Kept | None:
        found = (k for k in self.pulls.values() if k.record.branch == branch and k.record.state is PullState.OPEN)
        return next(found, None)

    def one(self, number: int) -> _Kept:
        if number not in self.pulls:
            raise answers.unknown(number)
        return self.pulls[number]


class LocalForge:
    """ForgeReader and ForgeWriter on a repository. Every change is one compare-and-swap of all the refs that it touches."""

    def __init__(self, repository: GitRepository) -> None:
        self.repository = repository

    def pull_requests(self) -> tuple[PullRequest, ...]:
        """All, by number. An open one whose branch somebody merged by hand is seen as merged."""
        world = self._look()
        return tuple(self._by_hand(kept, world).seen() for _, kept in sorted(world.pulls.items()))

    def comments(self, number: int) -> Sequence[Said]:
        """What was said on the pull request, oldest first. Raises PermanentActError when there is none of that number."""
        return self._look().one(number).record.comments

    def propose(self, proposal: Proposal, at: datetime) -> PullRequest:
        """Have one open pull request for the branch. Raises PermanentActError when a branch does not exist."""
        wanted = cleaned(proposal)
        return self._settled(lambda: self._propose(wanted, at))

    def close(self, number: int, comment: str, at: datetime) -> PullRequest:
        """Close without merging and delete the branch; its commits stay reachable from the pull request."""
        return self._settled(lambda: self._close(number, clean_body(comment), at))

    def merge(self, number: int, expected: Revision, at: datetime, by: str = "") -> PullRequest:
        """Merge into the base and delete the branch. A base that moved meanwhile is merged into again."""
        return self._settled(lambda: self._merge(number, expected, at, by))

    def comment(self, comment: Comment, at: datetime) -> bool:
        """Have one comment of that key on the pull request, open or not."""
        said = Said(at=at, text=clean_body(comment.body), key=comment.key)
        return self._settled(lambda: self._comment(comment.number, said))

    def _settled(self, attempt: Callable[[], T]) -> T:
        """Try until nobody was quicker. Each attempt looks again, so a conflict that stays is reported by `attempt` itself."""
        for _ in range(_ATTEMPTS - 1):
            try:
                return attempt()
            except _OvertakenError:
                continue
        return attempt()

    def _propose(self, wanted: Proposal, at: datetime) -> PullRequest:
        world = self._look()
        for branch in (wanted.branch, wanted.base):
            if _HEADS + branch not in world.refs:
                raise answers.no_branch(branch)
        kept = world.open_on(wanted.branch)
        tip = world.refs[_HEADS + wanted.branch]
        number = kept.record.number if kept else max(world.pulls, default=0) + 1
        before = kept.record if kept else PullRecord(number=number, state=PullState.OPEN, branch="", base="", title="", body="")
        record = before.proposed(wanted)
        if record != before:
            word = "Update" if kept else "Open"
            self._move([self._write(kept, record, f"{word} pull request #{number}: {record.title}", at)])
        return record.seen(tip)

    def _comment(self, number: int, said: Said) -> bool:
        kept = self._look().one(number)
        before = kept.record.comments
        place = next((index for index, one in enumerate(before) if one.key == said.key), len(before))
        if place < len(before) and before[place].text == said.text:
            return False
        record = replace(kept.record, comments=(*before[:place], said, *before[place + 1 :]))
        self._move([self._write(kept, record, f"Comment on pull request #{number}\n\n{said.text}", said.at)])
        return True

    def _close(self, number: int, comment: str, at: datetime) -> PullRequest:
        world = self._look()
        kept = self._by_hand(world.one(number), world)
        match kept.record.state:
            case PullState.MERGED:
                raise answers.merged_already(kept.seen())
            case PullState.CLOSED:
                return kept.seen()
            case PullState.OPEN:
                said = (*kept.record.comments, Said(at=at, text=comment))
                record = replace(kept.record, state=PullState.CLOSED, comments=said)
                moves = [self._write(kept, record, f"Close pull request #{number}\n\n{comment}", at)]
                self._move([*moves, *self._delete_branch(kept)])
                return record.seen(None)

    def _merge(self, number: int, expected: Revision, at: datetime, by: str) -> PullRequest:
        world = self._look()
        stored = world.one(number)
        kept = self._by_hand(stored, world)
        pull = kept.seen()
        if kept.record.state is PullState.CLOSED:
            raise answers.closed_already(pull)
        if stored.record.state is PullState.MERGED:
            return pull
        base = world.refs.get(_HEADS + pull.base)
        if not base:
            raise answers.no_branch(pull.base)
        if stored.tip is None or stored.tip != expected:
            raise answers.tip_moved(stored.seen(), expected)
        if pull.draft and kept.record.state is PullState.OPEN:
            raise answers.is_draft(pull)
        moves: list[RefUpdate] = []
        merged = kept.record.merged
        if not merged:
            merged = self._merge_commit(pull, base, expected, at, by)
            moves = [RefUpdate(ref=_HEADS + pull.base, new=merged, expected=base)]
        record = replace(stored.record, state=PullState.MERGED, merged=merged)
        write = self._write(stored, record, f"Merge pull request #{number}: {record.title}", at)
        self._move([*moves, write, *self._delete_branch(stored)])
        return record.seen(None)

    def _merge_commit(self, pull: PullRequest, base: Revision, tip: Revision, at: datetime, by: str) -> Revision:
        message = f"Merge pull request #{pull.number} from {pull.branch}\n\n{pull.title}"
        if by:
            message += f"\n\nMerged-by: {clean_title(by)}"
        try:
            return self.repository.merge(base=base, tip=tip, message=message, at=at)
        except ConflictError as error:
            raise answers.does_not_merge(pull, error.message) from error

    def _look(self) -> _World:
        refs = dict(self.repository.refs(PULLS, _HEADS))
        pulls = {ref: commit for ref, commit in refs.items() if ref.startswith(PULLS)}
        names = [f"{commit}:{name}" for commit in pulls.values() for name in (PULL, BODY, COMMENTS)]
        contents = self.repository.objects(names)
        kept = {}
        for ref, commit in pulls.items():
            files = {n: contents[f"{commit}:{n}"] for n in (PULL, BODY, COMMENTS) if f"{commit}:{n}" in contents}
            record = read_record(ref, files)
            kept[record.number] = _Kept(record=record, at=commit, tip=refs.get(_HEADS + record.branch))
        bases = {k.record.base for k in kept.values() if k.record.state is PullState.OPEN and k.tip}
        known = {base: refs[_HEADS + base] for base in bases if _HEADS + base in refs}
        return _World(refs=refs, pulls=kept, contained={b: self.repository.branches_in(tip) for b, tip in known.items()})

    def _by_hand(self, kept: _Kept, world: _World) -> _Kept:
        """The pull request as merged, when it is open but its branch is in the base already (`git merge` by a person)."""
        record = kept.record
        inside = _HEADS + record.branch in world.contained.get(record.base, frozenset())
        if record.state is not PullState.OPEN or not kept.tip or not inside:
            return kept
        merged = self.repository.entered(base=world.refs[_HEADS + record.base], tip=kept.tip)
        return replace(kept, record=replace(record, state=PullState.MERGED, merged=merged))

    def _write(self, before: _Kept | None, record: PullRecord, message: str, at: datetime) -> RefUpdate:
        """The new record's commit and the move of its ref. A finished one keeps the branch's commits reachable."""
        parents = [before.at] if before else []
        if before and before.tip and record.state is not PullState.OPEN:
            parents.append(before.tip)
        commit = self.repository.commit_record(parents=parents, files=record.to_files(), message=message, at=at)
        return RefUpdate(ref=record.ref, new=commit, expected=before.at if before else None)

    def _delete_branch(self, kept: _Kept) -> list[RefUpdate]:
        return [RefUpdate(ref=_HEADS + kept.record.branch, new=None, expected=kept.tip)] if kept.tip else []

    def _move(self, updates: Sequence[RefUpdate]) -> None:
        """Move the refs; when one of them has moved meanwhile, say so in a way that means: look again."""
        try:
            self.repository.update(updates)
        except ConflictError as error:
            now = self.repository.refs(*(u.ref for u in updates))
            if any(now.get(u.ref) != u.expected for u in updates):
                raise _OvertakenError(error.message, help=error.help) from error
            raise


class _OvertakenError(ConflictError):
    """Somebody moved a ref between the look and the move."""
