"""Laws of chains of environments, over streams of candidates that come faster than a soak is long."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain.decisions import Hold, Promote, Retrain, Withdraw
from reconciler.domain.evidence import Evidence
from reconciler.domain.facts import Candidate, History, ModelFacts, Move
from reconciler.domain.names import Digest
from reconciler.domain.releases import Release
from reconciler.plan.decide import decide
from reconciler.plan.situation import Situation
from reconciler.plan.versions import next_version
from reconciler.rules.freezes import frozen
from tests.builders import NOW, PROVEN, a_build, a_candidate, a_comparison, a_release, a_revision, an_open_change, evidence, facts
from tests.examples import examples
from tests.unit.plan.chains import landed
from tests.unit.plan.situations import a_situation

HOUR = timedelta(hours=1)
GATES = [{"type": "floor", "metric": "rocAuc", "atLeast": 0.6}]
QUARANTINED = 5
"""Every fifth candidate turns out to be bad as soon as staging runs it."""


@dataclass(kw_only=True)
class Stream:
    """A chain in time: a new candidate every so many hours, and people who merge what is proposed after a while."""

    chain: list[Any]
    every: int
    review: int
    now: datetime = NOW
    releases: dict[str, Release] = field(default_factory=lambda: {"production": a_release()})
    moves: list[Move] = field(default_factory=list)
    candidate: Candidate | None = None
    change: tuple[str, Digest, datetime] | None = None
    merged: list[tuple[str, Digest, datetime]] = field(default_factory=list)
    quarantine: dict[Digest, str] = field(default_factory=dict)
    made: int = 0
    asked: Situation | None = None

    def situation(self) -> Situation:
        names = [one if isinstance(one, str) else one["name"] for one in self.chain]
        after = dict(pairwise(names))
        onward = {name: landed(release, evidence=self.compared()) for name, release in self.releases.items() if name in after}
        seen: ModelFacts = replace(
            facts(),
            environments=tuple(names),
            releases=dict(self.releases),
            proofs=dict.fromkeys(names, PROVEN),
            introduced={move.environment: move.commit for move in self.moves},
            onward={name: one for name, one in onward.items() if self.digest(after[name]) != one.build.digest},
            candidate=self.candidate,
            changes=(an_open_change(environment=self.change[0], digest=self.change[1]),) if self.change else (),
            quarantine=dict(self.quarantine),
            history=History(moves=tuple(self.moves), released=frozenset((one.environment, one.digest) for one in self.moves)),
        )
        self.asked = self.asked or a_situation(environments=self.chain, gates=GATES)
        return replace(self.asked, facts=seen, now=self.now)

    def digest(self, environment: str) -> Digest | None:
        release = self.releases.get(environment)
        return release.digest if release else None

    def hour(self) -> None:
        """Something is decided, and done; a pull request is merged when it has waited for long enough."""
        situation = self.situation()
        decision = decide(situation)
        match decision:
            case Promote() if self.change is None:
                self.change = (decision.environment, decision.digest, self.now)
            case Retrain() if self.candidate:
                self.candidate = replace(self.candidate, evidence=self.compared())
            case Withdraw():
                self.change = None
            case Hold() if int((self.now - NOW) / HOUR) % self.every == 0:
                self.made += 1
                build = a_build(f"number {self.made}", as_of=self.now)
                self.candidate = replace(a_candidate(), build=build, evidence=self.compared())
        if isinstance(decision, Promote) and self.change and self.now - self.change[2] >= self.review * HOUR:
            self.merge(decision, situation)
            self.change = None
        self.now += HOUR

    def compared(self) -> Evidence:
        return evidence(comparison=a_comparison(champion=self.releases["production"]))

    def merge(self, decision: Promote, situation: Situation) -> None:
        version = next_version(situation.facts, decision.digest)
        builds = [one.build for one in (self.candidate, *situation.facts.onward.values()) if one]
        build = next(build for build in builds if build.digest == decision.digest)
        self.releases[decision.environment] = Release(environment=decision.environment, version=version, build=build)
        commit = a_revision(f"{decision.environment} {version}")
        self.moves.append(
            Move(environment=decision.environment, digest=decision.digest, version=version, at=self.now, commit=commit)
        )
        self.merged.append((decision.environment, decision.digest, self.now))
        if decision.environment != "production" and int(version.split(".")[1]) % QUARANTINED == 0:
            self.quarantine[decision.digest] = "bad"

    def run(self, hours: int) -> "Stream":
        for _ in range(hours):
            self.hour()
        return self

    def into(self, environment: str) -> list[tuple[Digest, datetime]]:
        return [(digest, at) for name, digest, at in self.merged if name == environment]


NIGHTS = {"hours": {"from": "18:00", "until": "08:00", "timezone": "America/New_York"}, "reason": "nights"}


@st.composite
def streams(draw: st.DrawFn) -> tuple[Stream, int, list[Any]]:
    """A stream whose candidates come at least as fast as a soak is long, its soak in hours, and the freeze of production."""
    soak = draw(st.integers(2, 8))
    freeze = draw(st.sampled_from([[], [NIGHTS]]))
    pins = draw(st.sampled_from([{}, {"pinCandidate": True}]))
    chain: list[Any] = [{"name": "staging", "soak": f"{soak}h", **pins}, {"name": "production", "freeze": freeze}]
    if draw(st.booleans()):
        chain.insert(0, {"name": "dev", "soak": "1h"})
    stream = Stream(chain=chain, every=draw(st.integers(1, soak)), review=draw(st.integers(0, 2)))
    return stream, soak, freeze


@examples(1)
@given(streams())
def test_a_stream_of_newer_candidates_starves_nothing_and_nothing_comes_out_of_turn(made: tuple[Stream, int, list[Any]]) -> None:
    stream, soak, freeze = made
    stream.run(60)
    names = [one["name"] for one in stream.chain]
    arrived = {(name, digest): at for name, digest, at in stream.merged}
    assert len(arrived) == len(stream.merged)
    assert all((before, digest) in arrived for name, digest, _ in stream.merged for before in names[: names.index(name)])
    for digest, at in stream.into("production"):
        assert digest not in stream.quarantine
        assert at - arrived["staging", digest] >= soak * HOUR
        assert frozen(stream.situation().model.spec.environment("production").freeze, at) is None
    longest = soak + (14 if freeze else 0) + 3 * (stream.review + 2)
    assert len(stream.into("production")) >= max(1, 60 // longest - 1)


def test_without_the_pin_the_same_stream_lets_nothing_through_and_explain_says_so() -> None:
    """So that the law above speaks of something."""
    chain = [{"name": "staging", "soak": "8h", "pinCandidate": False}, "production"]
    stream = Stream(chain=chain, every=4, review=0).run(36)
    assert len(stream.into("staging")) > 5
    assert stream.into("production") == []
    stream.candidate = None
    said = decide(stream.situation()).message
    assert "newer releases took its place" in said
    assert "pinCandidate: true would let one through" in said
