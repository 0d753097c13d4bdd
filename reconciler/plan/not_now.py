"""What stands on top of a pull request whose environment lets nothing come now. Pure."""

from reconciler.domain.facts import OpenChange
from reconciler.domain.judgements import Judgement
from reconciler.plan.soak import RULE as SOAK
from reconciler.render.markdown import prose

NOT_NOW = "changeNotNow"
"""The code of the decision that brings the note there."""
_START = "> **Not now.** "


def noted(body: str, stopped: Judgement) -> str:
    """The body with the note on top, in place of one that is there. What it says stays true until something happens."""
    why = stopped.remedy if stopped.rule == SOAK else stopped.message  # what a cluster says changes with every pod
    what = f"{stopped.rule} says {stopped.answer}: {why}. It must not be merged before."
    return f"{_START}{prose(what)}\n\n{without_note(body)}"


def without_note(body: str) -> str:
    """The body as it was."""
    return body.partition("\n\n")[2] if body.startswith(_START) else body


def is_noted(change: OpenChange, stopped: Judgement) -> bool:
    """The pull request says so already."""
    return change.body == noted(change.body, stopped)
