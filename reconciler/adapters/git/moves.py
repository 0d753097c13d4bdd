"""What moves of refs have in common, here and on a remote: names that are safe, and what is said when one is elsewhere."""

import re
from collections.abc import Iterable, Mapping, Sequence

from reconciler.adapters.git.process import GitProcess
from reconciler.domain.commits import RefUpdate
from reconciler.domain.names import Revision, short
from reconciler.errors import ConflictError, PermanentActError

_NO_OBJECT = "0" * 40
_REF = re.compile(r"refs(/(?!\.)[^\x00-\x20\x7f~^:?*\[\\/]+(?<!\.lock)(?<!\.))+")

Held = Mapping[str, tuple[str, str]]
"""Ref to what it holds and what that peels to: a tag object and its commit, or twice the same commit."""


def check_name(ref: str) -> None:
    """Raises PermanentActError for what cannot be the name of a ref."""
    if not _REF.fullmatch(ref) or ".." in ref or "@{" in ref:
        raise PermanentActError(f"{ref!r} cannot be the name of a ref", help="git check-ref-format")


def held_by(git: GitProcess, refs: Sequence[str]) -> dict[str, tuple[str, str]]:
    """What those of the refs hold that exist."""
    out = git.read("for-each-ref", "--format=%(refname) %(objectname) %(*objectname)", *refs)
    rows = (line.split(" ", 2) for line in out.decode(errors="surrogateescape").split("\n")[:-1])
    return {ref: (name, peeled or name) for ref, name, peeled in rows if ref in refs}


def as_held(updates: Iterable[RefUpdate], held: Held) -> list[RefUpdate]:
    """The updates with `expected` as the ref holds it: a tag object, where readers see its commit. Raises ConflictError."""
    raw = []
    for update in updates:
        found = held.get(update.ref)
        if update.expected is None and found:
            raise conflict(update, found[1])
        if update.expected is not None and (not found or update.expected not in found):
            raise conflict(update, found[1] if found else None)
        raw.append(RefUpdate(ref=update.ref, new=update.new, expected=Revision(found[0]) if found else None))
    return raw


def update_line(update: RefUpdate) -> str:
    """The move for `git update-ref --stdin -z`."""
    return f"update {update.ref}\0{update.new or _NO_OBJECT}\0{update.expected or _NO_OBJECT}\0"


def conflict(update: RefUpdate, found: str | None) -> ConflictError:
    """The ref is not where it was expected."""
    expected = short(update.expected) if update.expected else "absent"
    return ConflictError(
        f"{update.ref} has moved: expected {expected}, found {short(found) if found else 'absent'}", help="perennial reconcile"
    )
