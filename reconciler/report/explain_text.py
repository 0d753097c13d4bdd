"""One model explained: the rung of the ladder that decided, what every rule said, and what would have to change."""

from collections.abc import Iterator
from typing import assert_never

from rich.console import RenderableType
from rich.text import Text

from reconciler.domain.decisions import Decision, Hold, Promote, Retrain, Withdraw
from reconciler.domain.judgements import Answer
from reconciler.render.canonical import canonical_json
from reconciler.report.terminal import WIDTH, draw, line, said
from reconciler.report.words import decision_word, judgement_lines

LADDER = (
    ("heldByAPerson", "a person holds it"),
    ("baselineMoved", "the candidate was compared with a release that is not live any more"),
    ("changeIsOpen", "a change is open"),
    ("candidateCannotBeRead", "the candidate cannot be read"),
    ("candidateWaits", "a candidate waits, and all its gates say YES"),
    ("retrainIsDue", "a trigger fires, and no guard objects"),
    ("nothingIsDue", "nothing is due"),
)
"""The rungs of `plan.decide` from the top; the first that has something to say decides."""

_RUNG_OF_CODE = {
    "held": "heldByAPerson",
    "baselineMoved": "baselineMoved",
    "changeEdited": "changeIsOpen",
    "changeInDoubt": "changeIsOpen",
    "changeOpen": "changeIsOpen",
    "candidateUnreadable": "candidateCannotBeRead",
    "fresh": "nothingIsDue",
}


def rung_of(decision: Decision) -> str:
    """The key in LADDER of the rung that decided. A retrain that guards or limits hold back is still the trigger's rung."""
    match decision:
        case Withdraw():
            return "changeIsOpen"
        case Promote(code=code):
            return _RUNG_OF_CODE.get(code, "candidateWaits")
        case Hold(code=code) | Retrain(code=code):
            return _RUNG_OF_CODE.get(code, "retrainIsDue")
        case _:
            assert_never(decision)


def explain_text(decision: Decision, *, width: int = WIDTH, color: bool = False) -> str:
    """The decision as text."""
    return draw(_parts(decision), width=width, color=color)


def explain_json(decision: Decision) -> str:
    """`{decision: {type, ...}, rung, remedies: [{rule, answer, remedy}]}` with sorted keys."""
    remedies = [{"rule": rule, "answer": answer, "remedy": remedy} for rule, answer, remedy in remedies_of(decision)]
    return canonical_json({"decision": decision, "rung": rung_of(decision), "remedies": remedies})


def remedies_of(decision: Decision) -> list[tuple[str, Answer, str]]:
    """(rule, answer, what would change it) of every single rule that knows what would."""
    leaves = (leaf for judgement in decision.judgements for leaf in judgement.leaves())
    return [(leaf.rule, leaf.answer, leaf.remedy) for leaf in leaves if leaf.remedy]


def _parts(decision: Decision) -> Iterator[RenderableType]:
    word, style = decision_word(decision)
    yield line(said(decision.model, "bold underline") + Text("  "), said(word, style))
    yield line(Text("  "), said(decision.message), said(f"({decision.code})", "dim"))
    yield Text()
    yield said("The ladder, top wins", "bold")
    rung = rung_of(decision)
    for key, words in LADDER:
        yield Text(f"  ▸ {words}", style="bold cyan") if key == rung else Text(f"    {words}", style="dim")
    yield Text()
    yield said("What the rules say", "bold")
    for judgement in decision.judgements:
        yield from judgement_lines(judgement, "  ")
    yield Text()
    yield said("What would have to change", "bold")
    yield from _remedies(decision)


def _remedies(decision: Decision) -> Iterator[RenderableType]:
    remedies = remedies_of(decision)
    for rule, answer, remedy in remedies:
        yield line(Text("  → ", style="cyan"), said(f"{rule} ({answer}):", "bold"), said(remedy))
    if not remedies:
        yield Text("  No rule knows of a remedy.", style="dim")
