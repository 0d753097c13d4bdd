"""What is on its way through the environments: each release as the candidate that it is for the next one. Pure.

What an environment runs goes on as it is, with the evidence that main has of its digest. So whatever is trained meanwhile neither
stops it nor takes its place.
"""

from dataclasses import replace

from reconciler.domain.facts import Candidate, ModelFacts
from reconciler.domain.names import Digest
from reconciler.domain.releases import Release
from reconciler.domain.sharing import NOT_SHARED
from reconciler.plan.situation import Situation, next_environment


def about(situation: Situation, digest: Digest | None) -> Situation:
    """The situation with this digest for its candidate; as it is where nothing on its way has the digest."""
    if situation.candidate and situation.candidate.build.digest == digest:
        return situation
    landed = (one for one in situation.facts.onward.values() if one.build.digest == digest)
    return next((_with(situation, one) for one in landed), situation)


def going_on(situation: Situation) -> tuple[Situation, ...]:
    """One for each release that an environment runs and the next one may be offered, the furthest first."""
    facts = situation.facts
    names = [name for name in reversed(facts.environments[:-1]) if (name in facts.onward or _runs_candidate(situation, name))]
    found = {digest: about(situation, digest) for name in names if (digest := facts.digest_in(name))}
    return tuple(one for one in found.values() if (to := next_environment(one)) and not _is_older(one.facts, to))


def all_on_their_way(situation: Situation) -> tuple[Situation, ...]:
    """All of these, and the candidate that no environment runs yet."""
    further = going_on(situation)
    new = () if situation.candidate is None or next_environment(situation) is None or situation in further else (situation,)
    return (*further, *new)


def version_key(release: Release) -> tuple[int, ...]:
    """Versions in their order."""
    return tuple(int(part) for part in release.version.split("."))


def _with(situation: Situation, candidate: Candidate) -> Situation:
    return replace(situation, facts=replace(situation.facts, candidate=candidate, sharing=NOT_SHARED))


def _runs_candidate(situation: Situation, environment: str) -> bool:
    candidate = situation.candidate
    return candidate is not None and situation.facts.digest_in(environment) == candidate.build.digest


def _is_older(facts: ModelFacts, environment: str) -> bool:
    """The environment runs a newer version than the candidate's: going back there is a roll-back, not a promotion."""
    candidate, there = facts.candidate, facts.releases.get(environment)
    if not isinstance(candidate, Candidate) or there is None:
        return False
    mine = next((release for release in facts.releases.values() if release.digest == candidate.build.digest), None)
    return mine is not None and version_key(mine) < version_key(there)
