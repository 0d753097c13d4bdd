"""The labels that a promotion's pull request carries, for people who filter by them. Pure."""

import re

from reconciler.domain.blessings import blessing_of
from reconciler.domain.changes import OWN_LABEL
from reconciler.domain.judgements import Judgement
from reconciler.plan.overridden import set_aside
from reconciler.plan.situation import Situation

LONGEST_LABEL = 50
"""Characters, of GitHub's labels."""
_NOT_IN_A_LABEL = re.compile(r"[^A-Za-z0-9._/-]+")


def labels_for(situation: Situation, environment: str, gates: Judgement | None) -> tuple[str, ...]:
    """`perennial`, and one each of `model/`, `env/`, `tier/`, `verdict/` and, where the model has an owner, `team/`; sorted."""
    metadata = situation.model.metadata
    words = {
        "model": situation.name,
        "env": environment,
        "tier": metadata.tier,
        "verdict": verdict_of(situation, gates),
        "team": metadata.owner,
    }
    named = (f"{key}/{kept}" for key, word in words.items() if (kept := _kept(word)))
    return tuple(sorted({OWN_LABEL, *(label[:LONGEST_LABEL] for label in named)}))


def verdict_of(situation: Situation, gates: Judgement | None) -> str:
    """What the gates come to, in one word; `overridden` when they say YES only because a person set some aside."""
    if gates is None:
        return "inconclusive"
    if set_aside(gates):
        return "overridden"
    return blessing_of(gates, first=situation.facts.champion is None).lower().replace("_", "-")


def _kept(word: str) -> str:
    return _NOT_IN_A_LABEL.sub("-", word).strip("-/.")
