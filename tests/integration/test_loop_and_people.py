"""What people do to a repository between two passes, and what the next pass makes of it."""

from pathlib import Path

import pytest

from reconciler.adapters.forges.local import LocalForge
from reconciler.domain.changes import PullState
from reconciler.domain.outcomes import Status
from reconciler.domain.steps import Merge, Propose
from reconciler.errors import ConflictError
from tests.loops import T1, T2, Loop, a_gate, a_loop, reopened
from tests.repositories import git

GATES = "policies/gates/standard.yaml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """Alpha's first candidate waits for a merge into staging."""
    loop = a_loop(tmp_path_factory.mktemp("made") / "repo")
    loop.settle()
    return loop


@pytest.fixture(scope="module")
def promoted_twice(made: Loop, tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """Versions 1.0.0 and 1.1.0 went through staging to production."""
    loop = reopened(made, tmp_path_factory.mktemp("promoted") / "repo")
    loop.promote(T1)
    loop.promote(T2)
    return loop


@pytest.fixture
def loop(made: Loop, tmp_path: Path) -> Loop:
    return reopened(made, tmp_path / "repo")


@pytest.fixture
def released(promoted_twice: Loop, tmp_path: Path) -> Loop:
    return reopened(promoted_twice, tmp_path / "repo")


def push(loop: Loop, branch: str, path: str, text: str) -> None:
    """A person commits to the branch."""
    git(loop.root, "checkout", "--quiet", branch)
    (loop.root / path).write_text(text)
    git(loop.root, "add", path)
    git(loop.root, "commit", "--quiet", "--message", "By hand")
    git(loop.root, "checkout", "--quiet", "main")


def codes(loop: Loop) -> dict[str, str]:
    return {decision.model: decision.code for decision in loop.plan().decisions}


def states(loop: Loop) -> dict[int, str]:
    return {pull.number: str(pull.state) for pull in loop.pulls()}


def test_closing_declines_the_digest_for_good(loop: Loop) -> None:
    loop.writers().forge.close(1, "No.", T1)
    for _ in range(2):
        loop.settle()
        loop.commit("Something else", **{"README.md": b"more\n"})
    assert states(loop) == {1: "closed"}
    assert loop.kinds("alpha") == ["trained", "proposed", "declined"]
    loop.settle(T2)
    assert states(loop) == {1: "closed", 2: "open"}


def test_merging_releases_tags_records_and_renders(loop: Loop) -> None:
    loop.merge(1)
    main = git(loop.root, "rev-parse", "main")
    assert "version: 1.0.0" in (loop.root / "models/alpha/releases/staging.yaml").read_text()
    assert git(loop.root, "rev-parse", "alpha@v1.0.0^{commit}", "alpha#staging#1^{commit}").split() == [main, main]
    assert loop.kinds("alpha") == ["trained", "proposed", "promoted"]
    assert "manifests/alpha/deployment.yaml" in git(loop.root, "ls-tree", "-r", "--name-only", "env/staging")
    assert git(loop.root, "status", "--porcelain") == ""


def test_production_follows_staging_and_gets_the_same_version(released: Loop) -> None:
    assert {p.number: p.branch for p in released.pulls()} == {
        1: "perennial/alpha/staging",
        2: "perennial/alpha/production",
        3: "perennial/alpha/staging",
        4: "perennial/alpha/production",
    }
    for environment in ("staging", "production"):
        assert "version: 1.1.0" in git(released.root, "show", f"main:models/alpha/releases/{environment}.yaml")
    assert released.kinds("alpha") == ["trained", *["proposed", "promoted"] * 2] * 2


def test_reverting_a_merge_rolls_back(released: Loop) -> None:
    rendered = git(released.root, "rev-parse", "env/production")
    before = git(released.root, "rev-parse", f"{rendered}~1^{{tree}}")
    git(released.root, "revert", "--no-edit", "--mainline", "1", "HEAD")
    released.settle(T2)
    last = released.ledger("alpha")[-1]
    assert (last.kind, last.message[:22]) == ("rolledBack", "production runs 1.0.0 ")
    tags = git(released.root, "rev-parse", "alpha#production#3^{commit}", "alpha@v1.0.0^{commit}").split()
    assert tags[0] == tags[1]
    assert git(released.root, "rev-parse", "env/production^{tree}") == before
    assert [made.outcome.steps for made in released.settle(T2)] == [()]
    assert PullState.OPEN not in {pull.state for pull in released.pulls()}


def test_reverting_the_revert_brings_it_back(released: Loop) -> None:
    rendered = git(released.root, "rev-parse", "env/production^{tree}")
    for _ in range(2):
        git(
            released.root,
            "revert",
            "--no-edit",
            *(["--mainline", "1"] if released.kinds("alpha")[-1] == "promoted" else []),
            "HEAD",
        )
        released.settle(T2)
    assert git(released.root, "rev-parse", "env/production^{tree}") == rendered
    assert git(released.root, "rev-parse", "alpha#production#4^{commit}") == git(
        released.root, "rev-parse", "alpha@v1.1.0^{commit}"
    )


def test_a_merge_by_hand_is_a_merge(loop: Loop) -> None:
    git(loop.root, "merge", "--quiet", "--no-ff", "--no-edit", "perennial/alpha/staging")
    loop.settle()
    assert states(loop) == {1: "merged", 2: "open"}
    assert loop.kinds("alpha") == ["trained", "proposed", "promoted", "proposed"]
    assert git(loop.root, "rev-parse", "alpha@v1.0.0^{commit}") == git(loop.root, "rev-parse", "main")


def test_a_fast_forward_by_hand_is_a_merge(loop: Loop) -> None:
    git(loop.root, "merge", "--quiet", "--ff-only", "perennial/alpha/staging")
    loop.settle()
    assert states(loop) == {1: "merged", 2: "open"}
    assert [made.outcome.steps for made in loop.settle()] == [()]


def test_a_branch_that_a_person_pushed_to_is_theirs(loop: Loop) -> None:
    push(loop, "perennial/alpha/staging", "NOTES.md", "mine\n")
    loop.commit("Main moves", **{"README.md": b"more\n"})
    before = loop.refs()
    loop.settle()
    assert codes(loop) == {"alpha": "changeEdited"}
    told = loop.refs()
    assert {ref for ref in told if told[ref] != before[ref]} == {"refs/perennial/pulls/1"}
    (comment,) = LocalForge(loop.repository).comments(1)
    assert "pushed to this branch, so it is yours now" in comment.text
    loop.settle()
    assert loop.refs() == told
    loop.merge(1)
    loop.settle()
    assert (loop.root / "NOTES.md").read_text() == "mine\n"
    assert states(loop) == {1: "merged", 2: "open"}


def test_the_branch_is_built_again_when_main_moves(loop: Loop) -> None:
    before = loop.pull(1)
    loop.commit("Main moves", **{"README.md": b"more\n"})
    loop.settle()
    after = loop.pull(1)
    assert states(loop) == {1: "open"}
    assert after.tip != before.tip
    assert git(loop.root, "rev-parse", f"{after.tip}~1") == git(loop.root, "rev-parse", "main")
    assert loop.kinds("alpha") == ["trained", "proposed"]


def test_a_stricter_policy_withdraws_the_proposal(loop: Loop) -> None:
    loop.commit("Want more", **{GATES: a_gate(0.9)})
    loop.settle()
    assert states(loop) == {1: "closed"}
    assert "refused" in loop.kinds("alpha")
    assert "refs/heads/perennial/alpha/staging" not in loop.refs()


def test_local_edits_are_never_touched(loop: Loop) -> None:
    (loop.root / "README.md").write_text("an edit\n")
    (loop.root / GATES).write_bytes(a_gate(0.99))
    (loop.root / "scratch.txt").write_text("untracked\n")
    edits = git(loop.root, "status", "--porcelain")
    loop.settle()
    loop.merge(1)
    loop.settle()
    assert git(loop.root, "status", "--porcelain") == edits
    assert (loop.root / "README.md").read_text() == "an edit\n"
    assert states(loop) == {1: "merged", 2: "open"}


def test_a_merge_that_would_overwrite_local_edits_is_refused_with_their_list(loop: Loop) -> None:
    (loop.root / "params.yaml").write_text("models: {}  # an edit\n")
    (loop.root / "models/alpha/CARD.md").write_text("untracked\n")
    before = loop.refs()
    with pytest.raises(ConflictError, match=r"local edits would be overwritten: models/alpha/CARD\.md, params\.yaml") as caught:
        loop.merge(1)
    assert "git stash" in caught.value.help
    assert loop.refs() == before
    assert (loop.root / "params.yaml").read_text() == "models: {}  # an edit\n"
    git(loop.root, "stash", "--include-untracked")
    loop.merge(1)
    assert states(loop)[1] == "merged"


def test_what_the_evidence_does_not_prove_is_not_published_and_a_revert_mends_it(released: Loop) -> None:
    path = "models/alpha/releases/production.yaml"
    before = {ref: commit for ref, commit in released.refs().items() if ref != "refs/heads/main"}
    release = (released.root / path).read_text()
    (released.root / path).write_text(release.replace("version: 1.1.0", "version: 1.2.0"))
    git(released.root, "commit", "--quiet", "--all", "--message", "Call it 1.2.0")
    released.settle(T2)
    assert {ref: commit for ref, commit in released.refs().items() if ref != "refs/heads/main"} == before
    (decision,) = released.plan(T2).decisions
    assert decision.message.startswith("what main wants in production is not published: statement: ")
    assert "says version 1.1.0, the release file 1.2.0" in decision.message
    git(released.root, "revert", "--no-edit", "HEAD")
    released.settle(T2)
    (decision,) = released.plan(T2).decisions
    assert "not published" not in decision.message
    assert released.kinds("alpha")[-1] == "rolledBack"


def test_a_model_of_tier_low_goes_all_the_way_by_itself(tmp_path: Path) -> None:
    loop = a_loop(tmp_path / "repo", tier="low")
    loop.settle()
    assert [(pull.state, pull.marker.environment) for pull in loop.pulls() if pull.marker] == [
        (PullState.MERGED, "staging"),
        (PullState.MERGED, "production"),
    ]
    assert {"tier/low", "verdict/no-baseline", "model/alpha"} <= set(loop.pull(1).labels)
    assert loop.kinds("alpha") == ["trained", "proposed", "promoted", "proposed", "promoted"]
    assert "Merged-by: Perennial" in git(loop.root, "log", "-1", "--format=%B", "main")
    before = loop.refs()
    loop.settle()
    assert loop.refs() == before


def test_a_branch_of_tier_low_that_people_pushed_to_is_theirs(tmp_path: Path) -> None:
    loop = a_loop(tmp_path / "repo", tier="low")
    plan = loop.plan()
    while not loop.pulls():
        loop.act(plan)
        plan = loop.plan()
    push(loop, "perennial/alpha/staging", "models/alpha/releases/staging.yaml", "mine\n")
    loop.settle()
    assert (codes(loop), states(loop)) == ({"alpha": "changeEdited"}, {1: "open"})


def test_models_that_merge_themselves_take_turns_and_are_rebuilt_once_each(tmp_path: Path) -> None:
    loop = a_loop(tmp_path / "repo", "alpha", "beta", "gamma", tier="low", environments=["production"])
    passes = loop.settle()
    assert set(states(loop).values()) == {"merged"}
    done = [step.step for made in passes for step in made.outcome.steps if step.status is Status.DONE]
    assert [step.model for step in done if isinstance(step, Merge)] == ["alpha", "beta", "gamma"]
    assert [step.model for step in done if isinstance(step, Propose)] == ["alpha", "beta", "gamma", "beta", "gamma"]
