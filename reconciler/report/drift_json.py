"""The verdict on drift, for programs."""

from reconciler.domain.verdicts import DriftVerdict
from reconciler.render.canonical import canonical_json


def drift_json(verdict: DriftVerdict) -> str:
    """`{kinds, remedy, why, verdict: {features: [...], unknown: [...], ...}}` with sorted keys; durations in seconds."""
    return canonical_json({"kinds": verdict.kinds, "remedy": verdict.remedy, "why": verdict.why, "verdict": verdict})
