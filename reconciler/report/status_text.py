"""Where every model stands: what each environment runs, what waits, and what is decided."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rich.console import RenderableType
from rich.text import Text

from reconciler.domain.clusters import Deployed
from reconciler.domain.decisions import Decision
from reconciler.domain.facts import Candidate, ModelFacts
from reconciler.domain.known import Known, Missing
from reconciler.domain.names import Digest, short
from reconciler.domain.world import World
from reconciler.observe.deployed import NO_CLUSTER
from reconciler.plan.agreement import Agreement, agreements_of
from reconciler.plan.plan import Plan
from reconciler.plan.whereabouts import Place
from reconciler.render.canonical import canonical_json
from reconciler.report.deployed_text import word
from reconciler.report.matrix_text import matrix
from reconciler.report.terminal import WIDTH, draw, line, said, table
from reconciler.report.words import decision_word

_HEADERS = ("model", "environment", "version", "digest", "age", "candidate", "open", "decision")


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What one environment runs; `age` is how old the newest data is that it was made from. None: nothing runs.

    `withheld` says why what main wants is not published; empty when it is. `deployed` is what the cluster has.
    """

    environment: str
    version: str | None
    digest: Digest | None
    age: timedelta | None
    withheld: str
    deployed: Known[Deployed] = NO_CLUSTER


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStatus:
    """One model. `candidate` is a digest, or why it cannot be read, or None; `chain` tells of releases on their way."""

    model: str
    running: tuple[Running, ...]
    candidate: str | None
    pull_requests: tuple[int, ...]
    decision: str
    code: str
    message: str
    agreements: tuple[Agreement, ...] = ()
    chain: tuple[Place, ...] = ()


Places = Mapping[str, tuple[Place, ...]]
"""By model, what is to be said of its environments."""


def status_of(world: World, plan: Plan, places: Places | None = None) -> tuple[ModelStatus, ...]:
    """The status of every model that the plan decides on, in the plan's order."""
    told = places or {}
    made = (_status(world.models[decision.model], decision, world.at) for decision in plan.decisions)
    full = (replace(one, agreements=tuple(agreements_of(world, plan.steps, [one.model]))) for one in made)
    return tuple(replace(one, chain=told.get(one.model, ())) for one in full)


def status_json(status: tuple[ModelStatus, ...]) -> str:
    """`{models: [...]}` with sorted keys; ages in seconds."""
    return canonical_json({"models": status})


def status_text(status: tuple[ModelStatus, ...], *, width: int = WIDTH, color: bool = False) -> str:
    """A table with a row per model and environment, and another of who says the same of it."""
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
    release, deployed = facts.releases.get(environment), facts.deployed.get(environment, NO_CLUSTER)
    if release is None:
        return Running(environment=environment, version=None, digest=None, age=None, withheld="", deployed=deployed)
    age = now - release.build.data.as_of
    return Running(
        environment=environment,
        version=release.version,
        digest=release.digest,
        age=age,
        withheld=facts.objection(environment),
        deployed=deployed,
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
    reached = any(running.deployed != NO_CLUSTER for model in status for running in model.running)
    made = table(*_HEADERS[:5], *(["cluster"] if reached else []), *_HEADERS[5:])
    for model in status:
        for index, running in enumerate(model.running):
            seen = [word(running.deployed)] if reached else []
            first = index == 0
            rest = _of_model(model) if first else ("", "", "")
            made.add_row(*map(said, (model.model if first else "", running.environment, *_runs(running), *seen, *rest)))
    yield made
    yield from matrix([one for model in status for one in model.agreements])
    for model in status:
        yield from chain_lines(model.chain, f"{model.model} ")
    if not reached:
        yield line(Text("? ", style="yellow"), said("What runs is UNKNOWN: no cluster configured.", "dim"))


def _runs(running: Running) -> tuple[str, str, str]:
    version, digest, age = running.version, running.digest, running.age
    named = f"{version} ✗" if running.withheld else version or "-"
    return named, short(digest) if digest else "-", age_text(age) if age is not None else "-"


def _of_model(model: ModelStatus) -> tuple[str, str, str]:
    """What is told once of all its environments."""
    numbers = " ".join(f"#{number}" for number in model.pull_requests)
    waits = short(model.candidate) if model.candidate and model.candidate.startswith("sha256:") else model.candidate or "-"
    return waits, numbers or "-", f"{model.decision} ({model.code})"


def chain_lines(chain: Iterable[Place], start: str = "") -> Iterator[RenderableType]:
    """A line for each thing that is to be said of an environment."""
    for place in chain:
        for sentence in place.says:
            yield line(Text("→ ", style="cyan"), said(f"{start}{place.environment}:", "bold"), said(sentence))
