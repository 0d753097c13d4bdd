"""Rollout `bandit`: several releases share the traffic, and the better one does, the more of it it gets."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain.judgements import Answer, Judgement, unknown, yes
from reconciler.domain.known import Known, Missing
from reconciler.domain.names import Digest
from reconciler.domain.releases import digest_of
from reconciler.domain.rollouts import Abort, Advance, Finish, Hold, Move, Progress, RolloutFacts
from reconciler.domain.tallies import Share, Sums, merged
from reconciler.rules.analysis import UserCheck
from reconciler.rules.beside import MORE_ROWS, known_rule
from reconciler.rules.fields import Duration, duration_text
from reconciler.rules.outcome import Aim, mean, outcome
from reconciler.rules.progressive import Progressive, first_unknown, harmed, judge_checks
from reconciler.statistics.sequential import variance
from reconciler.statistics.thompson import chances_to_be_best, weights_of

RULE = "bandit"
Arms = dict[Digest, Share | Sums]
Guarded = Mapping[Digest, tuple[Judgement, ...]]


class Bandit(Progressive):
    """Thompson sampling: a release gets traffic as likely as it is the best, and never less than the floor."""

    type: Literal["bandit"]
    releases: Annotated[int, Field(ge=2, le=20)] = 2
    """How many share the traffic at most, the live one included."""
    floor: Annotated[int, Field(ge=1, le=50)] = 5
    """Percent of the traffic that each of them keeps, so that one unlucky day is not the end of it."""
    metric: Annotated[str, Field(min_length=1)]
    """One of the model's `business` metrics."""
    better: Literal["higher", "lower"] = "higher"
    margin: Annotated[float, Field(gt=0)]
    """It is over when no other release can be better than the best one by so much, in the metric's own unit."""
    every: Duration = timedelta(hours=1)
    """How often the weights move."""
    analysis: Annotated[tuple[UserCheck, ...], Field(strict=False)] = ()
    """Guard rails: a release that they find worse than the live one loses its traffic."""

    def next_move(self, progress: Progress, facts: RolloutFacts, now: datetime) -> Move:
        """Drop what does harm, finish when the best is sure, else move the weights every so often."""
        running = [one for one in sorted(progress.candidates) if progress.weights.get(one)]
        if not running:
            return self._begin(progress)
        guarded = {one: self._guarded(progress, facts, one) for one in running}
        if (stop := self._stopped(progress, guarded, now)) is not None:
            return stop
        told = tuple(judgement for judged in guarded.values() for judgement in judged)
        arms = self._arms(facts, [progress.live, *running])
        if isinstance(arms, Missing):
            waiting = known_rule(RULE, arms)
            return self.wait(progress, waiting, (*told, waiting), now)
        if (end := self._end(progress, facts, arms, told)) is not None:
            return end
        if now < (until := progress.changed_at + self.every):
            why = f"the weights move every {duration_text(self.every)}; {_listed(arms)}"
            return Hold(code="everySoOften", why=why, until=until, judgements=told)
        return self._move(progress, arms, told, now)

    def _stopped(self, progress: Progress, guarded: Guarded, now: datetime) -> Move | None:
        """What the guard rails ask for: what is worse loses its traffic at once, and while one cannot tell, nothing moves."""
        told = tuple(judgement for judged in guarded.values() for judgement in judged)
        harmful = [one for one in guarded if harmed(guarded[one]) is not None]
        if len(harmful) == len(guarded):
            why = f"{len(harmful)} of {len(guarded)} candidates are worse than the live release"
            return Abort(code="worse", why=why, judgements=told)
        if harmful:
            kept = {one: weight for one, weight in progress.weights.items() if one not in {progress.live, *harmful}}
            weights = {**kept, progress.live: 100 - sum(kept.values())}
            why = f"{len(harmful)} of {len(guarded)} candidates are worse than the live release, which takes over their traffic"
            return Advance(weights=weights, code="dropped", why=why, judgements=told)
        if (unsure := first_unknown(told)) is not None:
            return self.wait(progress, unsure, told, now)
        return None

    def _begin(self, progress: Progress) -> Move:
        everybody = sorted({progress.live, *progress.candidates})
        if len(everybody) > self.releases:
            return Hold(code="tooManyReleases", why=f"{len(everybody)} releases, at most {self.releases} share the traffic")
        weights = weights_of(dict.fromkeys(everybody, 1 / len(everybody)), self.floor)
        return Advance(weights=weights, code="begin", why=f"{len(everybody)} releases begin alike")

    def _guarded(self, progress: Progress, facts: RolloutFacts, candidate: Digest) -> tuple[Judgement, ...]:
        parts = len(self.analysis) * len(progress.candidates)
        return judge_checks(self.analysis, self.beside(progress, facts, candidate, parts))

    def _arms(self, facts: RolloutFacts, releases: list[Digest]) -> Known[Arms]:
        """What was counted of each release since the rollout began."""
        arms: Arms = {}
        for release in releases:
            seen = [window.releases[release] for window in facts.windows if release in window.releases]
            absent = Missing(code="notMeasured", why=f"{self.metric} was not measured in one of {len(seen)} windows")
            match merged([one.tallies.get(self.key, absent) for one in seen]):
                case Missing() as missing:
                    return missing
                case Share() | Sums() as counted if counted.possible:
                    arms[release] = counted
                case other:
                    return Missing(code="impossible", why=f"{self.metric} was counted as {other}, which cannot be")
        return self._enough(arms)

    def _enough(self, arms: Arms) -> Known[Arms]:
        if len({type(one) for one in arms.values()}) > 1:
            return Missing(code="otherCounts", why="2 kinds of counts, the same are needed")
        if (rows := min(one.rows for one in arms.values())) < self.minimum_rows:
            return Missing(code="tooFewRows", why=f"{rows} rows of a release, {self.minimum_rows} of each needed")
        least = min((variance(one) for one in arms.values() if isinstance(one, Sums)), default=1.0)
        if not least > 0:
            return Missing(code="noSpread", why=f"all numbers of a release are one: variance {least:g}, above 0 needed")
        return arms

    @property
    def key(self) -> str:
        """One count per metric."""
        return f"businessMetric/{self.metric}"

    def _end(self, progress: Progress, facts: RolloutFacts, arms: Arms, told: tuple[Judgement, ...]) -> Move | None:
        """The best release, when each other one is surely less than the margin better."""
        best = max(sorted(arms), key=lambda one: mean(arms[one]) * (1 if self.better == "higher" else -1))
        judged = [self._against(progress, facts, best, other, len(arms) - 1) for other in sorted(arms) if other != best]
        if any(one.answer is not Answer.YES for one in judged):
            return None
        why = f"{len(judged)} of {len(judged)} others are not better by {self.margin:g}: {judged[0].message}"
        if best == progress.live:
            return Abort(code="liveIsBest", why=why, judgements=(*told, *judged))
        return Finish(release=best, code="best", why=why, judgements=(*told, *judged))

    def _against(self, progress: Progress, facts: RolloutFacts, best: Digest, other: Digest, others: int) -> Judgement:
        beside = self.beside(replace(progress, live=other), facts, best, others)
        found = outcome(beside, Aim(key=self.key, better=self.better, margin=self.margin))
        if isinstance(found, Missing):
            return known_rule(RULE, found)
        sure = found.gap.is_number and found.gap.upper < self.margin
        said = f"{self.metric} {found}, margin {self.margin:g}"
        return yes(RULE, "best", said) if sure else unknown(RULE, "undecided", said, remedy=MORE_ROWS)

    def _move(self, progress: Progress, arms: Arms, told: tuple[Judgement, ...], now: datetime) -> Move:
        names = sorted(arms)
        turned = [arms[name] if self.better == "higher" else arms[name].others for name in names]
        seed = int(digest_of({"releases": names, "since": progress.changed_at.isoformat()})[-8:], 16)
        chances = dict(zip(names, chances_to_be_best(turned, seed), strict=True))
        weights = weights_of(chances, self.floor)
        if dict(progress.weights) == weights:
            until = now + self.every
            return Hold(code="sameWeights", why=f"the weights stay; {_listed(arms)}", until=until, judgements=told)
        return Advance(weights=weights, code="reweighed", why=_listed(arms), judgements=told)


def _listed(arms: Arms) -> str:
    return "; ".join(f"{name[7:19]} {mean(one):.6g} of {one.rows} rows" for name, one in sorted(arms.items()))
