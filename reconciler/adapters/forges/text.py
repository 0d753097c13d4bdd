"""What a forge keeps of a proposal's text: hostile titles and bodies stay text, and the marker stays at the end."""

import re
from dataclasses import replace

from reconciler.domain.changes import Proposal

_LONGEST_TITLE = 256
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean_title(title: str) -> str:
    """One visible line of at most 256 characters; never empty."""
    line = " ".join(_NOT_TEXT.sub(" ", _UNSEEN.sub(" ", title)).split())
    return (line if len(line) <= _LONGEST_TITLE else line[: _LONGEST_TITLE - 1] + "…") or "(no title)"


def clean_body(body: str) -> str:
    """The body without what no editor shows and UTF-8 cannot hold; of any length, lines and marker unchanged."""
    return _NOT_TEXT.sub("\ufffd", body)


def cleaned(proposal: Proposal) -> Proposal:
    """The proposal as the forge keeps it, so that comparing it with what is kept is exact."""
    return replace(proposal, title=clean_title(proposal.title), body=clean_body(proposal.body))
