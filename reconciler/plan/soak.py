"""Whether a release has run in an environment for long enough to go on to the next one. Pure.

The ledger says since when: its line is written in the pass that renders the manifests. What the clock shows stands in no message,
so that what people were told stays true until something happens.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise, takewhile

from reconciler.domain.clusters import Deployed, Health
from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.names import Digest, short
from reconciler.plan.situation import Situation
from reconciler.rules.fields import duration_text, time_text
from reconciler.specs.environments import Environment, SoakProof

RULE = "soak"
_UNWELL = (Health.DEGRADED, Health.MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Soak:
    """A release in the environment where it soaks: since when it has run there without a break, and how long it is to."""

    environment: str
    version: str
    since: datetime
    length: timedelta

    @property
    def until(self) -> datetime:
        """When it may go on."""
        return self.since + self.length


def judge_soak(situation: Situation, environment: str) -> Judgement | None:
    """YES when it ran long enough in the environment before, and nothing says that it is unwell; None where no soak is asked."""
    before = soaks_before(situation, environment)
    if before is None or situation.candidate is None:
        return None
    digest, name = situation.candidate.build.digest, before.name
    if situation.facts.digest_in(name) != digest:
        message = f"{name} does not run {short(digest)}, {_length(before)} there wanted"
        return no(RULE, "notRunning", message, f"promote it to {name}")
    if (ended := _aborted(situation.facts, name)) or name in situation.facts.rollouts:
        why = f"was aborted: {ended}" if ended else "is under way"
        message = f"the rollout of {short(digest)} in {name} {why}"
        return no(RULE, "aborted" if ended else "rollingOut", message, "perennial status")
    soak = soak_of(situation.facts, before)
    if soak is None:
        message = f"the ledger does not say yet that {name} runs {short(digest)}, {_length(before)} there wanted"
        return unknown(RULE, "notOnRecord", message, "perennial reconcile")
    return _judged(situation, before, soak)


def soaks_before(situation: Situation, environment: str) -> Environment | None:
    """The environment before this one, if releases soak there."""
    chain = situation.model.spec.chain
    return next((one for one, following in pairwise(chain) if following.name == environment and one.soak is not None), None)


def soak_of(facts: ModelFacts, environment: Environment) -> Soak | None:
    """The soak of what the environment runs; None where it asks for none, or the ledger does not know what runs there."""
    digest, moves = facts.digest_in(environment.name), facts.history.in_environment(environment.name)
    stay = list(takewhile(lambda move: move.digest == digest, reversed(moves)))
    if environment.soak is None or digest is None or not stay or facts.introduced.get(environment.name) != stay[0].commit:
        return None
    deployed = facts.deployed.get(environment.name)
    well = deployed.since if isinstance(deployed, Deployed) and environment.require is SoakProof.HEALTHY else None
    since = max(filter(None, (stay[-1].at, well)))
    return Soak(environment=environment.name, version=stay[0].version, since=since, length=environment.soak)


def times_replaced(facts: ModelFacts, environment: Environment, following: str) -> int:
    """How often something newer took the place of what soaked in the environment, since the one after it got something new."""
    arrived = [move.at for move in facts.history.in_environment(following) if not move.rolled_back]
    moves = facts.history.in_environment(environment.name)
    since = [move for move in moves if not arrived or move.at > arrived[-1]]
    newer = [(before, after) for before, after in pairwise(since) if before.digest != after.digest and not after.rolled_back]
    return sum(environment.soak is not None and after.at - before.at < environment.soak for before, after in newer)


def _aborted(facts: ModelFacts, environment: str) -> str:
    """Why the rollout of what main wants in the environment ended badly; empty when it did not."""
    commit = facts.introduced.get(environment)
    ended = facts.history.aborted.get((environment, commit)) if commit else None
    return ended.why if ended else ""


def _judged(situation: Situation, before: Environment, soak: Soak) -> Judgement:
    seen = situation.facts.deployed.get(before.name)
    said = f"{soak.version} runs in {before.name} since {time_text(soak.since)}, {_length(before)} wanted"
    if situation.candidate and (trouble := _trouble(before, seen, situation.candidate.build.digest, said)):
        return trouble
    how, until = _how(before, seen), time_text(soak.until)
    if situation.now < soak.until:
        replaced = _replaced(situation.facts, before, situation.model.spec.environments)
        return no(RULE, "soaking", f"{said}, until {until}; {how}{replaced}", f"wait until {until}")
    return _few_rows(situation.facts, before, said) or yes(RULE, "soaked", f"{said}, over since {until}; {how}")


def _few_rows(facts: ModelFacts, before: Environment, said: str) -> Judgement | None:
    """Without the number of rows, which grows: what is told stays true until there are enough. `status` tells it."""
    seen = facts.answered.get(before.name)
    if before.minimum_rows is None or (isinstance(seen, int) and seen >= before.minimum_rows):
        return None
    wanted = f"{before.minimum_rows:,} answered rows wanted"
    if isinstance(seen, int):
        return no(RULE, "tooFewRows", f"{said}; {wanted}, and there are fewer yet", "wait until more rows are answered")
    why = seen.why if seen else "nobody counted them"
    return unknown(
        RULE, "rowsUnknown", f"{said}; {wanted}, and how many there are cannot be seen: {why}", "see spec.observe: log"
    )


def _trouble(before: Environment, seen: Deployed | Missing | None, digest: Digest, said: str) -> Judgement | None:
    """What keeps a soak from counting, however long it was; None when nothing does."""
    if before.require is SoakProof.TIME:
        return None
    match seen:
        case None | Missing(code="noCluster"):
            if before.require is not SoakProof.HEALTHY:
                return None
            message = f"{said}, but it must be healthy, and no cluster is configured that could tell"
            return unknown(RULE, "noCluster", message, f"configure a cluster for {before.name}, or set require: time")
        case Missing(why=why):
            return unknown(RULE, "healthUnknown", f"{said}, but whether it is well cannot be seen: {why}", "perennial status")
        case Deployed():
            return _told_trouble(seen, digest, said)


def _told_trouble(seen: Deployed, digest: Digest, said: str) -> Judgement | None:
    """The same, of what the cluster tells."""
    why = f": {seen.message}" if seen.message else ""
    if seen.health in _UNWELL or (seen.rollout and seen.rollout.aborted):
        word = "its rollout was aborted" if seen.rollout and seen.rollout.aborted else f"it is {seen.health}"
        return no(RULE, "unwell", f"{said}, but {word}{why}", f"perennial rollback, or mend {seen.application}")
    if seen.health is not Health.HEALTHY:
        return unknown(RULE, "healthUnknown", f"{said}, but it is {seen.health}{why}", "wait until its cluster says Healthy")
    if digest not in seen.digests:
        there = ", ".join(map(short, sorted(seen.digests))) or "nothing that tells its digest"
        return unknown(RULE, "notThere", f"{said}, but its cluster runs {there}", "wait until its cluster runs it")
    return None


def _how(before: Environment, seen: Deployed | Missing | None) -> str:
    if before.require is SoakProof.TIME:
        return "only time counts, as its spec says"
    return "its cluster says Healthy" if isinstance(seen, Deployed) else "no cluster is configured, so only time counts"


def _replaced(facts: ModelFacts, before: Environment, chain: tuple[str, ...]) -> str:
    """A warning, where newer releases keep it from ever going on."""
    following = chain[chain.index(before.name) + 1]
    times = times_replaced(facts, before, following)
    if not times:
        return ""
    return f"; newer releases took its place {times} times before the soak was over: pinCandidate: true would let one through"


def _length(before: Environment) -> str:
    return duration_text(before.soak) if before.soak else "no soak"
