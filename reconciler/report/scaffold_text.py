"""What `perennial init` did or would do: a line for each file that is not as it was, and the difference."""

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import unified_diff

from reconciler.domain.scaffold import Fate, Put

SIGNS = {
    Fate.SAME: " ",
    Fate.NEW: "+",
    Fate.UPDATED: "~",
    Fate.KEPT: " ",
    Fate.MERGED: "~",
    Fate.CONFLICT: "!",
    Fate.THEIRS: "?",
    Fate.GONE: " ",
    Fate.DROPPED: "-",
}
WORDS = {
    Fate.SAME: "is as it should be",
    Fate.NEW: "new",
    Fate.UPDATED: "updated; nobody had changed it",
    Fate.KEPT: "yours, kept",
    Fate.MERGED: "merged with your edits",
    Fate.CONFLICT: "CONFLICT: you and Perennial changed the same lines; both are in the file",
    Fate.THEIRS: "was there before, and is left alone; Perennial would have it so:",
    Fate.GONE: "removed by you, and stays away",
    Fate.DROPPED: "not needed any more",
}
_SHOWN = frozenset({Fate.UPDATED, Fate.MERGED, Fate.CONFLICT, Fate.THEIRS, Fate.DROPPED})


def scaffold_text(puts: Sequence[Put]) -> str:
    """Files in order, each with its diff; then how many of each kind. Ends with a newline."""
    lines = [line for one in puts if one.fate is not Fate.SAME for line in _file(one)]
    counts = Counter(one.fate for one in puts)
    return "\n".join([*lines, ", ".join(f"{counts[fate]} {fate}" for fate in Fate if counts[fate]), ""])


def scaffold_value(puts: Sequence[Put]) -> list[dict[str, str]]:
    """For programs: `[{path, fate}]`."""
    return [{"path": one.path, "fate": one.fate} for one in puts]


def _file(put: Put) -> Iterator[str]:
    yield f"{SIGNS[put.fate]} {put.path}  {WORDS[put.fate]}"
    if put.fate in _SHOWN:
        other = put.shipped if put.fate is Fate.THEIRS else put.after
        old, new = ((text or "").splitlines() for text in (put.before, other))
        yield from (f"    {line}" for line in unified_diff(old, new, put.path, put.path, n=2, lineterm=""))
