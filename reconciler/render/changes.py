"""What people changed in the specs since the live model was released, as a diff. Pure."""

from collections.abc import Iterator
from difflib import unified_diff

from reconciler.render.review import Review
from reconciler.specs.paths import spec_files

CONTEXT = 2
"""Lines around each change."""


def spec_difference(review: Review) -> str:
    """A unified diff of the model's spec, its dataset's contract and its policies; empty when nothing changed or is live."""
    before = review.wanted
    if not before:
        return ""
    paths = sorted({*before, *spec_files(review.model)})
    return "\n".join(line for path in paths for line in _changes(path, before.get(path, ""), review))


def _changes(path: str, old: str, review: Review) -> Iterator[str]:
    new = review.specs.files.get(path, b"").decode(errors="replace")
    yield from unified_diff(old.splitlines(), new.splitlines(), path, path, n=CONTEXT, lineterm="")
