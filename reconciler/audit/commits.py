"""Commits as people: who made one, or asked Perennial to make it."""

import re

from reconciler.audit.story import Commit
from reconciler.domain.commits import CommitInfo
from reconciler.domain.names import COMMITTER, Revision
from reconciler.errors import ObserveError
from reconciler.ports import RepositoryReader

_MERGED_BY = re.compile(r"^Merged-by: (.+)$", re.MULTILINE)
_NOBODY = f"{COMMITTER[0]}, nobody is named"


def commit_of(repository: RepositoryReader, revision: Revision) -> Commit | None:
    """The commit; None when the repository does not have it."""
    try:
        info = repository.commit_info(revision)
    except ObserveError:
        return None
    return Commit(revision=revision, by=who(info), at=info.at, subject=info.message.split("\n", 1)[0])


def who(commit: CommitInfo) -> str:
    """The author; of what Perennial committed the person whom it names as the one who asked."""
    if commit.author != f"{COMMITTER[0]} <{COMMITTER[1]}>":
        return commit.author
    named = _MERGED_BY.findall(commit.message)
    return named[-1].strip() if named else _NOBODY
