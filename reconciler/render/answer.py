"""Answers to comments, as Markdown: what is decided for a model, and what every rule says of it. Pure."""

from reconciler.domain.decisions import Decision
from reconciler.render.fit import fit
from reconciler.render.markdown import code, prose, table


def addressed(author: str, text: str) -> str:
    """The text to whoever asked. The login is shown, and nobody is notified of it again."""
    return f"{code(author)}: {text}\n"


def explanation(decision: Decision) -> str:
    """The decision, the rules behind it, and what would change it."""
    leaves = [leaf for judgement in decision.judgements for leaf in judgement.leaves()]
    rows = [(leaf.rule, leaf.answer, leaf.message, leaf.remedy) for leaf in leaves]
    head = f"{code(decision.model)} **{type(decision).__name__.upper()}** ({code(decision.code)}): {prose(decision.message)}"
    said = table(("rule", "says", "because", "what would change it"), rows) if rows else ""
    return fit(f"{head}\n\n{said}\n", f"All of it: {code(f'perennial explain {decision.model}')}.")
