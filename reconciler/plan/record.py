"""Ledger lines for what is seen to have happened but is not written down yet. Pure.

Every line's id is made from what happened, so a line is written once however often a pass is killed and run again.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime

from reconciler.domain.conversations import CommentCommand
from reconciler.domain.events import Event, EventKind
from reconciler.domain.evidence import Comparison, Evidence
from reconciler.domain.facts import Candidate
from reconciler.domain.judgements import OVERRIDDEN, Answer, Judgement
from reconciler.domain.names import short
from reconciler.domain.overrides import ON_THE_WAY, GateOverride
from reconciler.domain.releases import Build, digest_of
from reconciler.domain.steps import Record
from reconciler.domain.training import Begun, Price
from reconciler.plan.onward import all_on_their_way
from reconciler.plan.overridden import set_aside
from reconciler.plan.situation import Situation, judge_gates, next_environment
from reconciler.plan.way import judge_way
from reconciler.rules.fields import time_text

Details = dict[str, str | int | float]
GAIN = "gain/"
"""What the names of gains in a training's details begin with."""


def record_steps(situation: Situation) -> list[Record]:
    """What the model's ledger lacks, in the order in which it happened; nothing while a line of it does not hold."""
    known = situation.facts.history.events
    if situation.facts.history.broken:
        return []
    interrupted = [Record(event=interrupted_event(begun, situation.now), forgets=begun) for begun in situation.facts.interrupted]
    return interrupted + [Record(event=event) for event in _happened(situation) if event.id not in known]


def _happened(situation: Situation) -> Iterator[Event]:
    candidate = situation.candidate
    if candidate is not None:
        yield trained_event(situation.name, candidate.build, candidate.trained_at, candidate.reason, candidate.evidence)
        gates = judge_gates(situation)
        if gates is not None and gates.answer is Answer.NO and not situation.facts.runs(candidate.build.digest):
            yield _refused(candidate, gates, situation)
    yield from _overridden(situation)
    yield from _proposed(situation)
    yield from _declined(situation)
    yield from _ran(situation)


def _overridden(situation: Situation) -> Iterator[Event]:
    """Of all that is on its way: what a person set aside of its gates, and of what the next environment asks."""
    override = situation.facts.override
    for subject in all_on_their_way(situation) if override else ():
        candidate, gates, to = subject.candidate, judge_gates(subject), next_environment(subject)
        way = judge_way(subject, to) if to else ()
        aside = (*(set_aside(gates) if gates else ()), *(one.rule for one in way if one.code == OVERRIDDEN))
        if candidate and override and aside:
            yield gate_overridden_event(situation, candidate, override, aside)


def trained_event(model: str, build: Build, at: datetime, reason: str, evidence: Evidence, cost: Details | None = None) -> Event:
    """A candidate was trained; `at` is the time of its commit, `cost` what `cost_details` says of the run.

    `gain/<metric>` tells how much better than the champion of the time it is; without a champion there is none.
    """
    return Event(
        id=f"{EventKind.TRAINED}/{build.digest}",
        at=at,
        model=model,
        kind=EventKind.TRAINED,
        message=reason,
        details={
            "digest": build.digest,
            "asOf": time_text(build.data.as_of),
            "rows": build.data.train_rows,
            **_gains(evidence),
            **(cost or {}),
        },
    )


def interrupted_event(begun: Begun, at: datetime) -> Event:
    """A training was cut short, by the death of its process or by a person; `at` is when that was found."""
    started = time_text(begun.at)
    return Event(
        id=f"{EventKind.TRAINING_INTERRUPTED}/{begun.model}/{started}/{short(digest_of(asdict(begun.made_from)))}",
        at=at,
        model=begun.model,
        kind=EventKind.TRAINING_INTERRUPTED,
        message=f"the training as of {time_text(begun.as_of)} that began at {started} was cut short: its process is gone",
        details={"started": started, "asOf": time_text(begun.as_of), "reason": begun.reason, **asdict(begun.made_from)},
    )


def _gains(evidence: Evidence) -> Mapping[str, float]:
    """Only what JSON can hold: a gain that is no number was not measured."""
    if not isinstance(evidence.comparison, Comparison):
        return {}
    gains = evidence.comparison.gains.items()
    return {f"{GAIN}{metric}": gain.gain for metric, gain in sorted(gains) if math.isfinite(gain.gain)}


def cost_details(seconds: float | None, price: Price | None) -> Details:
    """How long a training took, in whole seconds, and what that cost; nothing where no price is declared, or nobody measured."""
    if seconds is None or price is None:
        return {}
    whole = math.ceil(seconds)
    return {"seconds": whole, "cost": round(whole / 3600 * price.per_hour, 6), "currency": price.currency}


def requested_event(model: str, at: datetime, by: str, reason: str) -> Event:
    """A person asked for a retrain."""
    return Event(
        id=f"{EventKind.REQUESTED}/{time_text(at)}/{by}",
        at=at,
        model=model,
        kind=EventKind.REQUESTED,
        message=f"{by} asks for a retrain: {reason}",
        details={"by": by, "reason": reason},
    )


def overridden_event(model: str, at: datetime, guard: str, until: datetime, by: str, reason: str) -> Event:
    """A person set a guard aside until a time."""
    return Event(
        id=f"{EventKind.OVERRIDDEN}/{guard}/{time_text(at)}/{by}",
        at=at,
        model=model,
        kind=EventKind.OVERRIDDEN,
        message=f"{by} sets {guard} aside until {time_text(until)}: {reason}",
        details={"guard": guard, "until": time_text(until), "by": by, "reason": reason},
    )


def retry_event(model: str, at: datetime, command: CommentCommand, until: datetime) -> Event:
    """A person asked in a comment for another try after failed trainings; one line for each comment."""
    reason = f"asked for in #{command.number}"
    event = overridden_event(model, at, "backoff", until, command.author, reason)
    return replace(event, id=f"{EventKind.OVERRIDDEN}/backoff/comment/{command.id}")


def gate_overridden_event(situation: Situation, candidate: Candidate, override: GateOverride, gates: tuple[str, ...]) -> Event:
    """A reviewed override let a candidate pass; once for each candidate and text of it, and again for what environments ask."""
    named, until = ", ".join(gates), time_text(override.until)
    text = {**asdict(override), "since": time_text(override.since), "until": until}
    if asked := sorted(set(gates) & set(ON_THE_WAY)):
        text["asked"] = asked  # another environment than that for which the gates were set aside
    return event(
        situation,
        EventKind.GATE_OVERRIDDEN,
        f"{candidate.build.digest}/{short(digest_of(text))}",
        message=f"{override.owner} sets {named} aside for {short(candidate.build.digest)} until {until}: {override.reason}",
        details={
            "digest": candidate.build.digest,
            "gates": named,
            "owner": override.owner,
            "reason": override.reason,
            "from": time_text(override.since),
            "until": until,
            "about": override.candidate or override.champion or "",
        },
    )


def _refused(candidate: Candidate, gates: Judgement, situation: Situation) -> Event:
    failed = [leaf for leaf in gates.leaves() if leaf.answer is not Answer.YES]
    return event(
        situation,
        EventKind.REFUSED,
        candidate.build.digest,
        message="; ".join(f"{leaf.rule}: {leaf.message}" for leaf in failed),
        details={"digest": candidate.build.digest},
    )


def proposed_event(situation: Situation, environment: str, digest: str, message: str) -> Event:
    """A pull request was opened for the digest."""
    return event(
        situation,
        EventKind.PROPOSED,
        f"{environment}/{digest}",
        message=message,
        details={"environment": environment, "digest": digest},
    )


def _proposed(situation: Situation) -> Iterator[Event]:
    for change in situation.facts.changes:
        yield proposed_event(situation, change.environment, change.digest, change.title)


def _declined(situation: Situation) -> Iterator[Event]:
    for digest, number in sorted(situation.facts.declined.items(), key=lambda item: item[1]):
        yield event(
            situation,
            EventKind.DECLINED,
            digest,
            message=f"pull request #{number} was closed without a merge",
            details={"digest": digest, "number": number},
        )


def _ran(situation: Situation) -> Iterator[Event]:
    """What main's release files say now: a digest for the first time is a promotion, one from before a roll-back.

    A release that is not proven is not written down as one.
    """
    facts = situation.facts
    for environment in facts.environments:
        commit = facts.introduced.get(environment)
        if commit is None:
            continue
        release, proof = facts.releases.get(environment), facts.proofs.get(environment)
        if facts.objection(environment):
            continue
        ran_before = release is None or (environment, release.digest) in facts.history.released
        kind = EventKind.ROLLED_BACK if ran_before else EventKind.PROMOTED
        if {f"{word}/{environment}/{commit}" for word in (EventKind.PROMOTED, EventKind.ROLLED_BACK)} & facts.history.events:
            continue
        what = f"{release.version} ({short(release.digest)})" if release else "no release"
        yield event(
            situation,
            kind,
            f"{environment}/{commit}",
            message=f"{environment} runs {what}",
            details={
                "environment": environment,
                "digest": release.digest if release else "none",
                "version": release.version if release else "none",
                "commit": commit,
                **({"statement": proof.statement} if proof and proof.statement else {}),
            },
        )


def event(situation: Situation, kind: EventKind, subject: str, *, message: str, details: Details) -> Event:
    """One line; its id is the kind and the subject."""
    return Event(
        id=f"{kind}/{subject}",
        at=situation.now,
        model=situation.name,
        kind=kind,
        message=message,
        details=details,
    )
