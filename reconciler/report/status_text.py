"""Where every model stands: what each environment runs, what waits, and what is decided."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from rich.console import RenderableType
from rich.text import Text

from reconciler.domain.decisions import Decision
from reconciler.domain.facts import Candidate, ModelFacts
from reconciler.domain.known import Missing
from reconciler.domain.names import Digest, short
from reconciler.domain.world import World
from reconciler.plan.plan import Plan
from reconciler.render.canonical import canonical_json
from reconciler.report.terminal import WIDTH, draw, line, said, table
from reconciler.report.words import decision_word


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What one environment runs; `age` is how old the newest data is that it was made from. None: nothing runs.

    `withheld` says why what main wants is not published; empty when it is.
    """

    environment: str
    version: str | None
    digest: Digest | None
    age: timedelta | None
    withheld: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStatus:
    """One model. `candidate` is a digest, or why it cannot be read, or None."""

    model: str
    running: tuple[Running, ...]
    candidate: str | None
    pull_requests: tuple[int, ...]
    decision: str
    code: str
    message: str


def status_of(world: World, plan: Plan) -> tuple[ModelStatus, ...]:
    """The status of every model that the plan decides on, in the plan's order."""
    return tuple(_status(world.models[decision.model], decision, world.at) for decision in plan.decisions)


def status_json(status: tuple[ModelStatus, ...]) -> str:
    """`{models: [...]}` with sorted keys; ages in seconds."""
    return canonical_json({"models": status})


def status_text(status: tuple[ModelStatus, ...], *, width: int = WIDTH, color: bool = False) -> str:
    """A table with a row per model and environment."""
    return draw(_parts(status), width=width, color=color)


def age_text(age: timedelta) -> str:
    """Days, or hours of the first two days."""
    hours = int(age.total_seconds() // 3600)
    return f"{hours}h" if hours < 48 else f"{hours // 24}d"


def _status(facts: ModelFacts, decision: Decision, now: datetime) -> ModelStatus:
    return ModelStatus(
        model=facts.model,
        running=tuple(_running(facts, environment, now) for environment in facts.environments),
        candidate=_candidate(facts),
        pull_requests=tuple(change.number for change in facts.changes),
        decision=decision_word(decision)[0],
        code=decision.code,
        message=decision.message,
    )


def _running(facts: ModelFacts, environment: str, now: datetime) -> Running:
    release = facts.releases.get(environment)
    if release is None:
        return Running(environment=environment, version=None, digest=None, age=None, withheld="")
    age = now - release.build.data.as_of
    return Running(
        environment=environment,
        version=release.version,
        digest=release.digest,
        age=age,
        withheld=facts.objection(environment),
    )


def _candidate(facts: ModelFacts) -> str | None:
    match facts.candidate:
        case Candidate(build=build):
            return build.digest
        case Missing(why=why):
            return why
        case None:
            return None


def _parts(status: tuple[ModelStatus, ...]) -> Iterator[RenderableType]:
    if not status:
        yield said("There are no models.")
        return
    made = table("model", "environment", "version", "digest", "age", "candidate", "open", "decision")
    for model in status:
        for index, running in enumerate(model.running):
            version, digest, age = running.version, running.digest, running.age
            what = (
                f"{version} ✗" if running.withheld else version or "-",
                short(digest) if digest else "-",
                age_text(age) if age is not None else "-",
            )
            first = index == 0
            numbers = " ".join(f"#{number}" for number in model.pull_requests)
            waits = (
                short(model.candidate) if model.candidate and model.candidate.startswith("sha256:") else model.candidate or "-"
            )
            rest = (waits, numbers or "-", f"{model.decision} ({model.code})") if first else ("", "", "")
            made.add_row(*map(said, (model.model if first else "", running.environment, *what, *rest)))
    yield made
    for model in status:
        for running in model.running:
            if running.withheld:
                which = f"{model.model} {running.version} is not published to {running.environment}:"
                yield line(Text("✗ ", style="red"), said(which, "bold"), said(running.withheld))
