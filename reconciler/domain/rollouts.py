"""A rollout under way: how far it is, what was seen of the releases beside each other, and the move that comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from reconciler.domain.judgements import Judgement
from reconciler.domain.known import Known
from reconciler.domain.names import Digest
from reconciler.domain.releases import Release
from reconciler.domain.tallies import Tally

Weights = Mapping[Digest, int]
"""Percent of the traffic per release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the rollout is, as Git tells: nothing of it is remembered elsewhere.

    `live` is the release that is replaced, `candidates` those that may replace it (one, but for a bandit). `weights` stand in the
    manifests of the environment's branch since `changed_at`, the time of the commit, and the first of them since `started_at`;
    before that there are none. What no weight gives to a release is the live one's.
    """

    live: Digest
    candidates: tuple[Digest, ...]
    weights: Weights
    started_at: datetime
    changed_at: datetime

    @property
    def candidate(self) -> Digest:
        """The one candidate. Raises ValueError when there are several."""
        (candidate,) = self.candidates
        return candidate

    @property
    def weight(self) -> int:
        """Percent of the traffic that the one candidate has."""
        return self.weights.get(self.candidate, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What was counted of one release from `since` until before `until`; checks name what they look at by its key."""

    since: datetime
    until: datetime
    tallies: Mapping[str, Known[Tally]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of time with constant weights, and what was seen of every release in it."""

    weights: Weights
    releases: Mapping[Digest, Observed]


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutFacts:
    """All that was seen since the rollout began, in windows that do not overlap.

    A count that is missing in one window is missing as a whole, so an observer asks for whole stretches again, as long as it can.
    """

    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changeover:
    """Main names a release that an environment's branch does not give all of the requests yet, and another one runs there.

    `releases` are all that have a part in it, the live one first and main's last. `facts` are empty where nobody looked.
    """

    releases: tuple[Release, ...]
    progress: Progress
    facts: RolloutFacts = RolloutFacts()

    @property
    def wanted(self) -> Release:
        """What main names."""
        return self.releases[-1]

    @property
    def live(self) -> Release:
        """What is to be replaced."""
        return self.releases[0]

    def release(self, digest: Digest) -> Release:
        """That of the digest. Raises KeyError where it has no part in this."""
        return {one.digest: one for one in self.releases}[digest]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Move the traffic to these weights."""

    weights: Weights
    code: str
    why: str
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Leave the weights as they are. `until` is when to look again at the latest, None: whenever there are new facts.

    `overdue` asks for a person: the rollout did not get its rows within the time that the policy declares.
    """

    code: str
    why: str
    until: datetime | None = None
    overdue: bool = False
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Abort:
    """All traffic goes back to the live release, and the candidates do not come again."""

    code: str
    why: str
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """The rollout is over: `release` gets all of the traffic."""

    release: Digest
    code: str
    why: str
    judgements: tuple[Judgement, ...] = ()


Move = Advance | Hold | Abort | Finish
