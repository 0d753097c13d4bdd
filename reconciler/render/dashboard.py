"""The dashboard: where every model stands, in the order in which people should care. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from reconciler.render.fit import fit
from reconciler.render.markdown import Marked, code, prose, table

TITLE = "Perennial dashboard"
INTRO = "Perennial keeps this issue up to date; what is written into it is overwritten. `perennial status` says the same."


class Concern(StrEnum):
    """What is to be done about a model, and by whom; the most urgent first."""

    PERSON = "Needs a person"
    FAILING = "Trainings fail"
    REVIEW = "Waits for a review"
    MOVING = "Under way"
    WAITS = "Due but held back"
    HELD = "Held by a person"
    FRESH = "Fresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One model: what runs where, why it stands where it stands, and whose turn it is (empty: nobody's)."""

    model: str
    team: str
    concern: Concern
    runs: Sequence[tuple[str, str]]
    code: str
    message: str
    pulls: Sequence[int] = ()
    turn: str = ""


def render_dashboard(lines: Sequence[Line]) -> str:
    """The body of the issue; what does not fit is left out from the end, where the fresh models are."""
    counts = {concern: sum(line.concern is concern for line in lines) for concern in Concern}
    told = ", ".join(f"{count} {concern.lower()}" for concern, count in counts.items() if count)
    head = f"{INTRO}\n\n**{len(lines)} models**{': ' if told else ''}{told}.\n"
    parts = [_section(concern, [line for line in lines if line.concern is concern]) for concern in Concern if counts[concern]]
    return fit("\n".join([head, *parts]), f"All of it: {code('perennial status')}.")


def _section(concern: Concern, lines: Sequence[Line]) -> str:
    head = ("model", "runs", "why", "pull request", "whose turn")
    ordered = sorted(lines, key=lambda line: (line.team, line.model))
    return f"## {concern} ({len(lines)})\n\n{table(head, [_row(line) for line in ordered])}\n"


def _row(line: Line) -> tuple[str, ...]:
    team = f" ({prose(line.team)})" if line.team else ""
    return (
        Marked(f"{code(line.model)}{team}"),
        Marked("<br>".join(f"{code(environment)} {prose(version)}" for environment, version in line.runs) or "nothing"),
        Marked(f"{prose(line.message)} ({code(line.code)})"),
        Marked(" ".join(f"#{number}" for number in line.pulls)),
        line.turn,
    )
