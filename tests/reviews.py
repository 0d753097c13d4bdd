"""A review in which everything is known: what people see at most."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import StrEnum
from typing import Any

from reconciler.domain.cause import Cause, Drifted, Moved
from reconciler.domain.facts import RetrainGain
from reconciler.domain.judgements import OVERRIDDEN, Answer, Judgement, no, unknown, yes
from reconciler.domain.verdicts import Bin
from reconciler.render.canonical import canonical_json
from reconciler.render.review import Review
from tests.builders import a_candidate, a_dataset, a_model, a_release, a_review, specs_of
from tests.measured import LIVE, full_evidence

SPEC = "spec:\n  dataset: flights\n  task: binary\n  training: {{holdout: {holdout}}}\n  metrics: [rocAuc, brier]\n"
MODEL = "models/flight-delay/model.yaml"


def a_drift() -> Drifted:
    def moved(feature: str, value: float, importance: float, shift: int) -> Moved:
        bins = tuple(
            Bin(label=f"{10 * place} to {10 * place + 10}", reference=0.1, current=0.1 + shift * (place - 4.5) / 500)
            for place in range(10)
        )
        return Moved(feature=feature, value=value, cut=0.2, drifted=value >= 0.2, importance=importance, bins=bins)

    found = (
        moved("departuresThatHour", 0.356, 0.12, 9),
        moved("minuteOfDay", 0.08, 0.44, -4),
        moved("weekday", 0.01, 0.13, 1),
    )
    return Drifted(
        statistic="psi",
        window="7d",
        rows=6_623,
        features=8,
        moved=found,
    )


def full_gates() -> Judgement:
    """Every word that a gate can come to."""
    parts = (
        yes("dataQuality", "expectationsMet", "0 of 12 expectations failed"),
        yes("beatsLive", "blessed", "rocAuc 0.7 live, 0.72 candidate on 10000 rows; gain +0.02, lower bound +0.0118"),
        yes("calibration", OVERRIDDEN, "set aside by airport-operations until 2013-06-30: known, and mended next week"),
        yes("explainability", "noBaseline", "no release is live, so there is nothing to compare with"),
        no(
            "robustness",
            "breaks",
            "1 of 5 trials failed: unseenCategories in 5 % of the values: ValueError",
        ),
        unknown("latency", "inconclusive", "p95 4.2 ms (4.0 to 4.5), at most 4.4 ms wanted"),
    )
    return Judgement(rule="gates", answer=Answer.NO, code="gateFailed", message="1 of 6 say NO: robustness", parts=parts)


def a_full_review() -> Review:
    """A candidate in the middle of a promotion, of which all is known."""
    trigger = Judgement(
        rule="any",
        answer=Answer.YES,
        code="someFired",
        message="1 of 2 say YES: dataDrift",
        parts=(
            yes(
                "dataDrift",
                "drifted",
                "1 of 8 features (12%) drifted over 7d, 10% fires; psi departuresThatHour 0.356, cut 0.2",
            ),
            no("newLabels", "tooFew", "12,041 new labels, 20,000 wanted"),
        ),
    )
    cause = Cause(reason="dataDrift: 1 of 8 features (12%) drifted over 7d", trigger=trigger, drift=a_drift())
    candidate = a_candidate(
        reason="baselineMoved: the candidate was compared with no release, but b1ae9882293b is live",
        evidence=full_evidence(),
        files={"runs/flight-delay/cause.json": canonical_json(cause)},
    )
    digest = candidate.build.digest
    spent = RetrainGain(at=candidate.trained_at, digest=digest, gains={}, refused=False, cost=0.42, currency="USD")
    card = {
        "intendedUse": "Tells passengers and gates which flights will probably be late.",
        "notFor": "Deciding on compensation.",
        "considerations": "Small carriers have few rows, and are judged less surely.",
    }
    releases = {"flight-delay": {"staging": a_release("older", environment="staging", version="0.9.0"), "production": LIVE}}
    specs = specs_of(a_model(card=card), datasets={"flights": a_dataset(licence="CC0-1.0")}, releases=releases)
    files = dict(specs.files) | {MODEL: SPEC.format(holdout="14d").encode()}
    return a_review(
        candidate=candidate,
        specs=replace(specs, files=files),
        model=a_model(card=card),
        wanted={MODEL: SPEC.format(holdout="21d")},
        spent=spent,
        gates=full_gates(),
    )


def made_hostile(review: Review, text: str) -> Review:
    """The same with the text in place of every word that a spec, a model, a gate or a source of data may choose."""
    return replace(
        review,
        candidate=replace(
            review.candidate,
            evidence=_spoilt(review.evidence, text),
            files={path: canonical_json(_spoilt(review.cause, text)) for path in review.candidate.files},
            reason=text,
        ),
        gates=_spoilt(review.gates, text),
        wanted=dict.fromkeys(review.wanted, text),
    )


_KEPT = frozenset({"champion", "first", "second", "metric", "statistic", "window"})
"""Digests, and words that are ours."""


def _spoilt(value: Any, text: str) -> Any:
    if isinstance(value, StrEnum):
        return value
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(_spoilt(one, text) for one in value)
    if isinstance(value, Mapping):
        return {f"{text} {number}": _spoilt(one, text) for number, one in enumerate(value.values())} if _named(value) else value
    if is_dataclass(value) and not isinstance(value, type):
        changed = {one.name: _spoilt(getattr(value, one.name), text) for one in fields(value) if one.name not in _KEPT}
        return replace(value, **changed)
    return value


def _named(value: Mapping[Any, Any]) -> bool:
    """Whether its keys are texts that somebody chose."""
    return all(isinstance(key, str) for key in value)
