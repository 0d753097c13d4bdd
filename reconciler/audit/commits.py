"""Commits as people: who made one, or asked Perennial to make it."""

from reconciler.audit.story import Commit
from reconciler.domain.commits import CommitInfo
from reconciler.domain.names import COMMITTER, Revision
from reconciler.errors import ObserveError
from reconciler.ports import RepositoryReader

MERGED_BY = "Merged-by: "
"""What the last paragraph of a merge by Perennial begins with."""
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
    further = commit.message.rstrip().split("\n\n")[2:]  # after the headline and the title, which others choose
    last = further[-1] if further else ""
    return last.removeprefix(MERGED_BY) if last.startswith(MERGED_BY) and "\n" not in last else _NOBODY
