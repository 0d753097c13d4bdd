"""How often a canary ends how, with a look every minute, through the loop: by what it decides, and on real git."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reconciler.domain.decisions import Advance, Hold, RollBack
from reconciler.domain.names import Digest
from reconciler.domain.rollouts import RolloutFacts
from reconciler.plan.decide import decide
from reconciler.render.promql import REQUESTS
from tests.builders import NOW
from tests.integration.rollouts.live import Live, canary, released
from tests.integration.simulation.test_canary_rates import EXPOSURE, PER_MINUTE, STEPS, at_most, live_rate
from tests.loops import T2
from tests.rollouts import NEXT, OLD, a_canary, a_changeover, a_window, as_changing, share
from tests.traffic import Traffic
from tests.unit.plan.situations import a_situation
from tests.unit.plan.test_rollouts import rolling

MINUTE = timedelta(minutes=1)
POLICY = a_canary(steps=STEPS, analysis=[{"type": "errors", "margin": 0.02}])


def one_rollout(worse: float, seed: int, minutes: int, per_minute: int = PER_MINUTE) -> str:
    """How the loop's decisions end a rollout: taken back, too late, finished, or still waiting."""
    rng, rows, windows = np.random.default_rng([seed, 13]), 0, dict[int, Any]()
    weight, changed, counts = 5, NOW, {5: np.zeros((2, 2), dtype=int)}
    for minute in range(1, minutes + 1):
        mine = int(rng.binomial(per_minute, weight / 100))
        rows += mine
        drawn = [(mine, live_rate(minute) + worse), (per_minute - mine, live_rate(minute))]
        counts[weight] = counts[weight] + np.array([[n, rng.binomial(n, rate)] for n, rate in drawn])
        now = NOW + minute * MINUTE
        tallies = [{"errors": share(int(hits), int(n))} for n, hits in counts[weight]]
        windows[weight] = a_window(*tallies, weight, changed, now)
        changeover = a_changeover(weight, since=NOW - changed, facts=as_changing(RolloutFacts(windows=tuple(windows.values()))))
        here = rolling(changeover)
        match decide(replace(a_situation(here, rollout=POLICY), now=now)):
            case RollBack():
                return "taken back" if rows <= EXPOSURE else "too late"
            case Advance(weights=weights) if NEXT.digest in weights and OLD.digest not in weights:
                return "finished"
            case Advance(weights=weights):
                weight, changed = weights[NEXT.digest], now
                counts[weight] = np.zeros((2, 2), dtype=int)
            case Hold():
                pass
            case other:
                raise AssertionError(other)
    return "waits"


def ends(worse: float, runs: int, **more: Any) -> Counter[str]:
    return Counter(one_rollout(worse, seed, **{"minutes": 720} | more) for seed in range(runs))


@pytest.mark.slow
def test_what_is_worse_is_taken_back_in_time_what_is_equal_seldom_and_without_traffic_nothing_moves() -> None:
    worse, equal, rare = ends(0.02, 100), ends(0.0, 100), ends(0.0, 20, per_minute=5)
    assert 100 - worse["taken back"] <= at_most(100, 0.05), worse
    assert equal["taken back"] + equal["too late"] <= at_most(100, 0.05), equal
    assert equal["finished"] > 75, equal
    assert set(rare) == {"waits"}, rare


@dataclass(slots=True)
class Drawn(Traffic):
    """Requests drawn minute by minute, by the shares that the branch gives; counted since T2."""

    drawn: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def instant(self, query: str, at: datetime) -> float:
        assert REQUESTS in query
        part = query.partition('perennial_release="')[2][:10]
        last = round((at - T2) / MINUTE)
        first = last - int(query.partition("}[")[2].partition("s]")[0]) // 60
        return float(sum(hits if "5.." in query else rows for rows, hits in self.drawn.get(part, [])[first:last]))


@pytest.mark.slow
@pytest.mark.parametrize(("worse", "aborted"), [(0.02, True), (0.0, False)])
def test_on_real_git_the_branch_follows_what_was_drawn(tmp_path: Path, worse: float, aborted: bool) -> None:
    loop = canary(tmp_path / "repo", rollout={"type": "canary", "steps": STEPS, "analysis": [{"type": "errors", "margin": 0.02}]})
    old, new = released(loop)
    traffic, rng = Drawn({}), np.random.default_rng(3)
    it = Live(loop=loop, metrics=traffic)
    for minute in range(1, 400):
        weights = it.weights() or [100, 0]
        mine = int(rng.binomial(1_000, weights[1] / 100))
        for part, rows, rate in ((old, 1_000 - mine, 0.05), (new, mine, 0.05 + worse)):
            traffic.drawn.setdefault(part[7:17], []).append((rows, int(rng.binomial(rows, rate))))
        it.settle(T2 + minute * MINUTE)
        if not it.weights():
            break
    rows = sum(one for one, _ in traffic.drawn[Digest(new)[7:17]])
    assert (new not in "".join(it.files().values())) is aborted
    assert not aborted or rows <= EXPOSURE
    assert (new in it.main().get("models/alpha/quarantine.yaml", "")) is aborted
