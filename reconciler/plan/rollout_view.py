"""How far a model's rollouts are, for people: the stage, who gets what since when, what checks say, and what is next. Pure."""

from dataclasses import dataclass
from datetime import datetime

from reconciler.domain.judgements import Judgement
from reconciler.domain.names import Digest, short
from reconciler.domain.rollouts import Hold
from reconciler.plan.rungs.rollout import Turn, shared_now, turns
from reconciler.plan.situation import Situation
from reconciler.render.rollout_words import stage_at, stages_of
from reconciler.rules.fields import time_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One release, and its percent of the requests."""

    version: str
    digest: Digest
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutView:
    """One environment. `stage` counts from 1, 0 before it begins; `since` is None then. `until` is when it is looked at again.

    `after` is the stage that follows in words, `code` and `message` what is decided for it now, `checks` what each of them says.
    """

    environment: str
    rollout: str
    parts: tuple[Part, ...]
    stage: int
    stages: int
    since: datetime | None
    now: str
    after: str
    code: str
    message: str
    until: datetime | None
    overdue: bool
    checks: tuple[Judgement, ...]

    @property
    def headline(self) -> str:
        """The stage, and who gets what since when, in one line."""
        shares = ", ".join(f"{part.version} ({short(part.digest)}) {part.weight} %" for part in self.parts)
        stage = f"stage {self.stage} of {self.stages}" if self.stage else "not begun"
        since = f" since {time_text(self.since)}" if self.since else ""
        return f"{self.rollout}, {stage}: {shares}{since}"


def rollouts_of(situation: Situation) -> tuple[RolloutView, ...]:
    """Those that are under way, in the order of promotion."""
    return tuple(_view(situation, turn) for turn in turns(situation))


def _view(situation: Situation, turn: Turn) -> RolloutView:
    changeover, move, stages = turn.changeover, turn.move, stages_of(situation.rollout)
    weights, wanted = shared_now(changeover), changeover.wanted.digest
    begun = bool(changeover.progress.weights)
    at = stage_at(situation.rollout, weights.get(wanted, 0)) if begun else -1
    releases = [one for one in changeover.releases if one.digest in weights or one.digest == wanted]
    return RolloutView(
        environment=turn.environment,
        rollout=situation.rollout.type,
        parts=tuple(Part(version=one.version, digest=one.digest, weight=weights.get(one.digest, 0)) for one in releases),
        stage=at + 1,
        stages=len(stages) - 1,
        since=changeover.progress.changed_at if begun else None,
        now=stages[at] if begun else "none of the requests",
        after=stages[min(at + 1, len(stages) - 1)],
        code=move.code,
        message=move.why,
        until=move.until if isinstance(move, Hold) else None,
        overdue=isinstance(move, Hold) and move.overdue,
        checks=move.judgements,
    )
