"""A policy tried on history before anybody merges it: the same facts, rules and stages as live, without Git in between.

At each moment the released model is judged by the policy; what it asks for is trained at once and, when its gates pass,
merged at once. Every row is answered by the model that was live when it happened, before any model learnt from it (the
prequential order; source: Dawid 1984), so policies can be compared on the same rows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from reconciler.domain.decisions import Hold, Retrain
from reconciler.domain.events import Event, EventKind
from reconciler.domain.facts import Candidate, ModelFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.names import Revision, short
from reconciler.domain.training import Price
from reconciler.errors import ReconcilerError
from reconciler.observe.fleet import fleet_of
from reconciler.observe.history import history_of
from reconciler.observe.ledger import Chain
from reconciler.observe.rows import Subject, observe_rows
from reconciler.pipeline.build_json import read_build
from reconciler.pipeline.evaluate import evaluate
from reconciler.pipeline.evidence_json import EVALUATION, read_evidence
from reconciler.pipeline.package import package
from reconciler.pipeline.snapshot import snapshot
from reconciler.pipeline.train import train
from reconciler.plan.decide import decide
from reconciler.plan.record import Details, cost_details, trained_event
from reconciler.plan.situation import Situation
from reconciler.rules.combine import judge_all
from reconciler.rules.fields import time_text
from reconciler.simulate.answered import answer, measured
from reconciler.simulate.trial import Live, Moment, Trial, Tried
from reconciler.specs.model import Model, Observation
from reconciler.specs.parameters import RunParameters

NO_REVISION = Revision("0" * 40)


def moments(start: datetime, end: datetime, every: timedelta) -> Iterator[datetime]:
    """start, start + every, ... before end."""
    at = start
    while at < end:
        yield at
        at += every


def try_policy(trial: Trial, times: Iterable[datetime], every: timedelta, until: datetime | None = None) -> Tried:
    """Stand at each of the times, which lie `every` apart; rows from `until` on are not answered.

    Raises ReconcilerError when rows cannot be read, or no first release can be trained.
    """
    from threadpoolctl import threadpool_limits

    live, done, answered = Live(), [], []
    with threadpool_limits(limits=1):  # trainings on few rows: more threads mostly wait for each other
        for at in times:
            done.append(_step(trial, live, at))
            end = at + every if until is None else min(at + every, until)
            answered.append(answer(trial, live, at, end))
    parts = [part for part in answered if part is not None]
    return Tried(
        policy=trial.retrain.metadata.name,
        moments=tuple(done),
        rows=sum(len(part.rows.truth) for part in parts),
        metrics=measured(parts, trial.model.spec.metrics),
    )


def _step(trial: Trial, live: Live, at: datetime) -> Moment:
    name, facts = trial.model.name, _facts(trial, live, at)
    decision = decide(Situation(model=trial.model, retrain=trial.retrain, gates=trial.judged, facts=facts, now=at))
    if not isinstance(decision, Retrain):
        return Moment(at=at, decision=decision)
    reason, started = f"{decision.code}: {decision.message}", _stopwatch(trial)
    try:
        candidate = _train(trial, live, at)
    except ReconcilerError as error:
        if live.release is None:
            raise
        live.events.append(_failed(trial, at, error.message, _cost(trial, started)))
        held = Hold(model=name, code="trainingFailed", message=error.message, judgements=decision.judgements)
        return Moment(at=at, decision=held, failed=error.message)
    live.events.append(trained_event(name, candidate.build, at, reason, candidate.evidence, _cost(trial, started)))
    refused = _refusal(trial, live, candidate, at)
    if refused:
        live.candidate = candidate
        live.events.append(_event(trial, EventKind.REFUSED, at, refused, {"digest": candidate.build.digest}))
    else:
        live.merge(candidate, trial.model.champion_environment)
    return Moment(at=at, decision=decision, retrained=reason, refused=refused)


def _failed(trial: Trial, at: datetime, message: str, cost: Details) -> Event:
    """As the loop records it, so that backoff waits here as it does there."""
    return _event(trial, EventKind.TRAINING_FAILED, at, message, {**asdict(trial.context.made_from), **cost})


def _event(trial: Trial, kind: EventKind, at: datetime, message: str, details: Details) -> Event:
    subject = details.get("digest", time_text(at))
    return Event(id=f"{kind}/{subject}", at=at, model=trial.model.name, kind=kind, message=message, details=details)


def _stopwatch(trial: Trial) -> float:
    return trial.seconds() if trial.seconds else 0.0


def _cost(trial: Trial, started: float) -> Details:
    """What the training cost by the model's price; nothing where none is declared, or nobody measures."""
    price = trial.model.spec.price
    if price is None or trial.seconds is None:
        return {}
    return cost_details(trial.seconds() - started, Price(per_hour=price.per_hour, currency=price.currency))


def _facts(trial: Trial, live: Live, at: datetime) -> ModelFacts:
    """As `observe` makes them, of a repository in which everything is merged and nothing is open."""
    policy, release = trial.retrain.spec, live.release
    newest = live.candidate.build if live.candidate else release.build if release else None
    subject = Subject(model=_scored(trial.model), dataset=trial.dataset, newest=newest, champion=release, now=at)
    needs = policy.triggers.needs().union(*(guard.needs() for guard in policy.guards))
    rows = observe_rows(subject, needs, replace(trial.readers, artifacts=live.shelf))
    return replace(
        _unmeasured(trial, live),
        candidate=live.candidate,
        labels=rows.labels,
        reference=rows.reference,
        profiles=rows.profiles,
        scores=rows.scores,
        live=rows.live if live.baseline is None else replace(rows.live, baseline=live.baseline),
    )


def _scored(model: Model) -> Model:
    """The same model, observed by its dataset: no log holds what a model answers that is only tried."""
    return model.model_copy(update={"spec": model.spec.model_copy(update={"observe": Observation.SCORE})})


def _train(trial: Trial, live: Live, at: datetime) -> Candidate:
    """The stages, in this process and a folder of their own."""
    champion = live.release.build if live.release else None
    parameters = RunParameters(
        dataset=trial.dataset.name,
        as_of=at,
        seed=trial.context.parameters.seed,
        champion=champion.digest if champion else "none",
    )
    gates = trial.judged.spec.gates
    context = replace(trial.context, parameters=parameters, champion=champion, artifacts=live.shelf, gates=gates)
    for stage in (snapshot, train, evaluate, package):
        stage(context)
    build = read_build(context.path("candidate.json").read_text(encoding="utf-8"))
    kept = context.path(f"kept/{short(build.artifact.sha256)}.zip")
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(context.path("model.zip").read_bytes())
    live.shelf.files[build.artifact.sha256] = kept
    evidence = read_evidence({EVALUATION: context.path(EVALUATION).read_text(encoding="utf-8")})
    return Candidate(build=build, revision=NO_REVISION, base=NO_REVISION, trained_at=at, evidence=evidence, files={})


def _refusal(trial: Trial, live: Live, candidate: Candidate, at: datetime) -> str:
    """Which of the judged gates do not say YES."""
    gates = trial.judged.spec.gates
    if not gates:
        return ""
    judged = judge_all(gates, replace(_unmeasured(trial, live), candidate=candidate), at)
    objections = [leaf for leaf in judged.leaves() if leaf.answer is not Answer.YES]
    return "; ".join(f"{leaf.rule}: {leaf.message}" for leaf in objections)


def _unmeasured(trial: Trial, live: Live) -> ModelFacts:
    """Facts for gates, which look only at the candidate and at what is live."""
    environments, release = trial.model.spec.environments, live.release
    why = Missing(code="notAsked", why="gates do not look at it")
    return ModelFacts(
        model=trial.model.name,
        environments=environments,
        fingerprint=trial.context.made_from,
        hold=None,
        quarantine={},
        releases=dict.fromkeys(environments, release) if release else {},
        proofs={},
        introduced={},
        tags={},
        candidate=None,
        candidate_tip=None,
        changes=(),
        declined={},
        history=history_of(live.events),
        labels=why,
        reference=why,
        profiles={},
        scores={},
        fleet=fleet_of({trial.model.name: Chain(events=tuple(live.events))}, ()),
    )
