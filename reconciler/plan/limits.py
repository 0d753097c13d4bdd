"""What the fleet as a whole allows: at most so many trainings in one pass. Pure."""

from collections.abc import Sequence

from reconciler.domain.decisions import Decision, Hold, Retrain
from reconciler.specs.settings import Settings


def limit(decisions: Sequence[Decision], settings: Settings) -> tuple[Decision, ...]:
    """The decisions, with the trainings beyond the limit held until the next pass; earlier models go first."""
    allowed = settings.max_trainings_per_pass
    limited: list[Decision] = []
    for decision in decisions:
        if isinstance(decision, Retrain):
            if allowed == 0:
                limited.append(_queued(decision, settings.max_trainings_per_pass))
                continue
            allowed -= 1
        limited.append(decision)
    return tuple(limited)


def _queued(decision: Retrain, most: int) -> Hold:
    message = f"due ({decision.message}), but {most} trainings are the most for one pass"
    return Hold(model=decision.model, code="queued", message=message, judgements=decision.judgements, rung=decision.rung)
