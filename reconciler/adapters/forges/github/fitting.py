"""What GitHub keeps of long texts: at most 65,536 characters, so a longer one loses its middle and keeps its marker."""

from dataclasses import replace

from reconciler.adapters.forges.text import cleaned
from reconciler.domain.changes import Proposal

LONGEST = 65_000
_LONGEST_LABEL = 50
_CUT = "\n\n… GitHub takes no longer text; the rest is in the files of this pull request.\n\n"
_TAIL = 2_000


def fitted(text: str) -> str:
    """The text, or its beginning and its last 2,000 characters with a sentence between them."""
    if len(text) <= LONGEST:
        return text
    return text[: LONGEST - _TAIL - len(_CUT)] + _CUT + text[-_TAIL:]


def fitted_proposal(proposal: Proposal) -> Proposal:
    """The proposal as GitHub will keep it, so that comparing it with what is kept is exact."""
    clean = cleaned(proposal)
    labels = tuple(sorted({label[:_LONGEST_LABEL] for label in clean.labels}))
    return replace(clean, body=fitted(clean.body), labels=labels)
