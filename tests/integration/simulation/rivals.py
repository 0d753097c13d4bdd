"""Pairs of models whose true skill is known, and what gate `beatsLive` says of them from a hold-out of n rows.

A row scores z = skill * y + noise, and the model's answer is the true chance of y = 1 given z, so every metric is fair. Rivals
of one skill draw their noise from one law in turn, so neither is better in any metric, whatever else they share.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from reconciler.domain.judgements import Answer
from reconciler.rules.gates.beats_live import BeatsLive
from reconciler.statistics.bootstrap import Resampling, paired_gains
from tests.builders import NOW, a_candidate, a_comparison, a_release, evidence, facts

SHARE = 0.1
"""Of positives."""
SKILL = 1.5
"""Standard deviations between the classes: an ROC AUC of 0.856."""
KINDS = ("apart", "alike", "nearly the same", "tied")


def rivals(kind: str, n: int, rng: np.random.Generator, skills: tuple[float, float] = (SKILL, SKILL)):
    """Labels and the answers of both models. Alike: nine tenths of the noise is shared. Nearly the same: 2 % of the rows
    of each are answered anew, all others alike. Tied: answers are rounded to seven."""
    y = (rng.random(n) < SHARE).astype(float)
    if kind == "nearly the same":
        shared = rng.normal(size=n)
        noises = [np.where(rng.random(n) < 0.02, rng.normal(size=n), shared) for _ in skills]
    else:
        weight = 0.9 if kind == "alike" else 0.0
        shared = rng.normal(size=n)
        noises = [np.sqrt(weight) * shared + np.sqrt(1 - weight) * rng.normal(size=n) for _ in skills]
    pair = [_answers(skill * y + noise, skill) for skill, noise in zip(skills, noises, strict=True)]
    return y, tuple(np.round(one * 6) / 6 for one in pair) if kind == "tied" else tuple(pair)


def _answers(z: np.ndarray, skill: float) -> np.ndarray:
    return 1 / (1 + (1 - SHARE) / SHARE * np.exp(skill**2 / 2 - skill * z))


def blessed(y, pair, gates: Sequence[BeatsLive], seed: int, resamples: int = 2000) -> Mapping[str, bool]:
    """Metric to whether its gate says YES, from the rows to the judgement."""
    gains = paired_gains("binary", [gate.metric for gate in gates], y, pair, Resampling(seed=seed, resamples=resamples))
    candidate = a_candidate(evidence=evidence(comparison=a_comparison(*gains.values())))
    world = facts(candidate=candidate, releases={"production": a_release()})
    return {gate.metric: gate.judge(world, NOW).answer is Answer.YES for gate in gates}


def a_gate(metric: str, **changes) -> BeatsLive:
    return BeatsLive(type="beatsLive", metric=metric, **changes)
