"""What stops a release before an environment, by what is written of that environment alone: holds, pins and freezes. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from reconciler.domain.judgements import Judgement, no, yes
from reconciler.domain.names import Digest, short
from reconciler.domain.releases import HoldNote
from reconciler.rules.fields import time_text
from reconciler.rules.freezes import frozen
from reconciler.specs.model import Model
from reconciler.specs.settings import FleetFreeze

HOLD, PIN, FREEZE = "hold", "pin", "freeze"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A release that is to come to an environment of the model. `freeze` are the frozen times of the repository."""

    model: Model
    environment: str
    version: str
    digest: Digest
    freeze: Sequence[FleetFreeze]
    note: HoldNote | None
    now: datetime


def judge_hold(arrival: Arrival) -> Iterator[Judgement]:
    """Nothing new comes while a person holds this environment."""
    note, environment = arrival.note, arrival.environment
    if note is None or environment not in note.environments or _is_over(note.until, arrival.now):
        return
    message = f"{environment} is held by {note.owner}{_until(note.until)}: {note.reason}"
    yield no(HOLD, "held", message, f"perennial hold {arrival.model.name} --lift")


def judge_pin(arrival: Arrival) -> Iterator[Judgement]:
    """Only one release may come; when the pin has ended, any."""
    pin, environment = arrival.model.spec.environment(arrival.environment).pin, arrival.environment
    if pin is None or _is_over(pin.until, arrival.now):
        return
    wanted = short(pin.release) if pin.release.startswith("sha256:") else pin.release
    said = f"{environment} is pinned to {wanted} by {pin.owner}{_until(pin.until)}: {pin.reason}"
    if pin.release in (arrival.version, arrival.digest):
        yield yes(PIN, "isPinned", said)
    else:
        remedy = f"change or remove the pin of {environment} in models/{arrival.model.name}/model.yaml"
        yield no(PIN, "pinned", f"{said}; this is {arrival.version} ({short(arrival.digest)})", remedy)


def judge_freeze(arrival: Arrival) -> Iterator[Judgement]:
    """Nothing new comes in the frozen times of the environment, of the model's own and of the whole repository."""
    environment, name = arrival.environment, arrival.model.name
    fleet = (one for one in arrival.freeze if not one.environments or environment in one.environments)
    windows = (*arrival.model.spec.environment(environment).freeze, *fleet)
    if not windows:
        return
    found = frozen(windows, arrival.now)
    if found is None:
        yield yes(FREEZE, "notFrozen", f"{environment} is not frozen: 0 of {len(windows)} windows are open")
        return
    until = time_text(found.until)
    message = f"{environment} is frozen until {until}: {found.window.reason} ({found.window.told})"
    command = f"perennial override {name} --gate freeze --until TIME --reason WHY"
    yield no(FREEZE, "frozen", message, f"wait until {until}, or {command}")


def _is_over(until: datetime | None, now: datetime) -> bool:
    return until is not None and now >= until


def _until(until: datetime | None) -> str:
    return f" until {time_text(until)}" if until else ""
