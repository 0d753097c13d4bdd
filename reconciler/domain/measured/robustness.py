"""What became of a candidate's answers when its inputs were spoiled on purpose."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.domain.measured.comparison import Gain


@dataclass(frozen=True, slots=True, kw_only=True)
class Strain:
    """One way to spoil the hold-out, in which `values` values were changed; `what` says it in words.

    `gain` is that of the answers for spoiled rows over those for the same rows as they are: negative is worse.
    `feature` is the worst of those that were spoiled one at a time; empty when all were at once.
    """

    what: str
    gain: Gain
    values: int
    feature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """How the answers for `rows` rows followed a change of one feature; `against` of them went where they should not."""

    rows: int
    against: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Strained:
    """By the key of what was done: what it cost, how answers followed, or in what way the model broke."""

    strains: Mapping[str, Strain]
    responses: Mapping[str, Response]
    broken: Mapping[str, str]
