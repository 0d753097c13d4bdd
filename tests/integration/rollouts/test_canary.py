"""A canary on real git, from the merge to its end: the weights go up, or back, and nothing but Git remembers how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reconciler.audit.books import open_books
from reconciler.audit.claims import running_claims
from reconciler.audit.links.rendered import judge_rendered
from reconciler.domain.names import Digest
from reconciler.observe.observe import head_of, look
from reconciler.observe.proofs import trust_of
from reconciler.ports import Readers
from reconciler.reconcile import Pass, make_plan_now, reconcile, until_settled
from reconciler.render.weights import weights_in
from reconciler.specs.load import load_specs
from reconciler.specs.paths import SPEC_PREFIXES
from reconciler.specs.policies import RolloutPolicy
from tests.builders import a_policy
from tests.loops import T1, T2, Loop, a_loop, reopened, yaml_of
from tests.repositories import git, put
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
    traffic: Traffic

    def readers(self, at: datetime) -> Readers:
        return replace(self.loop.readers(at), metrics=self.traffic)  # type: ignore[arg-type]

    def settle(self, at: datetime) -> list[Pass]:
        return until_settled(self.readers(at), self.loop.writers())

    def reconcile(self, at: datetime) -> list[Pass]:
        """One pass."""
        return reconcile(self.readers(at), self.loop.writers())

    def main(self) -> Mapping[str, str]:
        """What main says of the model."""
        tip = self.loop.repository.refs()["refs/heads/main"]
        return {path: text.decode() for path, text in self.loop.repository.files(tip, "models/alpha").items()}

    def code(self, at: datetime) -> tuple[str, str]:
        """The rung that decides now, and its code."""
        (decision,) = make_plan_now(self.readers(at)).decisions
        return decision.rung, decision.code

    def files(self) -> Mapping[str, str]:
        tip = self.loop.repository.refs()["refs/heads/env/production"]
        return {path: text.decode() for path, text in self.loop.repository.files(tip).items()}

    def weights(self) -> list[int]:
        """Percent, the live release first; empty when nothing is under way."""
        return list(weights_in(self.files(), "alpha").values())


def policy(**changes: Any) -> bytes:
    return yaml_of(a_policy(RolloutPolicy, "canary", **CANARY | changes))


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """Version 1.1.0 was merged after 1.0.0, and its canary has begun at T2."""
    loop = a_loop(
        tmp_path_factory.mktemp("merged") / "repo",
        rollout="canary",
        environments=["production"],
        serve={"router": "istio", "monitor": True},
    )
    loop.commit(**{"policies/rollout/canary.yaml": policy()})
    loop.promote(T1)
    loop.settle(T2)
    loop.merge(loop.pulls()[-1].number, T2)
    return loop


def live(merged: Loop, where: Path, new: Served, old: Served = GOOD) -> Live:
    loop = reopened(merged, where / "repo")
    old_part, new_part = (digest[7:17] for digest in digests(loop))
    return Live(loop=loop, traffic=Traffic({old_part: old, new_part: new}))


def digests(loop: Loop) -> list[Digest]:
    """Of both releases, the older first."""
    tip = loop.repository.refs()["refs/heads/env/production"]
    files = {path: text.decode() for path, text in loop.repository.files(tip).items()}
    return list(weights_in(files, "alpha"))


def test_the_first_release_has_nobody_to_spare_and_the_second_begins_small(merged: Loop, tmp_path: Path) -> None:
    it = live(merged, tmp_path, GOOD)
    assert it.weights() == [95, 5]
    assert it.code(T2) == ("rolloutIsUnderWay", "pausing")
    assert it.settle(T2)[0].plan.steps == ()


def test_a_good_one_goes_step_by_step_and_ends(merged: Loop, tmp_path: Path) -> None:
    it = live(merged, tmp_path, GOOD)
    seen = []
    for hours in (0.5, 1.1, 1.2, 2.3, 3.0, 3.5, 3.6):
        it.settle(T2 + hours * HOUR)
        seen.append(it.weights())
    assert seen == [[95, 5], [75, 25], [75, 25], [50, 50], [50, 50], [], []]
    assert "1.0.0" not in "".join(it.files().values())
    assert it.code(T2 + 4 * HOUR)[0] == "nothingIsDue"


def test_a_worse_one_is_taken_back_at_once_and_stays_away(merged: Loop, tmp_path: Path) -> None:
    it = live(merged, tmp_path, BAD)
    it.reconcile(T2 + 0.5 * HOUR)
    old, new = digests(merged)
    assert it.weights() == []
    assert new not in "".join(it.files().values())
    assert old in it.files()["manifests/alpha/service.yaml"]
    assert it.main()["models/alpha/releases/production.yaml"].count(old) == 1
    assert new in it.main()["models/alpha/quarantine.yaml"]
    assert "errors" in it.loop.pulls()[-1].body
    for hours in (1, 10, 100):
        it.settle(T2 + hours * HOUR)
        assert new not in "".join(it.files().values())
        assert new not in it.main()["models/alpha/releases/production.yaml"]


def test_where_a_person_merges_roll_backs_the_requests_do_not_wait_for_that(merged: Loop, tmp_path: Path) -> None:
    it = live(merged, tmp_path, BAD)
    spec = it.main()["models/alpha/model.yaml"].replace("spec:", "spec:\n  rollback: {merge: reviewed}", 1)
    it.loop.commit(**{"models/alpha/model.yaml": spec.encode()})
    it.reconcile(T2 + 0.5 * HOUR)
    new = digests(merged)[1]
    assert new in it.main()["models/alpha/releases/production.yaml"]
    assert it.loop.kinds("alpha")[-2:] == ["takenBack", "aborted"]
    for hours in (0.6, 10):
        it.settle(T2 + hours * HOUR)
        assert new not in "".join(it.files().values())
        assert it.code(T2 + hours * HOUR) == ("rolloutMoves", "worse")
    it.loop.merge(it.loop.pulls()[-1].number, T2 + 11 * HOUR)
    it.settle(T2 + 11 * HOUR)
    assert new not in it.main()["models/alpha/releases/production.yaml"]
    assert it.code(T2 + 12 * HOUR)[0] == "nothingIsDue"


def test_too_little_traffic_holds(merged: Loop, tmp_path: Path) -> None:
    it = live(merged, tmp_path, RARE)
    for hours in (1, 2, 3):
        it.settle(T2 + hours * HOUR)
    assert it.weights() == [95, 5]
    assert it.code(T2 + 3 * HOUR) == ("rolloutIsUnderWay", "tooFewRows")
    it.traffic.served = {}
    assert it.code(T2 + 100 * HOUR) == ("rolloutIsUnderWay", "overdue")


def test_a_prometheus_that_does_not_answer_holds(merged: Loop, tmp_path: Path) -> None:
    it = live(merged, tmp_path, GOOD)
    it.traffic.broken = True
    it.settle(T2 + 2 * HOUR)
    assert it.weights() == [95, 5]
    assert it.code(T2 + 2 * HOUR) == ("rolloutIsUnderWay", "notMeasured")
    it.traffic.broken = False
    it.settle(T2 + 2 * HOUR)
    assert it.weights() == [75, 25]


def test_what_else_changes_keeps_the_weights(merged: Loop, tmp_path: Path) -> None:
    it = live(merged, tmp_path, GOOD)
    template = "templates/deployment/service.yaml.j2"
    tip = it.loop.repository.refs()["refs/heads/main"]
    it.loop.commit(**{template: b"# Another comment.\n" + it.loop.repository.files(tip)[template]})
    it.settle(T2 + 0.5 * HOUR)
    assert it.weights() == [95, 5]
    assert "# Another comment." in it.files()["manifests/alpha/service.yaml"]


def audited(it: Live, at: datetime) -> list[tuple[str, str]]:
    """What the audit says of the environment's branch."""
    readers = it.readers(at)
    head = head_of(readers)
    specs = load_specs(readers.repository.files(head, *SPEC_PREFIXES))
    books = open_books(specs, readers, look(readers, head, at), "alpha")
    claims = running_claims(books, readers, trust_of(specs))
    return [(said.answer, said.code) for claim in claims for said in judge_rendered(claim)]


def test_the_audit_knows_a_rollout_and_takes_no_other_shares(merged: Loop, tmp_path: Path) -> None:
    it = live(merged, tmp_path, GOOD)
    assert audited(it, T2) == [("YES", "rollingOut")]
    way, text = "manifests/alpha/virtualservice.yaml", it.files()["manifests/alpha/virtualservice.yaml"]
    put(it.loop.repository, "refs/heads/env/production", {way: text.replace("weight: 95", "weight: 5").encode()})
    assert audited(it, T2) == [("NO", "otherManifests")]
    more = (
        text.replace("=95 ", "=40 ")
        .replace("weight: 95", "weight: 40")
        .replace('=5"', '=60"')
        .replace("weight: 5\n", "weight: 60\n")
    )
    put(it.loop.repository, "refs/heads/env/production", {way: more.encode()})
    assert audited(it, T2) == [("NO", "otherShares")]


def test_a_revert_on_the_way_goes_back_at_once(merged: Loop, tmp_path: Path) -> None:
    it = live(merged, tmp_path, GOOD)
    it.settle(T2 + 1.1 * HOUR)
    path, head = "models/alpha/releases/production.yaml", git(it.loop.root, "rev-parse", "main")
    git(it.loop.root, "revert", "--no-edit", "--mainline", "1", head)
    it.settle(T2 + 1.2 * HOUR)
    assert it.weights() == []
    assert digests(merged)[1] not in "".join(it.files().values())
    assert (it.loop.root / path).exists()
