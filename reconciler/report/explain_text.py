"""One model explained: the rung of the ladder that decided, what every rule said, and what would have to change."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text

from reconciler.domain.decisions import Decision, Rung
from reconciler.domain.judgements import Answer
from reconciler.plan.rollout_view import RolloutView
from reconciler.plan.whereabouts import Place
from reconciler.render.canonical import canonical_json
from reconciler.report.rollout_text import rollout_lines
from reconciler.report.status_text import chain_lines
from reconciler.report.terminal import WIDTH, draw, line, said
from reconciler.report.words import decision_word, judgement_lines

LADDER = {
    Rung.HELD_BY_A_PERSON: "a person holds it",
    Rung.LIVE_IS_UNWELL: "what runs is unwell, or is being put back",
    Rung.LEDGER_IS_BROKEN: "a line of its ledger does not hold",
    Rung.ROLLOUT_MOVES: "a rollout begins, goes on, ends or is taken back",
    Rung.BASELINE_MOVED: "the candidate was compared with a release that is not live any more",
    Rung.MORE_IS_ASKED: "the gates ask for what was not measured",
    Rung.RELEASE_GOES_ON: "what an environment runs goes on to the next one",
    Rung.CHANGE_IS_OPEN: "a change is open",
    Rung.ROLLOUT_IS_UNDER_WAY: "a rollout waits",
    Rung.CANDIDATE_CANNOT_BE_READ: "the candidate cannot be read",
    Rung.CANDIDATE_WAITS: "a candidate waits, and all its gates say YES",
    Rung.RETRAIN_IS_DUE: "a trigger fires, and no guard objects",
    Rung.NOTHING_IS_DUE: "nothing is due",
}
"""The rungs from the top, in words. A retrain that guards or limits hold back stands on the trigger's rung."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnItsWay:
    """What is on its way of the model: releases through the environments (`chain`), and requests to releases (`rollouts`)."""

    chain: tuple[Place, ...] = ()
    rollouts: tuple[RolloutView, ...] = ()


NOTHING = OnItsWay()


def explain_text(decision: Decision, on_its_way: OnItsWay = NOTHING, *, width: int = WIDTH, color: bool = False) -> str:
    """The decision as text, with what is on its way."""
    return draw(_parts(decision, on_its_way), width=width, color=color)


def explain_json(decision: Decision, on_its_way: OnItsWay = NOTHING) -> str:
    """`{decision: {type, ...}, rung, remedies: [{rule, answer, remedy}], chain: [{environment, says}], rollouts}`."""
    remedies = [{"rule": rule, "answer": answer, "remedy": remedy} for rule, answer, remedy in remedies_of(decision)]
    told = {"decision": decision, "rung": decision.rung, "remedies": remedies}
    return canonical_json({**told, "chain": on_its_way.chain, "rollouts": on_its_way.rollouts})


def remedies_of(decision: Decision) -> list[tuple[str, Answer, str]]:
    """(rule, answer, what would change it) of every single rule that knows what would."""
    leaves = (leaf for judgement in decision.judgements for leaf in judgement.leaves())
    return [(leaf.rule, leaf.answer, leaf.remedy) for leaf in leaves if leaf.remedy]


def _parts(decision: Decision, on_its_way: OnItsWay) -> Iterator[RenderableType]:
    word, style = decision_word(decision)
    yield line(said(decision.model, "bold underline") + Text("  "), said(word, style))
    yield line(Text("  "), said(decision.message), said(f"({decision.code})", "dim"))
    yield Text()
    yield said("The ladder, top wins", "bold")
    for rung, words in LADDER.items():
        yield Text(f"  ▸ {words}", style="bold cyan") if rung is decision.rung else Text(f"    {words}", style="dim")
    yield Text()
    if on_its_way.chain:
        yield said("Where releases are on their way", "bold")
        yield from chain_lines(on_its_way.chain, "  ")
        yield Text()
    if on_its_way.rollouts:
        yield said("Rollouts under way", "bold")
        yield from rollout_lines(on_its_way.rollouts)
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
