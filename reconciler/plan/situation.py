"""All that `decide` looks at for one model, and what its rules say of it."""

from dataclasses import dataclass
from datetime import datetime

from reconciler.domain.facts import Candidate, ModelFacts
from reconciler.domain.judgements import Answer, Judgement, yes
from reconciler.domain.known import Missing
from reconciler.domain.names import Digest, short
from reconciler.domain.packages import may_be_named
from reconciler.plan.overridden import with_override
from reconciler.rules.base import Exemptible, Rule
from reconciler.rules.gates import judge_all
from reconciler.rules.guards.backoff import Backoff
from reconciler.rules.progressive import RolloutRule
from reconciler.rules.rollouts.direct import Direct
from reconciler.specs.model import Model
from reconciler.specs.policies import GatePolicy, RetrainPolicy
from reconciler.specs.settings import FleetFreeze
from reconciler.specs.specs import Specs

AT_ONCE = Direct(type="direct")


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One model: what people want, what was seen, and when. `freeze` are times in which nothing new is released anywhere."""

    model: Model
    retrain: RetrainPolicy
    gates: GatePolicy
    facts: ModelFacts
    now: datetime
    rollout: RolloutRule = AT_ONCE
    freeze: tuple[FleetFreeze, ...] = ()

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name

    @property
    def candidate(self) -> Candidate | None:
        """The trained candidate, when there is one that can be read."""
        return self.facts.candidate if isinstance(self.facts.candidate, Candidate) else None


def situation_of(specs: Specs, facts: ModelFacts, now: datetime) -> Situation:
    """Put a model's policies beside its facts."""
    model = specs.models[facts.model]
    return Situation(
        model=model,
        retrain=specs.retrain[model.spec.retrain],
        gates=specs.gates[model.spec.gates],
        facts=facts,
        now=now,
        rollout=specs.rollouts[model.spec.rollout].spec,
        freeze=specs.settings.freeze,
    )


def next_environment(situation: Situation) -> str | None:
    """The first environment, in order, that does not run the candidate yet; None when all do, or one turned it down.

    An environment that ran the digest once and does not any more was rolled back: it is not offered again. Only where something
    newer took its place while it had gone on already, the environment is passed over.
    """
    candidate = situation.candidate
    if candidate is None:
        return None
    digest, facts = candidate.build.digest, situation.facts
    running = [number for number, name in enumerate(facts.environments) if facts.digest_in(name) == digest]
    for number, environment in enumerate(facts.environments):
        went_on = any(number < other for other in running) and not facts.history.rolled_back(environment, digest)
        if number in running or ((environment, digest) in facts.history.released and went_on):
            continue
        return None if (environment, digest) in facts.history.released else environment
    return None


def judge_gates(situation: Situation) -> Judgement | None:
    """What the gates say of the candidate, a reviewed override applied; None when nothing is waiting to be judged."""
    if next_environment(situation) is None:
        return None
    gates = judge_all(situation.gates.spec.gates, situation.facts, situation.now)
    return with_override(gates, situation.facts, situation.now)


def judge_trigger(situation: Situation) -> Judgement:
    """Whether there is a reason to retrain. A model that was never trained has one, whatever its policy says."""
    facts = situation.facts
    if facts.newest is None and not isinstance(facts.candidate, Missing):
        return yes("firstRelease", "neverTrained", "nothing was ever trained")
    return situation.retrain.spec.triggers.judge(facts, situation.now)


def judge_guards(situation: Situation, trigger: Judgement) -> tuple[Judgement, ...]:
    """What every guard says; a guard steps aside for the triggers that it exempts. Backoff is always on guard, written or not."""
    fired = {reason.rule for reason in trigger.reasons()} if trigger.answer is Answer.YES else set()
    written: tuple[Rule, ...] = situation.retrain.spec.guards
    usual = () if any(isinstance(guard, Backoff) for guard in written) else (Backoff(type="backoff"),)
    return tuple(_judge_guard(guard, fired, situation) for guard in (*written, *usual))


def _judge_guard(guard: Rule, fired: set[str], situation: Situation) -> Judgement:
    if isinstance(guard, Exemptible) and (exempt := sorted(fired & set(guard.exempt))):
        return yes(guard_name(guard), "exempt", f"lets {', '.join(exempt)} pass at once")
    return guard.judge(situation.facts, situation.now)


def guard_name(guard: Rule) -> str:
    """The guard's `type:`."""
    return str(getattr(guard, "type", type(guard).__name__))


def unproven(situation: Situation, digest: Digest) -> str:
    """Where the digest runs without holding proof, and why; empty when nothing keeps it from being promoted further."""
    facts = situation.facts
    doubts = [
        f"{environment} runs {short(digest)} unproven: {why}"
        for environment, release in facts.releases.items()
        if release.digest == digest and (why := facts.objection(environment))
    ]
    return "; ".join(doubts)


def in_doubt(situation: Situation, digest: Digest) -> tuple[str, str] | None:
    """Why people may not be asked to merge the digest now: (code, message).

    What it goes through is unproven, or its data or its package is not where others can get it, nor can be brought there.
    """
    if doubt := unproven(situation, digest):
        return "unproven", doubt
    data = situation.facts.sharing.judgement
    if data.answer is not Answer.YES and not situation.facts.sharing.absent:
        return data.code, f"{data.message}: {data.remedy}"
    packaging = situation.facts.packaging
    if may_be_named(packaging, digest):
        return None
    return packaging[digest].code, f"{packaging[digest].message}: {packaging[digest].remedy}"


def barred(situation: Situation, digest: Digest) -> tuple[str, str] | None:
    """Why automation may not propose the digest: (code, message), or None when it may."""
    facts = situation.facts
    if digest in facts.quarantine:
        return "quarantined", f"its digest is quarantined: {facts.quarantine[digest]}"
    if digest in facts.declined:
        return "declined", f"pull request #{facts.declined[digest]} with its digest was closed without a merge"
    return None
