"""What is decided for one model, always with the reason and the rung of the ladder that decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from reconciler.domain.judgements import Judgement
from reconciler.domain.names import Digest
from reconciler.domain.releases import LEFT_OUT


class Rung(StrEnum):
    """The rungs of the ladder that `plan.decide` reads, from the top: the first that has something to say decides."""

    HELD_BY_A_PERSON = "heldByAPerson"
    LIVE_IS_UNWELL = "liveIsUnwell"
    LEDGER_IS_BROKEN = "ledgerIsBroken"
    ROLLOUT_MOVES = "rolloutMoves"
    BASELINE_MOVED = "baselineMoved"
    MORE_IS_ASKED = "moreIsAsked"
    RELEASE_GOES_ON = "releaseGoesOn"
    CHANGE_IS_OPEN = "changeIsOpen"
    ROLLOUT_IS_UNDER_WAY = "rolloutIsUnderWay"
    CANDIDATE_CANNOT_BE_READ = "candidateCannotBeRead"
    CANDIDATE_WAITS = "candidateWaits"
    RETRAIN_IS_DUE = "retrainIsDue"
    NOTHING_IS_DUE = "nothingIsDue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Change nothing. `number` is the open pull request that it is about, where it is about one."""

    model: str
    code: str
    message: str
    judgements: tuple[Judgement, ...] = ()
    rung: Rung = Rung.NOTHING_IS_DUE
    number: int | None = field(default=None, metadata=LEFT_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrain:
    """Train on what is known at `as_of`."""

    model: str
    as_of: datetime
    code: str
    message: str
    judgements: tuple[Judgement, ...] = ()
    rung: Rung = Rung.NOTHING_IS_DUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Promote:
    """Propose the digest for the environment (or keep its open pull request up to date)."""

    model: str
    environment: str
    digest: Digest
    code: str
    message: str
    judgements: tuple[Judgement, ...] = ()
    rung: Rung = Rung.NOTHING_IS_DUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Close a pull request whose digest was overtaken, or may no longer be promoted."""

    model: str
    number: int
    code: str
    message: str
    judgements: tuple[Judgement, ...] = ()
    rung: Rung = Rung.NOTHING_IS_DUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Share the requests of the environment so: percent by digest. One release with 100 ends the rollout."""

    model: str
    environment: str
    weights: Mapping[Digest, int]
    code: str
    message: str
    judgements: tuple[Judgement, ...] = ()
    rung: Rung = Rung.NOTHING_IS_DUE


@dataclass(frozen=True, slots=True, kw_only=True)
class RollBack:
    """Take back the digest that the environment runs, for what ran before, and have it not come again.

    What did no harm but is not wanted there is not quarantined: other environments may go on with it.
    """

    model: str
    environment: str
    digest: Digest
    code: str
    message: str
    judgements: tuple[Judgement, ...] = ()
    rung: Rung = Rung.NOTHING_IS_DUE
    quarantines: bool = True


Decision = Advance | Hold | Retrain | Promote | Withdraw | RollBack
