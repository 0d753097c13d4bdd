"""What the environment that a release is to go to asks of it, beside what the gates say of it. Pure.

Nothing of it concerns a roll-back: going back is always allowed.
"""

from collections.abc import Iterator

from reconciler.domain.judgements import Answer, Judgement, no, yes
from reconciler.domain.names import Digest
from reconciler.plan.onward import going_on
from reconciler.plan.overridden import way_with_override
from reconciler.plan.situation import Situation, barred, judge_gates, next_environment, unproven
from reconciler.plan.soak import judge_soak
from reconciler.plan.stops import Arrival, judge_freeze, judge_hold, judge_pin
from reconciler.plan.versions import next_version

PIN_CANDIDATE = "pinCandidate"
IN_TIME = ("soaking", "rollingOut", "tooFewRows")
"""Codes of a soak that says NO and will say YES by itself."""


def judge_way(situation: Situation, environment: str) -> tuple[Judgement, ...]:
    """One judgement for each thing that is asked; nothing where an environment is only a name. A reviewed override is applied."""
    arrival, soak = arrival_of(situation, environment), judge_soak(situation, environment)
    said = (*judge_hold(arrival), *judge_pin(arrival), *((soak,) if soak else ()), *_taken(situation, environment))
    return way_with_override((*said, *judge_freeze(arrival)), situation.facts, situation.now)


def objection(situation: Situation, environment: str) -> Judgement | None:
    """The first that does not say YES; None when the way is free."""
    return next((one for one in judge_way(situation, environment) if one.answer is not Answer.YES), None)


def arrival_of(situation: Situation, environment: str) -> Arrival:
    """The situation's candidate as it is to come to the environment."""
    facts, digest = situation.facts, situation.candidate.build.digest if situation.candidate else Digest("none")
    return Arrival(
        model=situation.model,
        environment=environment,
        version=next_version(facts, digest),
        digest=digest,
        freeze=situation.freeze,
        note=facts.hold,
        now=situation.now,
    )


def _taken(situation: Situation, environment: str) -> Iterator[Judgement]:
    """What soaks here is let through before something newer takes its place."""
    release = situation.facts.releases.get(environment)
    if release is None or not situation.model.spec.environment(environment).pins_candidate:
        return
    inside = (one for one in going_on(situation) if one.candidate and one.candidate.build.digest == release.digest)
    if to := next(map(_goes_to, inside), None):
        message = f"{release.version} is on its way from {environment} to {to}, and nothing newer takes its place"
        yield no(PIN_CANDIDATE, "taken", message, f"wait until {to} runs {release.version}, or set pinCandidate: false")
    else:
        yield yes(PIN_CANDIDATE, "free", f"{release.version} in {environment} is not on its way to another environment")


def _goes_to(inside: Situation) -> str | None:
    """Where the release is to go; None when it got there, or will not by itself: then it is in nobody's way."""
    candidate, to, gates = inside.candidate, next_environment(inside), judge_gates(inside)
    if candidate is None or to is None or barred(inside, candidate.build.digest) or unproven(inside, candidate.build.digest):
        return None
    if gates is None or gates.answer is not Answer.YES:
        return None
    arrival, soak = arrival_of(inside, to), judge_soak(inside, to)
    stopped = [*judge_hold(arrival), *judge_pin(arrival)]
    is_unwell = soak is not None and soak.answer is Answer.NO and soak.code not in IN_TIME
    return None if is_unwell or any(one.answer is not Answer.YES for one in stopped) else to
