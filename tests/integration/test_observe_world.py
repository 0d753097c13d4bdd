"""Observing a whole repository: real git, the fake forge, and one model's trouble stops no other."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.clock import FixedClock
from reconciler.adapters.fakes.forge import FakeForge
from reconciler.adapters.git import GitRepository
from reconciler.domain.changes import Marker, Proposal
from reconciler.domain.events import EventKind
from reconciler.domain.facts import Candidate, LabelFacts
from reconciler.domain.known import Missing
from reconciler.domain.names import LEDGER_BRANCH, Revision, candidate_branch, release_path
from reconciler.domain.releases import digest_of
from reconciler.domain.world import World
from reconciler.errors import ObserveError
from reconciler.observe.changes import open_changes
from reconciler.observe.observe import head_of, look, observe_world
from reconciler.observe.releases import introductions
from reconciler.pipeline.build_json import build_text
from reconciler.ports import Readers
from reconciler.specs.specs import Specs
from tests.builders import NOW, a_build, a_chain, a_model, a_release, an_event, specs_of
from tests.repositories import AT, MAIN_REF, a_repository, branch, git, put
from tests.runs import FolderStore, NoData
from tests.scoring import DictMemory
from tests.snapshots import FrameData, hourly

LEDGER = f"refs/heads/{LEDGER_BRANCH}"


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return a_repository(tmp_path / "git")


def readers(repository: GitRepository, **changes: Any) -> Readers:
    made = Readers(
        clock=FixedClock(NOW),
        repository=repository,
        forge=FakeForge({}),
        data=FrameData(hourly(60)),
        artifacts=FolderStore(),
        memory=DictMemory(),
    )
    return replace(made, **changes)


def world(repository: GitRepository, specs: Specs | None = None, *only: str, **changes: Any) -> World:
    seen_by = readers(repository, **changes)
    seen = look(seen_by, head_of(seen_by), NOW)
    return observe_world(specs or specs_of(), seen_by, seen, only)


def head(repository: GitRepository) -> Revision:
    return repository.refs(MAIN_REF)[MAIN_REF]


def test_a_repository_without_main_is_told_how_to_get_one(repository: GitRepository, tmp_path: Path) -> None:
    git(tmp_path / "git", "branch", "-M", "trunk")
    with pytest.raises(ObserveError, match="there is no branch main") as caught:
        world(repository)
    assert caught.value.help == "git branch -M main"


def test_a_new_repository_is_quiet(repository: GitRepository) -> None:
    seen = world(repository)
    facts = seen.models["flight-delay"]
    assert (seen.head, seen.at) == (head(repository), NOW)
    assert (facts.candidate, facts.candidate_tip, facts.changes, facts.introduced, facts.tags) == (None, None, (), {}, {})
    assert facts.newest is None
    assert facts.history.events == frozenset()
    assert isinstance(facts.labels, LabelFacts)
    assert isinstance(facts.reference, Missing)
    assert {name: (env.tip, env.files) for name, env in seen.environments.items()} == {
        "production": (None, {}),
        "staging": (None, {}),
    }


def test_looking_changes_nothing(repository: GitRepository, tmp_path: Path) -> None:
    before = git(tmp_path / "git", "for-each-ref"), git(tmp_path / "git", "count-objects", "-v")
    assert world(repository) == world(repository)
    assert (git(tmp_path / "git", "for-each-ref"), git(tmp_path / "git", "count-objects", "-v")) == before


def test_only_the_named_models_are_looked_at(repository: GitRepository) -> None:
    specs = specs_of(a_model("a"), a_model("b"), a_model("c"))
    assert list(world(repository, specs).models) == ["a", "b", "c"]
    assert list(world(repository, specs, "c", "a").models) == ["a", "c"]


def test_an_unknown_name_is_told_which_there_are(repository: GitRepository) -> None:
    with pytest.raises(ObserveError, match=r"^there is no model x; there are: a, b$"):
        world(repository, specs_of(a_model("a"), a_model("b")), "a", "x")


def test_the_ledger_is_read_per_model(repository: GitRepository) -> None:
    lines = {"a": an_event(id="1", model="a"), "b": an_event(id="2", model="b", kind=EventKind.TRAINING_FAILED)}
    put(repository, LEDGER, {f"{name}.jsonl": a_chain(event) for name, event in lines.items()})
    seen = world(repository, specs_of(a_model("a"), a_model("b"), a_model("c"))).models
    assert {name: facts.history.events for name, facts in seen.items()} == {"a": {"1"}, "b": {"2"}, "c": frozenset()}
    assert [facts.history.failures for facts in seen.values()] == [0, 1, 0]


def test_a_ledger_that_cannot_be_read_is_told_of_its_model_and_stops_no_other(repository: GitRepository) -> None:
    good, bad = a_chain(an_event(model="b")), a_chain(an_event(model="a")) + b"<<<<<<< HEAD\n"
    put(repository, LEDGER, {"a.jsonl": bad, "b.jsonl": good})
    seen = world(repository, specs_of(a_model("a"), a_model("b"))).models
    assert seen["a"].history.broken.startswith("perennial/ledger a.jsonl:2: not a ledger line")
    assert (seen["b"].history.broken, len(seen["b"].history.events)) == ("", 1)
    assert [facts.fleet.untold for facts in seen.values()] == [{"a"}, {"a"}]


def test_candidates_and_tags_are_found_by_their_names(repository: GitRepository) -> None:
    build = a_build("candidate", model="a")
    tip = branch(repository, candidate_branch("a"), {"runs/a/candidate.json": build_text(build).encode()})
    tag = repository.tag(name="a@v1.0.0", target=tip, message="a", at=AT)
    git(repository.root, "update-ref", "refs/tags/a@v1.0.0", tag)
    seen = world(repository, specs_of(a_model("a"), a_model("a-b"))).models
    assert isinstance(seen["a"].candidate, Candidate)
    assert (seen["a"].candidate_tip, seen["a"].newest) == (tip, build)
    assert seen["a"].tags == {"a@v1.0.0": tip}
    assert (seen["a-b"].candidate, seen["a-b"].tags) == (None, {})


def test_the_specs_of_the_live_release_are_read_while_a_candidate_waits(repository: GitRepository) -> None:
    path, release = "models/flight-delay/model.yaml", a_release()
    put(repository, MAIN_REF, {path: b"before\n", release_path("flight-delay", "production"): b"1.0.0\n"})
    put(repository, MAIN_REF, {path: b"now\n"})
    specs = specs_of(releases={"flight-delay": {"production": release}})
    assert world(repository, specs).models["flight-delay"].wanted == {}
    branch(
        repository, candidate_branch("flight-delay"), {"runs/flight-delay/candidate.json": build_text(a_build("new")).encode()}
    )
    assert world(repository, specs).models["flight-delay"].wanted == {path: "before\n"}
    assert world(repository, specs_of()).models["flight-delay"].wanted == {}
    live = build_text(release.build).encode()
    branch(repository, candidate_branch("flight-delay"), {"runs/flight-delay/candidate.json": live})
    assert world(repository, specs).models["flight-delay"].wanted == {}


def test_one_broken_candidate_stops_no_other_model(repository: GitRepository) -> None:
    branch(repository, candidate_branch("a"), {"runs/a/candidate.json": b"\xff"})
    seen = world(repository, specs_of(a_model("a"), a_model("b"))).models
    assert isinstance(seen["a"].candidate, Missing)
    assert seen["b"].candidate is None


def test_a_source_that_is_gone_is_missing_and_stops_nothing(repository: GitRepository) -> None:
    seen = world(repository, specs_of(a_model("a"), a_model("b")), data=NoData()).models
    assert [facts.labels for facts in seen.values()] == [
        Missing(code="rowsUnreadable", why="('arr_delay',) must not be read"),
    ] * 2


def test_what_is_rendered_is_read_from_the_environments_branch(repository: GitRepository) -> None:
    tip = put(repository, "refs/heads/env/staging", {"a.yaml": b"kind: Service\n", "logo.png": b"\xff\x00"})
    seen = world(repository).environments["staging"]
    assert seen.tip == tip
    assert seen.files["a.yaml"] == "kind: Service\n"
    assert seen.files["logo.png"] == "\ufffd\x00"


def releases(*environments: str) -> Mapping[str, bytes | None]:
    return {release_path("flight-delay", name): name.encode() for name in environments}


EVERY = ("staging", "production")


def test_a_release_is_introduced_by_the_commit_on_main_that_last_changed_its_file(repository: GitRepository) -> None:
    first = put(repository, MAIN_REF, releases("staging"))
    second = put(repository, MAIN_REF, releases("production"))
    put(repository, MAIN_REF, {"README.md": b"later"})
    found = introductions(repository, head(repository), "flight-delay", EVERY, frozenset(EVERY))
    assert found == {"staging": first, "production": second}


def test_a_removed_release_was_introduced_by_its_removal(repository: GitRepository) -> None:
    put(repository, MAIN_REF, releases("production"))
    gone = put(repository, MAIN_REF, {release_path("flight-delay", "production"): None})
    assert introductions(repository, head(repository), "flight-delay", EVERY, frozenset(EVERY)) == {"production": gone}


def test_environments_that_never_had_a_release_cost_no_look(repository: GitRepository) -> None:
    put(repository, MAIN_REF, releases(*EVERY))
    assert introductions(repository, head(repository), "flight-delay", EVERY, frozenset()) == {}
    assert introductions(repository, head(repository), "other", EVERY, frozenset(EVERY)) == {}


def test_a_release_that_only_the_ledger_remembers_is_looked_for(repository: GitRepository) -> None:
    put(repository, MAIN_REF, releases("production"))
    gone = put(repository, MAIN_REF, {release_path("flight-delay", "production"): None})
    ran = an_event(id="p", kind=EventKind.PROMOTED, details={"environment": "production", "digest": a_release().digest})
    put(repository, LEDGER, {"flight-delay.jsonl": a_chain(ran)})
    facts = world(repository).models["flight-delay"]
    assert (facts.releases, facts.introduced) == ({}, {"production": gone})
    assert facts.history.released == {("production", a_release().digest)}


def a_pull(repository: GitRepository, name: str, tip: Revision) -> FakeForge:
    forge = FakeForge({"main": head(repository), name: tip})
    marker = Marker(model="flight-delay", environment="staging", digest=digest_of("a"), content=digest_of("b"))
    forge.propose(Proposal(branch=name, base="main", title="T", body=f"B\n\n{marker.to_comment()}\n"), NOW)
    return forge


def test_a_branch_whose_tip_is_ours_is_not_edited(repository: GitRepository) -> None:
    tip = branch(repository, "perennial/flight-delay/staging", {"x": b"1"})
    forge = a_pull(repository, "perennial/flight-delay/staging", tip)
    (change,) = open_changes(forge.pull_requests(), "flight-delay", repository)
    assert (change.tip, change.edited, change.title) == (tip, False, "T")


def test_a_commit_of_a_persons_on_top_makes_it_theirs(repository: GitRepository, tmp_path: Path) -> None:
    branch(repository, "perennial/flight-delay/staging", {"x": b"1"})
    git(tmp_path / "git", "checkout", "--quiet", "perennial/flight-delay/staging")
    git(tmp_path / "git", "commit", "--quiet", "--allow-empty", "--message", "Mine")
    tip = repository.refs("refs/heads/perennial/")["refs/heads/perennial/flight-delay/staging"]
    facts = world(repository, forge=a_pull(repository, "perennial/flight-delay/staging", tip)).models["flight-delay"]
    assert [change.edited for change in facts.changes] == [True]
    assert facts.declined == {}
