"""A candidate beside the live release over the same time: what checks look at, and how a gap becomes a judgement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Known, Missing
from reconciler.domain.names import Digest
from reconciler.domain.rollouts import Observed, RolloutFacts, Weights, Window
from reconciler.domain.tallies import Buckets, Share, Sums, Tally, merged
from reconciler.rules.fields import time_text
from reconciler.statistics.sequential import Gap, Trust

T = TypeVar("T", Share, Sums, Buckets)
MORE_ROWS = "wait for more rows, or give the candidate more of the traffic"
Tallies = Mapping[str, Known[Tally]]
MEASURE = "make it measurable for both releases over the same time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """All windows with one pair of weights, added up: the mixture of requests is the same for both releases."""

    weights: tuple[int, int]
    candidate: Tallies
    live: Tallies


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The stages so far of the `steps` there will be, and how sure checks must be. `now` are the weights of the one that runs.

    `minimum` rows of each release are the least that says anything, and what the running stage must have brought itself before it
    proves anything.
    """

    stages: Known[tuple[Stage, ...]]
    now: tuple[int, int]
    trust: Trust
    minimum: int
    steps: int = 1

    @property
    def stage_trust(self) -> Trust:
        """For checks of the running stage alone: each stage is a chance to be wrong of its own, so they share it."""
        return replace(self.trust, harm=self.trust.harm / self.steps)

    def pairs(self, key: str, kind: type[T]) -> Known[tuple[tuple[T, T], ...]]:
        """What was counted under the key, the candidate's first, stage by stage; stages without a row of both are left out."""
        if isinstance(self.stages, Missing):
            return self.stages
        return _pairs(self.stages, key, kind)

    def newest(self, key: str, kind: type[T]) -> Known[tuple[T, T]]:
        """The same of the running stage alone."""
        if isinstance(self.stages, Missing):
            return self.stages
        match _pairs([stage for stage in self.stages if stage.weights == self.now], key, kind):
            case Missing() as missing:
                return missing
            case []:
                return Missing(code="tooFewRows", why=f"0 rows at {self.now[0]} % of the traffic, {self.minimum} needed")
            case pairs:
                return pairs[0]

    def fresh_rows(self, key: str, kind: type[T]) -> int:
        """Rows that the running stage brought, of the release that got fewer."""
        match self.newest(key, kind):
            case Missing():
                return 0
            case mine, live:
                return min(mine.rows, live.rows)

    def judge(self, rule: str, gap: Gap, fresh: int, margin: float, claim: "Claim") -> Judgement:
        """NO `worse` when the gap is surely above `claim.harm`, YES `notWorse` when it is surely below the margin.

        What is worse but surely by less than the margin is not worse: that is what a margin is for. Whatever more rows would
        have to tell is UNKNOWN, as NaN is.
        """
        limits = f"{gap.value:+.4g} ({gap.lower:+.4g} to {gap.upper:+.4g}), {claim.words} {margin:g}"
        said, within = f"{claim.said}: {limits}", gap.upper < margin
        if not gap.is_number:
            return unknown(rule, "notANumber", f"{said}; all of them must be numbers", remedy=MEASURE)
        if gap.lower > claim.harm and not within:
            return no(rule, "worse", said, remedy=claim.remedy)
        if gap.rows < claim.needed:
            return unknown(rule, "tooFewRows", f"{said}; {gap.rows} rows, {claim.needed} needed", remedy=MORE_ROWS)
        if within and fresh < self.minimum:
            return unknown(rule, "tooFewRows", f"{said}; {fresh} rows at these weights, {self.minimum} needed", remedy=MORE_ROWS)
        if within:
            return yes(rule, "notWorse", said)
        return unknown(rule, "undecided", said, remedy=MORE_ROWS)

    def too_few(self, rule: str, pairs: Sequence[tuple[T, T]]) -> Judgement | None:
        """UNKNOWN when a release has too few rows to say anything; None when both have enough."""
        mine, live = (sum(pair[side].rows for pair in pairs) for side in (0, 1))
        if min(mine, live) >= self.minimum:
            return None
        message = f"{mine} rows of the candidate, {live} of the live release, {self.minimum} of each needed"
        return unknown(rule, "tooFewRows", message, remedy=MORE_ROWS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is said of a gap: the numbers of both releases, what its margin is called, the rows that prove, what would mend it."""

    said: str
    needed: int
    words: str = "margin"
    harm: float = 0.0
    remedy: str = "a release that does no harm: this one is not proposed again"


def stages_of(facts: RolloutFacts, candidate: Digest, live: Digest) -> Known[tuple[Stage, ...]]:
    """The windows in which both were seen, added up by their weights; Missing when they were not seen over the same time."""
    both = [window for window in facts.windows if {candidate, live} <= window.releases.keys()]
    if not both:
        return Missing(code="notMeasured", why=f"both releases were seen in 0 of {len(facts.windows)} windows, 1 needed")
    if (objection := _other_times(both, candidate, live)) is not None:
        return objection
    weights = sorted({weights_of_both(window.weights, candidate, live) for window in both})
    return tuple(
        Stage(
            weights=pair,
            candidate=_merged(
                window.releases[candidate] for window in both if weights_of_both(window.weights, candidate, live) == pair
            ),
            live=_merged(window.releases[live] for window in both if weights_of_both(window.weights, candidate, live) == pair),
        )
        for pair in weights
    )


def known_rule(rule: str, missing: Missing, remedy: str = MEASURE) -> Judgement:
    """What was not measured is UNKNOWN, with the reason."""
    return unknown(rule, missing.code, missing.why, remedy=MORE_ROWS if missing.code == "tooFewRows" else remedy)


def weights_of_both(weights: Weights, candidate: Digest, live: Digest) -> tuple[int, int]:
    """Percent of the traffic of each; what nobody is given is the live release's."""
    return weights.get(candidate, 0), weights.get(live, 100 - sum(weights.values()))


def _other_times(windows: Sequence[Window], candidate: Digest, live: Digest) -> Missing | None:
    for window in windows:
        mine, other = window.releases[candidate], window.releases[live]
        if (mine.since, mine.until) != (other.since, other.until):
            return Missing(code="otherTimes", why=f"the candidate was seen {_span(mine)}, the live release {_span(other)}")
    seen = sorted((window.releases[live] for window in windows), key=lambda one: one.since)
    for first, second in pairwise(seen):
        if second.since < first.until:
            return Missing(code="overlappingWindows", why=f"rows {_span(first)} and {_span(second)} may be counted twice")
    return None


def _span(seen: Observed) -> str:
    return f"from {time_text(seen.since)} until {time_text(seen.until)}"


def _merged(seen: Iterable[Observed]) -> Tallies:
    """Every key that any of them has: where one of them lacks it, the whole is Missing."""
    windows = list(seen)
    keys = sorted({key for one in windows for key in one.tallies})
    absent = Missing(code="notMeasured", why=f"it was not measured in one of {len(windows)} windows")
    return {key: merged([one.tallies.get(key, absent) for one in windows]) for key in keys}


def _pairs(stages: Sequence[Stage], key: str, kind: type[T]) -> Known[tuple[tuple[T, T], ...]]:
    absent = Missing(code="notMeasured", why=f"{key} was not measured")
    found: list[tuple[T, T]] = []
    for stage in stages:
        mine, live = stage.candidate.get(key, absent), stage.live.get(key, absent)
        for one in (mine, live):
            if isinstance(one, Missing):
                return one
            if not isinstance(one, kind) or not one.possible:
                return Missing(code="impossible", why=f"{key} was counted as {one}, which cannot be")
        if isinstance(mine, kind) and isinstance(live, kind) and mine.rows and live.rows:
            found.append((mine, live))
    return tuple(found)
