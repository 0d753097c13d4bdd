"""A model that serves while its rollout is under way: a loop on real git, with requests as Prometheus would have counted them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from reconciler.domain.names import Digest
from reconciler.ports import Logs, Metrics, Readers
from reconciler.reconcile import Pass, make_plan_now, reconcile, until_settled
from reconciler.render.weights import weights_in
from reconciler.specs.policies import RolloutPolicy
from tests.builders import a_model, a_policy
from tests.loops import T1, T2, Loop, a_loop, reopened, yaml_of
from tests.traffic import Served, Traffic

HOUR = timedelta(hours=1)
CANARY = {
    "type": "canary",
    "steps": [{"weight": weight, "pause": "1h"} for weight in (5, 25, 50)],
    "analysis": [{"type": "errors", "margin": 0.02}, {"type": "latency"}],
}
GOOD, BAD, RARE = Served(per_minute=60, failing=0.01), Served(per_minute=60, failing=0.1), Served(per_minute=1, failing=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A loop whose model serves."""

    loop: Loop
    metrics: Metrics | None = None
    logs: Logs | None = None

    @property
    def traffic(self) -> Traffic:
        assert isinstance(self.metrics, Traffic)
        return self.metrics

    def readers(self, at: datetime) -> Readers:
        return replace(self.loop.readers(at), metrics=self.metrics, logs=self.logs)

    def settle(self, at: datetime) -> list[Pass]:
        return until_settled(self.readers(at), self.loop.writers())

    def reconcile(self, at: datetime) -> list[Pass]:
        """One pass."""
        return reconcile(self.readers(at), self.loop.writers())

    def code(self, at: datetime) -> tuple[str, str]:
        """The rung that decides now, and its code."""
        (decision,) = make_plan_now(self.readers(at)).decisions
        return decision.rung, decision.code

    def main(self) -> Mapping[str, str]:
        """What main says of the model."""
        return self._files("main", "models/alpha")

    def files(self) -> Mapping[str, str]:
        """What production's branch holds."""
        return self._files("env/production")

    def weights(self) -> list[int]:
        """Percent, the live release first; empty when nothing is under way."""
        return list(weights_in(self.files(), "alpha").values())

    def _files(self, branch: str, *prefixes: str) -> Mapping[str, str]:
        tip = self.loop.repository.refs()[f"refs/heads/{branch}"]
        return {path: text.decode() for path, text in self.loop.repository.files(tip, *prefixes).items()}


def policy(**changes: Any) -> bytes:
    return yaml_of(a_policy(RolloutPolicy, "canary", **CANARY | changes))


def canary(where: Path, *, merged: bool = True, rollout: Mapping[str, Any] = CANARY, **spec: Any) -> Loop:
    """Version 1.1.0 was merged after 1.0.0, and its rollout has begun at T2; or its pull request is open."""
    usual = {"environments": ["production"], "serve": {"router": "istio", "monitor": True}}
    loop = a_loop(where, rollout="canary", **{**usual, **spec})
    loop.commit(**{"policies/rollout/canary.yaml": yaml_of(a_policy(RolloutPolicy, "canary", **rollout))})
    loop.promote(T1)
    loop.settle(T2)
    if merged:
        loop.merge(loop.pulls()[-1].number, T2)
    return loop


def begun(ready: Loop, where: Path, rollout: Mapping[str, Any], **spec: Any) -> Loop:
    """A copy of a loop whose pull request is open, with this policy and this spec, in which it was merged at T2."""
    loop = reopened(ready, where)
    files = {"policies/rollout/canary.yaml": yaml_of(a_policy(RolloutPolicy, "canary", **rollout))}
    if spec:
        usual = {"dataset": "alpha", "rollout": "canary", "environments": ["production"], "serve": {"router": "istio"}}
        files["models/alpha/model.yaml"] = yaml_of(a_model("alpha", **{**usual, **spec}))
    loop.commit(**files)
    loop.merge(loop.pulls()[-1].number, T2)
    return loop


def live(loop: Loop, new: Served, old: Served = GOOD) -> Live:
    """The loop with the requests that its two releases get, in all of its passes."""
    parts = [digest[7:17] for digest in released(loop)]
    return Live(loop=loop, metrics=Traffic(dict(zip(parts, (old, new), strict=False))))


def released(loop: Loop) -> list[Digest]:
    """Every digest that production was given, the oldest first."""
    events = [event for event in loop.ledger("alpha") if event.kind == "promoted"]
    return [Digest(str(event.details["digest"])) for event in events]
