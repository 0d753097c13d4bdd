"""A canary on real git, from the merge to its end: the weights go up, or back, and nothing but Git remembers how far it is."""

from datetime import datetime
from pathlib import Path

import pytest

from reconciler.audit.books import open_books
from reconciler.audit.claims import running_claims
from reconciler.audit.links.rendered import judge_rendered
from reconciler.observe.observe import head_of, look
from reconciler.observe.proofs import trust_of
from reconciler.specs.load import load_specs
from reconciler.specs.paths import SPEC_PREFIXES
from tests.integration.rollouts.live import BAD, GOOD, HOUR, RARE, Live, canary, live, released
from tests.loops import T2, Loop, reopened
from tests.repositories import git, put
from tests.traffic import Served


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """Version 1.1.0 was merged after 1.0.0, and its canary has begun at T2."""
    return canary(tmp_path_factory.mktemp("merged") / "repo")


def serving(merged: Loop, where: Path, new: Served) -> Live:
    return live(reopened(merged, where / "repo"), new)


def test_the_first_release_has_nobody_to_spare_and_the_second_begins_small(merged: Loop, tmp_path: Path) -> None:
    it = serving(merged, tmp_path, GOOD)
    assert it.weights() == [95, 5]
    assert it.code(T2) == ("rolloutIsUnderWay", "pausing")
    assert it.settle(T2)[0].plan.steps == ()


def test_a_good_one_goes_step_by_step_and_ends(merged: Loop, tmp_path: Path) -> None:
    it = serving(merged, tmp_path, GOOD)
    seen = []
    for hours in (0.5, 1.1, 1.2, 2.3, 3.0, 3.5, 3.6):
        it.settle(T2 + hours * HOUR)
        seen.append(it.weights())
    assert seen == [[95, 5], [75, 25], [75, 25], [50, 50], [50, 50], [], []]
    assert "1.0.0" not in "".join(it.files().values())
    assert it.code(T2 + 4 * HOUR)[0] == "nothingIsDue"


def test_a_worse_one_is_taken_back_at_once_and_stays_away(merged: Loop, tmp_path: Path) -> None:
    it = serving(merged, tmp_path, BAD)
    it.reconcile(T2 + 0.5 * HOUR)
    old, new = released(merged)
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
    it = serving(merged, tmp_path, BAD)
    spec = it.main()["models/alpha/model.yaml"].replace("spec:", "spec:\n  rollback: {merge: reviewed}", 1)
    it.loop.commit(**{"models/alpha/model.yaml": spec.encode()})
    it.reconcile(T2 + 0.5 * HOUR)
    new = released(merged)[1]
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
    it = serving(merged, tmp_path, RARE)
    for hours in (1, 2, 3):
        it.settle(T2 + hours * HOUR)
    assert it.weights() == [95, 5]
    assert it.code(T2 + 3 * HOUR) == ("rolloutIsUnderWay", "tooFewRows")
    it.traffic.served = {}
    assert it.code(T2 + 100 * HOUR) == ("rolloutIsUnderWay", "overdue")


def test_a_prometheus_that_does_not_answer_holds(merged: Loop, tmp_path: Path) -> None:
    it = serving(merged, tmp_path, GOOD)
    it.traffic.broken = True
    it.settle(T2 + 2 * HOUR)
    assert it.weights() == [95, 5]
    assert it.code(T2 + 2 * HOUR) == ("rolloutIsUnderWay", "notMeasured")
    it.traffic.broken = False
    it.settle(T2 + 2 * HOUR)
    assert it.weights() == [75, 25]


def test_what_else_changes_keeps_the_weights(merged: Loop, tmp_path: Path) -> None:
    it = serving(merged, tmp_path, GOOD)
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
    it = serving(merged, tmp_path, GOOD)
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
    it = serving(merged, tmp_path, GOOD)
    it.settle(T2 + 1.1 * HOUR)
    path, head = "models/alpha/releases/production.yaml", git(it.loop.root, "rev-parse", "main")
    git(it.loop.root, "revert", "--no-edit", "--mainline", "1", head)
    it.settle(T2 + 1.2 * HOUR)
    assert it.weights() == []
    assert released(merged)[1] not in "".join(it.files().values())
    assert (it.loop.root / path).exists()
