"""Where releases are on their way through a model's environments, in sentences for `status` and `explain`. Pure.

This is the one place that says how much of a soak is over: it is for whoever looks now, and is written nowhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from reconciler.domain.judgements import Answer
from reconciler.domain.names import short
from reconciler.domain.releases import Release
from reconciler.plan.onward import all_on_their_way, going_on
from reconciler.plan.rollout_view import rollouts_of
from reconciler.plan.situation import Situation, barred, judge_gates, next_environment
from reconciler.plan.soak import judge_soak, soak_of
from reconciler.plan.stops import judge_freeze, judge_hold
from reconciler.plan.versions import next_version
from reconciler.plan.way import arrival_of, objection
from reconciler.rules.fields import time_text
from reconciler.specs.model import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One environment, and what is to be said of it beyond what it runs."""

    environment: str
    says: tuple[str, ...]


def whereabouts(situation: Situation) -> tuple[Place, ...]:
    """In the order of promotion, those of which there is something to say."""
    places = (Place(environment=name, says=tuple(_says(situation, name))) for name in situation.facts.environments)
    return tuple(place for place in places if place.says)


def _says(situation: Situation, environment: str) -> Iterator[str]:
    arrival = arrival_of(situation, environment)
    yield from (
        f"{view.headline}; {view.message} ({view.code})" for view in rollouts_of(situation) if view.environment == environment
    )
    yield from _soaks(situation, environment)
    stops = [one.message for one in (*judge_hold(arrival), *judge_freeze(arrival)) if one.answer is not Answer.YES]
    yield from (message.removeprefix(f"{environment} is ") for message in stops)
    pin = told_of_pin(situation.model, environment, situation.facts.releases.get(environment), situation.now)
    yield from filter(None, [pin])
    for subject in all_on_their_way(situation):
        if next_environment(subject) == environment:
            yield from _comes(subject, environment)


def _soaks(situation: Situation, environment: str) -> Iterator[str]:
    """How far the soak is, of what is to go on from here."""
    asked, digest = situation.model.spec.environment(environment), situation.facts.digest_in(environment)
    subject = next((one for one in going_on(situation) if one.candidate and one.candidate.build.digest == digest), None)
    to = next_environment(subject) if subject else None
    judged, soak = judge_soak(subject, to) if subject and to else None, soak_of(situation.facts, asked)
    if judged is None:
        return
    if soak is None or judged.code not in ("soaking", "soaked"):
        rows = situation.facts.answered.get(environment) if judged.code == "tooFewRows" else None
        yield judged.message + (f": {rows:,}" if isinstance(rows, int) else "")
        return
    passed = min(max(situation.now - soak.since, timedelta()), soak.length)
    if judged.answer is Answer.YES:
        yield f"{soak.version} has soaked since {time_text(soak.since)}, {_share(passed, soak.length)} are over"
    else:
        replaced = judged.message.partition("; newer")[1:]
        yield f"{soak.version} soaks until {time_text(soak.until)}, {_share(passed, soak.length)} are over{''.join(replaced)}"


def told_of_pin(model: Model, environment: str, release: Release | None, now: datetime) -> str:
    """That the environment is pinned, and what it runs where that is something else; empty without a pin."""
    pin = model.spec.environment(environment).pin
    if pin is None or (pin.until is not None and now >= pin.until):
        return ""
    until = f" until {time_text(pin.until)}" if pin.until else ""
    wanted = short(pin.release) if pin.release.startswith("sha256:") else pin.release
    is_there = release is not None and pin.release in (release.version, release.digest)
    runs = "" if is_there else f"; it runs {release.version if release else 'nothing'}"
    return f"pinned to {wanted} by {pin.owner}{until}: {pin.reason}{runs}"


def _comes(subject: Situation, environment: str) -> Iterator[str]:
    """What is to come here, and what it waits for."""
    candidate, gates = subject.candidate, judge_gates(subject)
    if candidate is None or gates is None or barred(subject, candidate.build.digest):
        return
    what = f"{next_version(subject.facts, candidate.build.digest)} ({short(candidate.build.digest)})"
    change = next((one for one in subject.facts.changes if one.environment == environment), None)
    stopped = objection(subject, environment)
    if gates.answer is not Answer.YES:
        yield f"{what} does not come: {gates.message}"
    elif stopped:
        yield f"{what} comes next, when {stopped.rule} says YES"
    elif change:
        yield f"{what} comes next: pull request #{change.number}"
    else:
        yield f"{what} comes next"


def _share(passed: timedelta, length: timedelta) -> str:
    """`13 of 24 hours`, in days from three days on, in minutes below two hours."""
    unit, word = (86400, "days") if length >= timedelta(days=3) else (3600, "hours")
    if length < timedelta(hours=2):
        unit, word = 60, "minutes"
    return f"{int(passed.total_seconds() // unit)} of {length.total_seconds() / unit:g} {word}"
