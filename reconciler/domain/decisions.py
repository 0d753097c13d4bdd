"""What is decided for one model, always with the reason."""

from dataclasses import dataclass
from datetime import datetime

from reconciler.domain.judgements import Judgement
from reconciler.domain.names import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Change nothing."""

    model: str
    code: str
    message: str
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrain:
    """Train on what is known at `as_of`."""

    model: str
    as_of: datetime
    code: str
    message: str
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Promote:
    """Propose the digest for the environment (or keep its open pull request up to date)."""

    model: str
    environment: str
    digest: Digest
    code: str
    message: str
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Close a pull request whose digest was overtaken, or may no longer be promoted."""

    model: str
    number: int
    code: str
    message: str
    judgements: tuple[Judgement, ...] = ()


Decision = Hold | Retrain | Promote | Withdraw
