"""A policy tried on history before anybody merges it: the same facts, rules and stages as live, without Git in between.

At each moment the released model is judged by the policy; what it asks for is trained at once and, when its gates pass,
merged at once. Every row is answered by the model that was live when it happened, before any model learnt from it (the
prequential order; source: Dawid 1984), so policies can be compared on the same rows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from reconciler.domain.decisions import Decision, Hold, Retrain
from reconciler.domain.events import Event, EventKind
from reconciler.domain.facts import Candidate, Evidence, Known, Missing, ModelFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.names import Digest, Revision, short
from reconciler.domain.releases import Artifact, Build, Release
from reconciler.errors import ObserveError, ReconcilerError
from reconciler.observe.answers import Answers
from reconciler.observe.ledger import history_of
from reconciler.observe.rows import Subject, observe_rows
from reconciler.pipeline.artifact import open_artifact
from reconciler.pipeline.build_json import read_build
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.evaluate import evaluate
from reconciler.pipeline.evidence_json import EVALUATION, read_evidence
from reconciler.pipeline.package import package
from reconciler.pipeline.rows import labelled, read_rows
from reconciler.pipeline.score import Predicted, predicted
from reconciler.pipeline.snapshot import snapshot
from reconciler.pipeline.train import train
from reconciler.plan.decide import decide
from reconciler.plan.record import trained_event
from reconciler.plan.situation import Situation
from reconciler.ports import Readers
from reconciler.rules.combine import judge_all
from reconciler.rules.gates import DataQuality
from reconciler.specs.dataset import Dataset
from reconciler.specs.model import Model
from reconciler.specs.parameters import RunParameters
from reconciler.specs.policies import GatePolicy, RetrainPolicy
from reconciler.statistics.metrics import measure

NO_REVISION = Revision("0" * 40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is tried: one model under one policy, by the data and the scratch folder of `context`."""

    model: Model
    dataset: Dataset
    retrain: RetrainPolicy
    gates: GatePolicy
    context: StageContext
    readers: Readers


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What was done at one moment. `retrained` says why, `refused` which gates said no."""

    at: datetime
    decision: Decision
    retrained: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a policy would have done: every moment, and the metrics over all answered rows together."""

    policy: str
    moments: tuple[Moment, ...]
    rows: int
    metrics: Mapping[str, Known[float]]

    @property
    def retrains(self) -> int:
        """Trainings after the first, merged or not."""
        return max(0, sum(bool(moment.retrained) for moment in self.moments) - 1)

    @property
    def refused(self) -> int:
        """Trainings that no gate let pass."""
        return sum(bool(moment.refused) for moment in self.moments)


@dataclass(slots=True, kw_only=True)
class Shelf:
    """Artifacts of the trial, by their digest."""

    files: dict[Digest, Path] = field(default_factory=dict)

    def fetch(self, artifact: Artifact) -> Path:
        """The file. Raises ObserveError for one that was not made here."""
        if artifact.sha256 not in self.files:
            raise ObserveError(f"{artifact.sha256} was not made in this simulation")
        return self.files[artifact.sha256]


@dataclass(slots=True, kw_only=True)
class Live:
    """The state of a trial: what runs, what happened."""

    shelf: Shelf = field(default_factory=Shelf)
    release: Release | None = None
    events: list[Event] = field(default_factory=list)
    versions: int = 0


def moments(start: datetime, end: datetime, every: timedelta) -> Iterator[datetime]:
    """start, start + every, ... before end."""
    at = start
    while at < end:
        yield at
        at += every


def try_policy(trial: Trial, times: Iterable[datetime], every: timedelta) -> Tried:
    """Stand at each of the times, which lie `every` apart. Raises ReconcilerError when rows cannot be read or nothing trains."""
    from threadpoolctl import threadpool_limits

    live, done, answered = Live(), [], []
    with threadpool_limits(limits=1):  # trainings on few rows: more threads mostly wait for each other
        for at in times:
            done.append(_step(trial, live, at))
            answered.append(_answer(trial, live, at, at + every))
    rows = _joined([part for part in answered if part is not None])
    metrics = {name: _measured(rows, name) for name in trial.model.spec.metrics}
    return Tried(policy=trial.retrain.metadata.name, moments=tuple(done), rows=len(rows.truth) if rows else 0, metrics=metrics)


def _measured(rows: Predicted | None, metric: str) -> Known[float]:
    if rows is None:
        return Missing(code="insufficientData", why="0 labelled rows came while a model was live")
    return measure(rows.task, metric, rows.truth, rows.prediction)


def _joined(parts: Sequence[Predicted]) -> Predicted | None:
    if not parts:
        return None
    truth = np.concatenate([part.truth for part in parts])
    return Predicted(task=parts[0].task, truth=truth, prediction=np.concatenate([part.prediction for part in parts]))


def _step(trial: Trial, live: Live, at: datetime) -> Moment:
    decision = decide(_situation(trial, live, at))
    if not isinstance(decision, Retrain):
        return Moment(at=at, decision=decision)
    reason = f"{decision.code}: {decision.message}"
    try:
        build, evidence = _train(trial, live, at)
    except ReconcilerError as error:
        if live.release is None:
            raise
        held = Hold(model=trial.model.name, code="trainingFailed", message=error.message, judgements=decision.judgements)
        return Moment(at=at, decision=held)
    live.events.append(trained_event(trial.model.name, build, at, reason, evidence))
    refused = _refusal(trial, live, build, evidence, at)
    if refused:
        details = {"digest": build.digest}
        name = trial.model.name
        kind = EventKind.REFUSED
        live.events.append(Event(id=f"{kind}/{build.digest}", at=at, model=name, kind=kind, message=refused, details=details))
    else:
        live.release = Release(environment=trial.model.champion_environment, version=f"1.{live.versions}.0", build=build)
        live.versions += 1
    return Moment(at=at, decision=decision, retrained=reason, refused=refused)


def _situation(trial: Trial, live: Live, at: datetime) -> Situation:
    return Situation(model=trial.model, retrain=trial.retrain, gates=trial.gates, facts=_facts(trial, live, at), now=at)


def _facts(trial: Trial, live: Live, at: datetime) -> ModelFacts:
    """As `observe` makes them, of a repository in which everything is merged and nothing is open."""
    policy, release = trial.retrain.spec, live.release
    subject = Subject(
        model=trial.model, dataset=trial.dataset, newest=release.build if release else None, champion=release, now=at
    )
    needs = policy.triggers.needs().union(*(guard.needs() for guard in policy.guards))
    rows = observe_rows(subject, needs, replace(trial.readers, artifacts=live.shelf))
    return replace(
        _unmeasured(trial, live),
        labels=rows.labels,
        reference=rows.reference,
        profiles=rows.profiles,
        scores=rows.scores,
        live=rows.live,
    )


def _train(trial: Trial, live: Live, at: datetime) -> tuple[Build, Evidence]:
    """The stages, in this process and a folder of their own."""
    champion = live.release.build if live.release else None
    parameters = RunParameters(
        dataset=trial.dataset.name,
        as_of=at,
        seed=trial.context.parameters.seed,
        champion=champion.digest if champion else "none",
    )
    context = replace(trial.context, parameters=parameters, champion=champion, artifacts=live.shelf)
    for stage in (snapshot, train, evaluate, package):
        stage(context)
    build = read_build(context.path("candidate.json").read_text(encoding="utf-8"))
    kept = context.path(f"kept/{short(build.artifact.sha256)}.zip")
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(context.path("model.zip").read_bytes())
    live.shelf.files[build.artifact.sha256] = kept
    return build, read_evidence({EVALUATION: context.path(EVALUATION).read_text(encoding="utf-8")})


def _refusal(trial: Trial, live: Live, build: Build, evidence: Evidence, at: datetime) -> str:
    """Which gates do not say YES. The contract is not checked here, so the gate dataQuality is left out."""
    gates = [gate for gate in trial.gates.spec.gates if not isinstance(gate, DataQuality)]
    if not gates:
        return ""
    candidate = Candidate(build=build, revision=NO_REVISION, trained_at=at, evidence=evidence, files={})
    facts = replace(_unmeasured(trial, live), candidate=candidate)
    judged = judge_all(gates, facts, at)
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
    )


def _answer(trial: Trial, live: Live, start: datetime, end: datetime) -> Predicted | None:
    """The rows of [start, end), answered by what is live; None when there are none."""
    if live.release is None:
        return None
    opened = open_artifact(live.shelf.fetch(live.release.build.artifact))
    body = trial.dataset.spec
    columns = (*opened.contract.features.names, body.label.column)
    rows = labelled(read_rows(trial.dataset, trial.context.data, columns, start, end), body.label.column)
    if not rows.height:
        return None
    return predicted(opened, rows, Answers(package=opened, memory=trial.readers.memory).of(rows, body.event_time))
