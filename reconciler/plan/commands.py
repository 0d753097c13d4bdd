"""What the words after `/perennial` ask for. Anybody may have written them, so only a few are believed. Pure."""

from dataclasses import dataclass
from datetime import datetime

from reconciler.rules.fields import parse_time, time_text

USAGE = "explain | retry | rollback | hold [until TIME] REASON"
MOST_REASON = 400
"""Characters; a hold keeps 500, and who asked stands beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explain:
    """Say what is decided for the model, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Lift the wait after failed trainings, once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """Propose to put back what the environment ran before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldIt:
    """Propose a stop sign."""

    reason: str
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """It is none of these; why."""

    why: str


Command = Explain | Retry | Rollback | HoldIt | Unclear


_VERBS: dict[str, Command] = {"explain": Explain(), "retry": Retry(), "rollback": Rollback()}


def parse(words: tuple[str, ...], now: datetime) -> Command:
    """The command; never raises. Words that a command does not take make it unclear, so that nothing is done by mistake."""
    verb, rest = (words[0].lower(), words[1:]) if words else ("", ())
    if verb in _VERBS:
        return Unclear(why=f"{verb} takes no further words, not {len(rest)}") if rest else _VERBS[verb]
    if verb != "hold":
        return Unclear(why="there is no such command" if verb else "it says nothing")
    return _hold(rest, now)


def _hold(words: tuple[str, ...], now: datetime) -> Command:
    match words:
        case ("until", until, *reason) if reason:
            return _until(until, reason, now)
        case (first, *_) if first != "until":
            return HoldIt(reason=" ".join(words)[:MOST_REASON], until=None)
        case _:
            return Unclear(why="a hold needs a reason")


def _until(text: str, reason: list[str], now: datetime) -> Command:
    try:
        until = parse_time(text)
    except ValueError as error:
        return Unclear(why=f"until: {error}")
    if until <= now:
        return Unclear(why=f"{time_text(until)} is over already: it is {time_text(now)}")
    return HoldIt(reason=" ".join(reason)[:MOST_REASON], until=until)
