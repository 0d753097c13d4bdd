"""A plan as the comment on a pull request: what the next pass would do if this were merged, and what the manifests become."""

from collections.abc import Iterator

from reconciler.domain.decisions import Decision
from reconciler.domain.judgements import Judgement
from reconciler.domain.steps import Publish
from reconciler.plan.plan import Plan
from reconciler.render.fit import fit
from reconciler.render.markdown import Marked, block, code, notes, prose, table
from reconciler.report.plan_text import model_of
from reconciler.report.words import decision_word, step_line
from reconciler.rules.fields import time_text

_QUIET = "HOLD"


def plan_markdown(plan: Plan, effect: str | None) -> str:
    """The whole comment; `effect` is a diff of what is rendered, None where that is not known. It fits into a comment."""
    parts = [*_head(plan), *_models(plan), *_shared(plan), *_effect(effect)]
    return fit("\n\n".join(parts) + "\n", f"All of it: {code('perennial plan')}")


def _head(plan: Plan) -> Iterator[str]:
    yield "## Perennial plan"
    yield f"If this were merged into {code(plan.revision[:12])}, the pass of {prose(time_text(plan.at))} would do this."
    rows = [[decision.model, decision_word(decision)[0], decision.code, decision.message] for decision in plan.decisions]
    yield table(["model", "decision", "code", "why"], rows) if rows else "There is no model yet."


def _models(plan: Plan) -> Iterator[str]:
    for decision in plan.decisions:
        steps = [step_line(step) for step in plan.steps if not isinstance(step, Publish) and model_of(step) == decision.model]
        if steps or decision_word(decision)[0] != _QUIET:
            yield f"## {code(decision.model)}"
            yield notes(steps) if steps else "Nothing is left to do."
            yield _folded("What every rule says", _judgements(decision))


def _judgements(decision: Decision) -> Marked:
    return Marked("\n".join(line for judgement in decision.judgements for line in _lines(judgement, "")) or "No rule was asked.")


def _lines(judgement: Judgement, indent: str) -> Iterator[str]:
    yield f"{indent}- {code(judgement.rule)} {judgement.answer}: {prose(judgement.message)}"
    for part in judgement.parts:
        yield from _lines(part, indent + "  ")


def _shared(plan: Plan) -> Iterator[str]:
    if steps := [step_line(step) for step in plan.steps if isinstance(step, Publish)]:
        yield "## Environments"
        yield notes(steps)


def _effect(effect: str | None) -> Iterator[str]:
    yield "## Rendered manifests"
    if effect is None:
        yield "What they were cannot be told: the specs are wrong as they are on main."
        return
    yield block(effect, "diff") if effect else "They stay as they are."


def _folded(title: str, body: Marked) -> str:
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"
