"""DVC's remote in memory, for tests: what is there, and what keeps it from answering."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reconciler.errors import ObserveError, TransientActError


@dataclass(slots=True, kw_only=True)
class FakeDataRemote:
    """DataRemote and DataRemoteWriter. `trouble` is why nothing can be seen or pushed; `asked` counts questions."""

    there: set[str] = field(default_factory=set)
    trouble: str = ""
    asked: int = 0

    def absent(self, md5s: Sequence[str]) -> frozenset[str]:
        """Those that are not there."""
        self.asked += 1
        if self.trouble:
            raise ObserveError(self.trouble, help="dvc status --cloud")
        return frozenset(md5s) - self.there

    def push(self, md5s: Sequence[str]) -> None:
        """Have them there."""
        if self.trouble:
            raise TransientActError(self.trouble, help="dvc status --cloud")
        self.there |= set(md5s)
