"""What the environment that a release is to go to asks of it, beside what the gates say of it. Pure.

Nothing of it concerns a roll-back: going back is always allowed.
"""

from collections.abc import Iterator

from reconciler.domain.judgements import Answer, Judgement, no, yes
from reconciler.domain.names import short
from reconciler.plan.onward import going_on
from reconciler.plan.overridden import way_with_override
from reconciler.plan.situation import Situation, barred, judge_gates, next_environment, unproven
from reconciler.plan.soak import judge_soak
from reconciler.plan.versions import next_version
from reconciler.rules.fields import time_text
from reconciler.rules.freezes import frozen
from reconciler.specs.environments import Environment

HOLD, PIN, PIN_CANDIDATE, FREEZE = "hold", "pin", "pinCandidate", "freeze"


def judge_way(situation: Situation, environment: str) -> tuple[Judgement, ...]:
    """One judgement for each thing that is asked; nothing where an environment is only a name. A reviewed override is applied."""
    asked = situation.model.spec.environment(environment)
    soak = judge_soak(situation, environment)
    said = (*_held(situation, asked), *_pinned(situation, asked), *((soak,) if soak else ()), *_taken(situation, asked))
    return way_with_override((*said, *judge_freeze(situation, environment)), situation.facts, situation.now)


def objection(situation: Situation, environment: str) -> Judgement | None:
    """The first that does not say YES; None when the way is free."""
    return next((one for one in judge_way(situation, environment) if one.answer is not Answer.YES), None)


def judge_freeze(situation: Situation, environment: str) -> Iterator[Judgement]:
    """Nothing new is released in the frozen times of the environment, of the model's own and of the whole repository."""
    own = situation.model.spec.environment(environment).freeze
    fleet = (one for one in situation.freeze if not one.environments or environment in one.environments)
    windows = (*own, *fleet)
    if not windows:
        return
    found = frozen(windows, situation.now)
    if found is None:
        yield yes(FREEZE, "notFrozen", f"{environment} is not frozen: 0 of {len(windows)} windows are open")
        return
    until = time_text(found.until)
    message = f"{environment} is frozen until {until}: {found.window.reason} ({found.window.told})"
    command = f"perennial override {situation.name} --gate freeze --until TIME --reason WHY"
    yield no(FREEZE, "frozen", message, f"wait until {until}, or {command}")


def _held(situation: Situation, asked: Environment) -> Iterator[Judgement]:
    note = situation.facts.hold
    if note is None or asked.name not in note.environments or (note.until is not None and situation.now >= note.until):
        return
    until = f" until {time_text(note.until)}" if note.until else ""
    message = f"{asked.name} is held by {note.owner}{until}: {note.reason}"
    yield no(HOLD, "held", message, f"perennial hold {situation.name} --lift")


def _pinned(situation: Situation, asked: Environment) -> Iterator[Judgement]:
    """Only one release may come; when the pin has ended, any."""
    pin, candidate = asked.pin, situation.candidate
    if pin is None or candidate is None or (pin.until is not None and situation.now >= pin.until):
        return
    until = f" until {time_text(pin.until)}" if pin.until else ""
    said = f"{asked.name} is pinned to {_named(pin.release)} by {pin.owner}{until}: {pin.reason}"
    version = next_version(situation.facts, candidate.build.digest)
    if pin.release in (version, candidate.build.digest):
        yield yes(PIN, "isPinned", said)
    else:
        remedy = f"change or remove the pin of {asked.name} in models/{situation.name}/model.yaml"
        yield no(PIN, "pinned", f"{said}; this is {version} ({short(candidate.build.digest)})", remedy)


def _taken(situation: Situation, asked: Environment) -> Iterator[Judgement]:
    """What soaks here is let through before something newer takes its place."""
    release = situation.facts.releases.get(asked.name)
    if not asked.pins_candidate or release is None:
        return
    inside = (one for one in going_on(situation) if one.candidate and one.candidate.build.digest == release.digest)
    if to := next(map(_goes_to, inside), None):
        message = f"{release.version} is on its way from {asked.name} to {to}, and nothing newer takes its place"
        yield no(PIN_CANDIDATE, "taken", message, f"wait until {to} runs {release.version}, or set pinCandidate: false")
    else:
        yield yes(PIN_CANDIDATE, "free", f"{release.version} in {asked.name} is not on its way to another environment")


def _goes_to(inside: Situation) -> str | None:
    """Where the release is to go; None when it got there, or will not by itself: then it is in nobody's way."""
    candidate, to, gates = inside.candidate, next_environment(inside), judge_gates(inside)
    if candidate is None or to is None or barred(inside, candidate.build.digest) or unproven(inside, candidate.build.digest):
        return None
    if gates is None or gates.answer is not Answer.YES:
        return None
    asked, soak = inside.model.spec.environment(to), judge_soak(inside, to)
    stopped = [*_held(inside, asked), *_pinned(inside, asked)]
    is_unwell = soak is not None and soak.answer is Answer.NO and soak.code not in ("soaking", "rollingOut")
    return None if is_unwell or any(one.answer is not Answer.YES for one in stopped) else to


def _named(release: str) -> str:
    return short(release) if release.startswith("sha256:") else release
