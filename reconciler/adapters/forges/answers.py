"""The errors of every forge, worded once, so that people meet the same sentence whichever forge they use."""

from reconciler.domain.changes import PullRequest
from reconciler.domain.names import Revision, short
from reconciler.errors import ConflictError, NotYetError, PermanentActError


def unknown(number: int) -> PermanentActError:
    """There is no such pull request."""
    return PermanentActError(f"there is no pull request #{number}", help="perennial pr list")


def merged_already(pull: PullRequest) -> ConflictError:
    """Asked to close what was merged."""
    return ConflictError(f"pull request #{pull.number} is merged already", help=f"perennial pr view {pull.number}")


def closed_already(pull: PullRequest) -> ConflictError:
    """Asked to merge what was closed."""
    return ConflictError(f"pull request #{pull.number} was closed without merging", help="perennial reconcile")


def not_yet(pull: PullRequest, why: str) -> NotYetError:
    """Asked to merge what checks or people have not let pass."""
    return NotYetError(f"pull request #{pull.number} may not be merged yet: {why}", help=f"perennial pr view {pull.number}")


def is_draft(pull: PullRequest) -> NotYetError:
    """Asked to merge what is in doubt."""
    return not_yet(pull, "it is a draft")


def no_branch(branch: str) -> PermanentActError:
    """A pull request needs two branches that exist."""
    return PermanentActError(f"there is no branch {branch}", help="perennial reconcile")


def tip_moved(pull: PullRequest, expected: Revision) -> ConflictError:
    """The branch is not what was reviewed."""
    found = short(pull.tip) if pull.tip else "no branch"
    return ConflictError(
        f"pull request #{pull.number} has moved: its tip was {short(expected)}, now {found}",
        help=f"perennial pr view {pull.number}",
    )


def does_not_merge(pull: PullRequest, why: str) -> ConflictError:
    """The base and the branch changed the same lines."""
    return ConflictError(
        f"pull request #{pull.number} cannot be merged into {pull.base}: {why}",
        help="perennial reconcile  (rebuilds the branch on the new base)",
    )
