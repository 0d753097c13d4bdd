"""What the fleet as a whole allows: each model sees what those before it will do, and at most so many train in one pass. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from reconciler.domain.decisions import Decision, Hold, Promote, Retrain
from reconciler.domain.judgements import Judgement
from reconciler.domain.live import TrainingRecord
from reconciler.domain.steps import Merge, Propose, Step
from reconciler.plan.decide import decide
from reconciler.plan.noise import Asked, Limits, objections
from reconciler.plan.onward import about
from reconciler.plan.situation import Situation
from reconciler.specs.settings import Settings
from reconciler.specs.specs import Specs


def decide_in_turn(situations: Iterable[Situation]) -> list[Decision]:
    """One decision for each model, in order. A training that is decided counts for the fleet's guards of all models after it.

    Without this, models that are due together would each see the budget, and the room for one more change, that they share.
    """
    decisions: list[Decision] = []
    planned: list[TrainingRecord] = []
    for situation in situations:
        fleet = situation.facts.fleet
        ahead = replace(
            fleet,
            trainings=(*fleet.trainings, *planned),
            in_flight=fleet.in_flight | {training.model for training in planned},
        )
        decision = decide(replace(situation, facts=replace(situation.facts, fleet=ahead)))
        if isinstance(decision, Retrain):
            planned.append(_expected(situation))
        decisions.append(decision)
    return decisions


def _expected(situation: Situation) -> TrainingRecord:
    """The training that is about to be: it costs what the model's newest one did, or nothing where a price has no history yet."""
    priced = [one for one in situation.facts.fleet.trainings if one.model == situation.name and one.cost is not None]
    if priced:
        return replace(priced[-1], at=situation.now, seconds=None)
    price = situation.model.spec.price
    cost, currency = (0.0, price.currency) if price else (None, "")
    return TrainingRecord(model=situation.name, at=situation.now, cost=cost, currency=currency)


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


def spare_people(
    decisions: Sequence[Decision], following: Sequence[Sequence[Step]], situations: Mapping[str, Situation], specs: Specs
) -> list[tuple[Decision, Sequence[Step]]]:
    """The decisions with the steps that follow from each; those that would disturb people too much now wait, without steps."""
    asked = [
        asked_by(situations[decision.model], decision, step)
        for decision, steps in zip(decisions, following, strict=True)
        for step in steps
        if isinstance(step, Propose) or (isinstance(step, Merge) and not step.takes_back)
    ]
    if not asked:
        return list(zip(decisions, following, strict=True))
    limits = Limits(
        noise=specs.settings.noise,
        fleet=situations[asked[0].model].facts.fleet,
        teams={name: model.metadata.owner for name, model in specs.models.items()},
        now=situations[asked[0].model].now,
    )
    held = objections(asked, limits)
    return [
        (_not_now(decision, held[decision.model]), ()) if decision.model in held else (decision, steps)
        for decision, steps in zip(decisions, following, strict=True)
    ]


def asked_by(situation: Situation, decision: Decision, step: Propose | Merge) -> Asked:
    """The step, with what its turn depends on."""
    mine = (pull for pull in situation.facts.fleet.open if pull.model == situation.name and pull.environment == step.environment)
    candidate = about(situation, decision.digest if isinstance(decision, Promote) else None).candidate
    since = candidate.trained_at if candidate else situation.now
    return Asked(model=situation.name, step=step, since=since, opened=next(mine, None), merges=decision.code == "mergesItself")


def _not_now(decision: Decision, objection: Judgement) -> Hold:
    message = f"{decision.message}, but not now: {objection.message}"
    judgements = (*decision.judgements, objection)
    return Hold(model=decision.model, code=objection.code, message=message, judgements=judgements, rung=decision.rung)


def _queued(decision: Retrain, most: int) -> Hold:
    message = f"due ({decision.message}), but {most} trainings are the most for one pass"
    return Hold(model=decision.model, code="queued", message=message, judgements=decision.judgements, rung=decision.rung)
