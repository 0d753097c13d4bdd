"""Rollout `bandit`: several releases share the traffic, and the better one does, the more of it it gets."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain.judgements import Judgement, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.names import Digest
from reconciler.domain.releases import digest_of
from reconciler.domain.rollouts import Abort, Advance, Finish, Hold, Move, Progress, RolloutFacts
from reconciler.rules.analysis import UserCheck
from reconciler.rules.arms import Arms, arms_of, enough
from reconciler.rules.beside import MORE_ROWS, known_rule
from reconciler.rules.fields import Duration, duration_text
from reconciler.rules.outcome import Aim, outcome
from reconciler.rules.progressive import Progressive, first_unknown, harmed, judge_checks
from reconciler.statistics.thompson import chances_to_be_best, weights_of

RULE = "bandit"
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
    within: Duration = timedelta(days=14)
    """Where the best one is not sure so long after the beginning, people are told."""

    def waiting_since(self, progress: Progress) -> datetime:
        """Its weights move all the time, so the beginning counts."""
        return progress.started_at

    def next_move(self, progress: Progress, facts: RolloutFacts, now: datetime) -> Move:
        """Drop what does harm, finish when the best is sure, else move the weights every so often."""
        running = [one for one in sorted(progress.candidates) if progress.weights.get(one)]
        if not running:
            return self._begin(progress)
        guarded = {one: self._guarded(progress, facts, one) for one in running}
        if (stop := self._stopped(progress, guarded, now)) is not None:
            return stop
        told = tuple(judgement for judged in guarded.values() for judgement in judged)
        arms = arms_of(facts, [progress.live, *running], self.key, self.better)
        arms = arms if isinstance(arms, Missing) else enough(arms, self.minimum_rows)
        if isinstance(arms, Missing):
            waiting = known_rule(RULE, arms)
            return self.wait(progress, waiting, (*told, waiting), now)
        judged = (*told, *self._others(progress, facts, arms))
        if (unsure := first_unknown(judged)) is not None:
            return self._go_on(progress, arms, unsure, judged, now)
        return self._end(progress, arms.best(), judged)

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

    @property
    def key(self) -> str:
        """One count per metric."""
        return f"businessMetric/{self.metric}"

    def _others(self, progress: Progress, facts: RolloutFacts, arms: Arms) -> tuple[Judgement, ...]:
        """Of each other release, whether it is surely not better than the best one by the margin."""
        others = [one for one in arms.counted if one != arms.best()]
        return tuple(self._against(progress, facts, arms.best(), other) for other in others)

    def _against(self, progress: Progress, facts: RolloutFacts, best: Digest, other: Digest) -> Judgement:
        beside = self.beside(replace(progress, live=other), facts, best, 1)
        found = outcome(beside, Aim(key=self.key, better=self.better, margin=self.margin))
        if isinstance(found, Missing):
            return known_rule(RULE, found)
        sure = found.gap.is_number and found.gap.upper < self.margin
        said = f"{self.metric} {found}, margin {self.margin:g}"
        return yes(RULE, "best", said) if sure else unknown(RULE, "undecided", said, remedy=MORE_ROWS)

    def _end(self, progress: Progress, best: Digest, judged: tuple[Judgement, ...]) -> Move:
        """The best release gets everything, or keeps it."""
        why = f"no other is better by {self.margin:g}: {judged[-1].message}"
        if best == progress.live:
            return Abort(code="liveIsBest", why=why, judgements=judged)
        return Finish(release=best, code="best", why=why, judgements=judged)

    def _go_on(self, progress: Progress, arms: Arms, unsure: Judgement, judged: tuple[Judgement, ...], now: datetime) -> Move:
        """New weights every so often, for as long as the policy has patience and all can be compared."""
        if unsure.code != "undecided" or now >= progress.started_at + self.within:
            return self.wait(progress, unsure, judged, now)
        if now < (until := progress.changed_at + self.every):
            why = f"the weights move every {duration_text(self.every)}; {arms}"
            return Hold(code="everySoOften", why=why, until=until, judgements=judged)
        seed = int(digest_of({"releases": list(arms.counted), "since": progress.changed_at.isoformat()})[-8:], 16)
        chances = dict(zip(arms.counted, chances_to_be_best(arms.turned(), seed), strict=True))
        weights = weights_of(chances, self.floor)
        if dict(progress.weights) == weights:
            return Hold(code="sameWeights", why=f"the weights stay; {arms}", until=now + self.every, judgements=judged)
        return Advance(weights=weights, code="reweighed", why=str(arms), judgements=judged)
