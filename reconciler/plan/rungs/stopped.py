"""Rungs on which nothing is changed: a person says stop, or the record cannot be believed. Pure."""

from reconciler.domain.decisions import Decision
from reconciler.plan.alarms import fires, judge_alarms
from reconciler.plan.rungs.assessment import Assessment, hold
from reconciler.plan.situation import Situation
from reconciler.rules.fields import time_text


def held_by_a_person(situation: Situation, assessment: Assessment) -> Decision | None:
    """hold.yaml stops everything until it ends, unless it is only about some environments."""
    note = situation.facts.hold
    if note is None or note.environments or (note.until is not None and situation.now >= note.until):
        return None
    until = f" until {time_text(note.until)}" if note.until else ""
    return hold(situation, assessment, "held", f"held by {note.owner}{until}: {note.reason}{_meanwhile(situation)}")


def _meanwhile(situation: Situation) -> str:
    """What would be taken back but for the hold: whoever holds a model should know of it."""
    facts = situation.facts
    judged = {name: judge_alarms(situation.model, facts, name, situation.now) for name in facts.environments}
    unwell = [f"{name} is unwell: {alarm.message}" for name, said in judged.items() if (alarm := fires(said))]
    return "".join(f"; meanwhile {one}" for one in unwell)


def ledger_is_broken(situation: Situation, assessment: Assessment) -> Decision | None:
    """Nothing is trained or proposed on a record that cannot be believed. What main says runs is published all the same."""
    broken = situation.facts.history.broken
    return hold(situation, assessment, "ledgerBroken", broken) if broken else None
