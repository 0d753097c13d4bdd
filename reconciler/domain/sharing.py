"""What data a candidate refers to, and whether other machines can get it."""

from dataclasses import dataclass

from reconciler.domain.judgements import Judgement, yes

RULE = "dataRemote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A file or folder that DVC keeps. `md5` is its address (of a folder's list, `.dir` at its end); `size` is in bytes."""

    path: str
    md5: str
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Whether all of it is in the remote. `absent` are the outputs that are not, and that this machine could push."""

    judgement: Judgement
    absent: tuple[Output, ...] = ()


NOT_SHARED = Sharing(judgement=yes(RULE, "noRemote", "no DVC remote is configured, so data stays on this machine"))
