"""A release that is degraded in its cluster is taken back in Git, by itself, stays away, and does so however often it dies."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml

from reconciler.adapters.fakes.cluster import FakeCluster
from reconciler.domain.changes import PullState
from reconciler.domain.clusters import Deployed, Health, Sync, application_name
from reconciler.domain.names import Digest, Revision, environment_branch, quarantine_path, release_path
from reconciler.observe.deployed import digests_in
from reconciler.ports import Readers
from reconciler.reconcile import Pass, make_plan_now, reconcile, until_settled
from tests.loops import T1, T2, KilledError, Loop, a_loop, reopened
from tests.repositories import MAIN_REF, git

SOON = timedelta(seconds=15)


class LivingCluster(FakeCluster):
    """Runs at once what `env/production` says; the digests in `bad` are never well."""

    def __init__(self, loop: Loop, bad: set[Digest]) -> None:
        super().__init__("production")
        self.loop, self.bad = loop, bad

    def applications(self, environment: str) -> Mapping[str, Deployed]:
        ref = f"refs/heads/{environment_branch(environment)}"
        tip = self.loop.repository.refs(ref)[ref]
        digests = digests_in(self.loop.repository.files(tip), "alpha")
        health = Health.DEGRADED if digests & self.bad else Health.HEALTHY
        name = application_name("alpha", environment)
        return {"alpha": Deployed(application=name, health=health, sync=Sync.SYNCED, revision=tip, digests=digests)}


@dataclass(slots=True, kw_only=True)
class Live:
    """A loop with a cluster."""

    loop: Loop
    bad: set[Digest] = field(default_factory=set)

    def readers(self, at: datetime) -> Readers:
        return replace(self.loop.readers(at), clusters=LivingCluster(self.loop, self.bad))

    def reconcile(self, at: datetime = T2) -> list[Pass]:
        return reconcile(self.readers(at), self.loop.writers())

    def settle(self, at: datetime = T2) -> list[Pass]:
        return until_settled(self.readers(at), self.loop.writers())

    def runs(self) -> tuple[str, Digest]:
        """Version and digest of production's release on main."""
        path = release_path("alpha", "production")
        spec = yaml.safe_load(self.loop.repository.files(self.main(), path)[path])["spec"]
        return spec["version"], Digest(spec["digest"])

    def quarantined(self) -> set[Digest]:
        path = quarantine_path("alpha")
        found = self.loop.repository.files(self.main(), path)
        return {Digest(one["digest"]) for one in yaml.safe_load(found[path])["spec"]["digests"]} if found else set()

    def main(self) -> Revision:
        return self.loop.repository.refs(MAIN_REF)[MAIN_REF]


@pytest.fixture(scope="module")
def promoted(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """Production ran 1.0.0, and runs 1.1.0 now."""
    loop = a_loop(tmp_path_factory.mktemp("promoted") / "repo")
    loop.promote(T1)
    loop.promote(T2)
    return loop


def degraded(start: Loop, where: Path, last: int | None = None) -> Live:
    live = Live(loop=reopened(start, where, last))
    version, digest = live.runs()
    assert version == "1.1.0"
    live.bad.add(digest)
    return live


def test_one_reconcile_takes_it_back_and_the_next_ten_leave_it_so(promoted: Loop, tmp_path: Path) -> None:
    live = degraded(promoted, tmp_path / "repo")
    (bad,) = live.bad
    pulls = len(live.loop.pulls())

    live.reconcile()
    live.reconcile(T2 + SOON)

    assert live.runs()[0] == "1.0.0"
    assert live.quarantined() == {bad}
    number = pulls + 1
    assert live.loop.pull(number).state is PullState.MERGED
    assert live.loop.pull(number).title == "Roll alpha in production back to 1.0.0"
    assert "1.0.0" in git(live.loop.root, "show", "env/production:README.md")
    assert live.loop.kinds("alpha")[-2:] == ["takenBack", "rolledBack"]

    before = live.loop.refs()
    for look in range(2, 12):
        live.reconcile(T2 + look * SOON)
    assert live.runs()[0] == "1.0.0"
    assert {ref: at for ref, at in live.loop.refs().items() if "ledger" not in ref and "candidate" not in ref} == {
        ref: at for ref, at in before.items() if "ledger" not in ref and "candidate" not in ref
    }


@pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.slow)])
def test_killed_after_any_move_of_a_ref_it_ends_there(promoted: Loop, tmp_path: Path, every: int) -> None:
    undisturbed = degraded(promoted, tmp_path / "undisturbed")
    undisturbed.settle()
    for moves in range(0, 50, every):
        victim = degraded(promoted, tmp_path / f"after-{moves}", last=moves)
        try:
            victim.settle()
        except KilledError:
            survivor = Live(loop=reopened(victim.loop), bad=victim.bad)
            survivor.settle()
            assert survivor.loop.refs() == undisturbed.loop.refs(), f"killed after {moves} moves"
        else:
            assert moves >= 6
            return
    raise AssertionError("it does not end")


def test_how_it_is_served_goes_back_with_it(promoted: Loop, tmp_path: Path) -> None:
    live = degraded(promoted, tmp_path / "repo")
    path = "models/alpha/model.yaml"
    before = live.loop.repository.files(live.main(), path)[path]
    spec = yaml.safe_load(before)
    spec["spec"]["serve"] = {"replicas": 3}
    live.loop.commit(**{path: yaml.safe_dump(spec).encode()})
    live.settle()
    assert live.runs()[0] == "1.0.0"
    assert live.loop.repository.files(live.main(), path)[path] == before


def test_what_is_bad_as_well_is_not_gone_back_from(promoted: Loop, tmp_path: Path) -> None:
    """An outage of everything is no reason to go through all releases."""
    live = degraded(promoted, tmp_path / "repo")
    live.settle()
    _, before = live.runs()
    live.bad.add(before)
    live.settle(T2 + SOON)
    assert live.runs()[0] == "1.0.0"
    assert before not in live.quarantined()
    (decision,) = make_plan_now(live.readers(T2 + SOON)).decisions
    assert (decision.code, "a person must look" in decision.message) == ("unwell", True)


def test_of_a_high_tier_somebody_merges_it_and_closing_it_keeps_the_release(promoted: Loop, tmp_path: Path) -> None:
    live = degraded(promoted, tmp_path / "repo")
    text = live.loop.repository.files(live.main(), "models/alpha/model.yaml")
    high = yaml.safe_load(text["models/alpha/model.yaml"])
    high["metadata"]["tier"], high["spec"]["promotion"] = "high", {"owners": ["ada"]}
    live.loop.commit(**{"models/alpha/model.yaml": yaml.safe_dump(high).encode()})

    live.settle()
    opened = live.loop.pulls()[-1]
    assert (opened.state, live.runs()[0]) == (PullState.OPEN, "1.1.0")
    refs = live.loop.refs()
    live.settle(T2 + SOON)
    assert live.loop.refs() == refs

    live.loop.writers().forge.close(opened.number, "We keep it.", T2)
    live.settle(T2 + SOON)
    (decision,) = make_plan_now(live.readers(T2 + SOON)).decisions
    assert decision.code == "kept"
    assert live.runs()[0] == "1.1.0"
    assert live.loop.pulls()[-1].number == opened.number


def test_a_cluster_that_does_not_answer_takes_nothing_back(promoted: Loop, tmp_path: Path) -> None:
    live = degraded(promoted, tmp_path / "repo")
    refs = live.loop.refs()
    silent = FakeCluster("production")
    silent.silent["production"] = "no answer within 10 s"
    reconcile(replace(live.loop.readers(T2), clusters=silent), live.loop.writers())
    assert live.loop.refs() == refs
