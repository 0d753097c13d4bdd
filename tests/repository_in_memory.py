"""A repository in memory: as many sequences as are wanted, where real ones take a tenth of a second each."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reconciler.domain.commits import RefUpdate
from reconciler.domain.names import Revision
from reconciler.errors import ConflictError


@dataclass
class RepositoryInMemory:
    """The parts of RepositoryReader and RepositoryWriter that acting needs. A commit that it does not know has no files."""

    heads: dict[str, Revision] = field(default_factory=dict)
    trees: dict[Revision, dict[str, bytes]] = field(default_factory=dict)

    def refs(self, *prefixes: str) -> Mapping[str, Revision]:
        return {ref: tip for ref, tip in self.heads.items() if any(f"{ref}/".startswith(f"{p.rstrip('/')}/") for p in prefixes)}

    def files(self, revision: Revision, *prefixes: str) -> Mapping[str, bytes]:
        tree = self.trees.get(revision, {})
        return {path: text for path, text in tree.items() if not prefixes or path.startswith(prefixes)}

    def commit(
        self, *, parent: Revision | None, files: Mapping[str, bytes | None], message: str, at: datetime, whole: bool = False
    ) -> Revision:
        tree = {**(self.trees.get(parent, {}) if parent and not whole else {}), **files}
        kept = {path: text for path, text in sorted(tree.items()) if text is not None}
        name = hashlib.sha1(repr((parent, kept, message, at)).encode(), usedforsecurity=False).hexdigest()
        self.trees[Revision(name)] = kept
        return Revision(name)

    def update(self, updates: Sequence[RefUpdate]) -> None:
        for update in updates:
            if self.heads.get(update.ref) != update.expected:
                raise ConflictError(f"{update.ref} is elsewhere", help="perennial reconcile")
        for update in updates:
            if update.new:
                self.heads[update.ref] = update.new
            else:
                self.heads.pop(update.ref, None)
