"""Merge a pull request that needs nobody's approval, after a look at its very bytes."""

from datetime import datetime

from reconciler.domain.names import COMMITTER
from reconciler.domain.steps import Merge
from reconciler.errors import PermanentActError
from reconciler.ports import Readers, Writers


def merge(step: Merge, at: datetime, readers: Readers, writers: Writers) -> str:
    """Merge what the step describes, and nothing else. Raises PermanentActError when the branch holds other bytes."""
    if odd := differing(step, readers):
        named = ", ".join(odd[:3]) + (f" and {len(odd) - 3} more" if len(odd) > 3 else "")
        message = f"pull request #{step.number} does not merge itself: its branch is not what was judged ({named})"
        raise PermanentActError(message, help=f"git diff {step.base[:12]} {step.expected[:12]}")
    pull = writers.forge.merge(step.number, step.expected, at, by=COMMITTER[0])
    return f"merged pull request #{pull.number} into {step.environment}"


def differing(step: Merge, readers: Readers) -> list[str]:
    """Paths whose bytes on the branch are neither main's nor those of the step, sorted. A signature may be any."""
    kept = {path: content for path, content in readers.repository.files(step.base).items() if path not in step.files}
    wanted = kept | {path: text.encode() for path, text in step.files.items() if text is not None}
    found = dict(readers.repository.files(step.expected))
    if step.signed and step.signed in found:
        wanted[step.signed] = found[step.signed]
    return sorted(path for path in wanted.keys() | found.keys() if wanted.get(path) != found.get(path))
