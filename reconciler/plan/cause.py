"""Why a training is ordered, as it is kept beside what the training makes. Pure."""

from reconciler.domain.cause import Cause, Drifted, Moved
from reconciler.domain.decisions import Retrain
from reconciler.domain.facts import ModelFacts
from reconciler.domain.known import Missing
from reconciler.domain.names import CAUSE, run_path
from reconciler.domain.profiles import Profile
from reconciler.domain.verdicts import Reading
from reconciler.plan.situation import Situation, judge_trigger
from reconciler.render.canonical import canonical_json
from reconciler.rules.fields import duration_text

STATISTIC = "psi"
SHOWN = 6
"""Features that are kept."""


def cause_text(decision: Retrain, situation: Situation) -> str:
    """The text of `runs/<model>/cause.json`. A candidate that is only measured again keeps why it was trained."""
    candidate = situation.candidate
    if candidate is not None and candidate.build.data.as_of == decision.as_of:
        kept = candidate.files.get(run_path(decision.model, CAUSE))
        if kept is not None:
            return kept
    cause = Cause(
        reason=f"{decision.code}: {decision.message}", trigger=judge_trigger(situation), drift=drift_of(situation.facts)
    )
    return canonical_json(cause)


def drift_of(facts: ModelFacts) -> Drifted | None:
    """The longest of the newest windows that a rule had profiled, against what the live model was trained on.

    None where there is none, or where it has too few rows to tell.
    """
    from reconciler.statistics.columns import columns

    windows = {need: profile for need, profile in facts.profiles.items() if need.index == 0 and isinstance(profile, Profile)}
    if isinstance(facts.reference, Missing) or not windows:
        return None
    need = max(windows, key=lambda one: one.length)
    found = columns(facts.reference, windows[need], STATISTIC, facts.live.importance)
    moved = [
        Moved(
            feature=one.name,
            value=reading.value,
            cut=reading.cut,
            drifted=reading.drifted,
            importance=one.importance,
            bins=one.bins,
        )
        for one in found
        if isinstance(reading := one.readings[STATISTIC], Reading)
    ]
    if not moved:
        return None
    return Drifted(
        statistic=STATISTIC,
        window=duration_text(need.length),
        rows=windows[need].rows,
        features=len(found),
        moved=tuple(moved[:SHOWN]),
    )
