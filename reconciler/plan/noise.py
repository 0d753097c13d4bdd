"""How much of what is decided may disturb people now: the rest waits for its turn, the oldest candidate first. Pure.

All of it is read from what is open on the forge, from the commits on its branches, and from the ledger.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from reconciler.domain.judgements import Judgement, no
from reconciler.domain.live import Fleet, OpenPull
from reconciler.domain.steps import Merge, Propose
from reconciler.rules.fields import time_text
from reconciler.specs.noise import NoiseSettings

RULE = "noise"
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A step that disturbs somebody. `since` is when its candidate was trained, `opened` the pull request that is there.

    `merges`: it merges itself, now or as soon as it is rebuilt.
    """

    model: str
    step: Propose | Merge
    since: datetime
    opened: OpenPull | None
    merges: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is allowed, and what it is held against. `teams` maps a model to its owner."""

    noise: NoiseSettings
    fleet: Fleet
    teams: Mapping[str, str]
    now: datetime

    def shares(self, one: str, other: str) -> bool:
        """The two models have one budget."""
        return not self.noise.per_team or self.teams.get(one, "") == self.teams.get(other, "")

    def whose(self, model: str) -> str:
        """Words for who shares the model's budget."""
        team = self.teams.get(model, "")
        return "" if not self.noise.per_team else f" of {team}" if team else " of models without an owner"


def objections(asked: Sequence[Asked], limits: Limits) -> dict[str, Judgement]:
    """Model to what keeps its step from being done now; models without an objection are left out."""
    allowed: list[Asked] = []
    held: dict[str, Judgement] = {}
    for one in sorted(asked, key=lambda one: (one.since, one.model)):
        if objection := _objection(one, allowed, limits):
            held[one.model] = objection
        else:
            allowed.append(one)
    return held


def _objection(one: Asked, allowed: Sequence[Asked], limits: Limits) -> Judgement | None:
    """The first limit that is in the way."""
    if end := limits.noise.quiet_until(limits.now):
        return _wait("quietHours", f"quiet hours until {time_text(end)}", end)
    ahead = [other for other in allowed if limits.shares(one.model, other.model)]
    match one.step:
        case Merge():
            return None
        case Propose():
            turn = _merge_ahead(allowed) if one.merges else None
            new = () if one.opened else (_room(one, ahead, limits), _opened_lately(one, ahead, limits))
            return next(filter(None, (turn, *new, _written_lately(one, ahead, limits))), None)


def _merge_ahead(allowed: Sequence[Asked]) -> Judgement | None:
    """A merge moves main, and with it the base of every other pull request: of those that merge themselves one is rebuilt."""
    first = next((other for other in allowed if other.merges and isinstance(other.step, Propose)), None)
    if first is None:
        return None
    said = f"1 that merges itself is rebuilt in a pass, and {first.model} goes first"
    return no(RULE, "mergeAhead", said, "wait for the next pass")


def _room(one: Asked, ahead: Sequence[Asked], limits: Limits) -> Judgement | None:
    most = limits.noise.open_pull_requests
    there = sum(limits.shares(one.model, pull.model) for pull in limits.fleet.open)
    there += sum(isinstance(other.step, Propose) and other.opened is None for other in ahead)
    if most is None or there < most:
        return None
    whose = limits.whose(one.model)
    return no(RULE, "tooManyOpen", f"{there} pull requests{whose} are open, {most} is the most", "merge or close one of them")


def _opened_lately(one: Asked, ahead: Sequence[Asked], limits: Limits) -> Judgement | None:
    most = limits.noise.new_per_hour
    times = [other.at for other in limits.fleet.proposals if limits.shares(one.model, other.model)]
    times += [limits.now for other in ahead if isinstance(other.step, Propose) and other.opened is None]
    return _rate("tooManyNew", f"pull requests{limits.whose(one.model)} were opened", times, most, limits.now)


def _written_lately(one: Asked, ahead: Sequence[Asked], limits: Limits) -> Judgement | None:
    """Of a branch only the newest commit is seen, so it gets one in an hour; then counting branches is counting commits."""
    most, now = limits.noise.commits_per_hour, limits.now
    if most is None:
        return None
    own = one.opened.written if one.opened else None
    if own and now - own < HOUR:
        said = f"its branch was written at {time_text(own)}, once in an hour is the most"
        return _wait("writtenLately", said, own + HOUR)
    mine = [pull for pull in limits.fleet.open if limits.shares(one.model, pull.model)]
    opened = {(other.model, other.environment, other.digest): other.at for other in limits.fleet.proposals}
    lately = {place: at for place, at in opened.items() if limits.shares(one.model, place[0])}
    lately |= {(pull.model, pull.environment, pull.digest): pull.written for pull in mine if pull.written}
    times = [*lately.values(), *(now for other in ahead if isinstance(other.step, Propose))]
    return _rate("tooManyCommits", f"commits on branches{limits.whose(one.model)} were made", times, most, now)


def _rate(code: str, what: str, times: Sequence[datetime], most: int | None, now: datetime) -> Judgement | None:
    recent = sorted((at for at in times if now - at < HOUR), reverse=True)
    if most is None or len(recent) < most:
        return None
    return _wait(code, f"{len(recent)} {what} within the last hour, {most} is the most", recent[most - 1] + HOUR)


def _wait(code: str, message: str, until: datetime) -> Judgement:
    return no(RULE, code, message, f"wait until {time_text(until)}")
