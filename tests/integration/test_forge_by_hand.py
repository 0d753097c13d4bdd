"""The local forge beside people who use git directly: branches that move, go, or are merged by hand while it looks."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.forges.local import LocalForge
from reconciler.adapters.forges.records import PullRecord
from reconciler.adapters.git import GitRepository
from reconciler.adapters.git.process import GitAnswer, GitProcess
from reconciler.domain.changes import Proposal, PullState
from reconciler.domain.commits import RefUpdate
from reconciler.domain.names import Revision
from reconciler.errors import ConflictError, ObserveError, PermanentActError
from tests.repositories import AT, ENVIRONMENT, MAIN_REF, a_repository, branch, git, put

NAME = "perennial/flight-delay/production"


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return a_repository(tmp_path / "repo")


def proposed(repository: GitRepository, title: str = "Promote") -> Revision:
    tip = branch(repository, NAME, {"release.yaml": title.encode()})
    LocalForge(repository).propose(Proposal(branch=NAME, base="main", title=title, body="Why\n"), AT)
    return tip


class Overtaken(GitRepository):
    """A repository in which somebody else does something just before each of our next moves."""

    def between(self, *acts: object) -> "Overtaken":
        self.acts = list(acts)
        return self

    def update(self, updates: object) -> None:
        if self.acts:
            self.acts.pop(0)()  # type: ignore[operator]
        super().update(updates)  # type: ignore[arg-type]


def overtaken(repository: GitRepository, *acts: object) -> LocalForge:
    return LocalForge(Overtaken(repository.git, repository.root).between(*acts))


def test_a_base_that_moves_during_a_merge_is_merged_into_again(repository: GitRepository) -> None:
    tip = proposed(repository)
    acts = [lambda n=n: put(repository, MAIN_REF, {f"other{n}": b"1"}) for n in range(3)]
    merged = overtaken(repository, *acts).merge(1, tip, AT)

    assert merged.merged == repository.refs()[MAIN_REF]
    assert set(repository.files(repository.refs()[MAIN_REF])) == {"README.md", "release.yaml", "other0", "other1", "other2"}
    assert len(LocalForge(repository).pull_requests()) == 1


def test_a_branch_that_moves_during_a_merge_is_not_merged(repository: GitRepository) -> None:
    tip = proposed(repository)
    forge = overtaken(repository, lambda: branch(repository, NAME, {"release.yaml": b"unreviewed"}))
    with pytest.raises(ConflictError, match="#1 has moved"):
        forge.merge(1, tip, AT)

    assert "release.yaml" not in repository.files(repository.refs()[MAIN_REF])
    assert LocalForge(repository).pull_requests()[0].state is PullState.OPEN


def test_who_closes_while_another_merges_loses_to_the_first(repository: GitRepository) -> None:
    tip = proposed(repository)
    forge = overtaken(repository, lambda: LocalForge(repository).close(1, "no", AT))
    with pytest.raises(ConflictError, match="#1 was closed without merging"):
        forge.merge(1, tip, AT)

    tip = proposed(repository, "Again")
    forge = overtaken(repository, lambda: LocalForge(repository).merge(2, tip, AT))
    with pytest.raises(ConflictError, match="#2 is merged already"):
        forge.close(2, "no", AT)


def test_two_that_propose_different_branches_get_different_numbers(repository: GitRepository) -> None:
    other = "perennial/other/production"
    branch(repository, other, {"other.yaml": b"1"})
    branch(repository, NAME, {"release.yaml": b"1"})

    def somebody() -> None:
        LocalForge(repository).propose(Proposal(branch=other, base="main", title="Other", body=""), AT)

    pull = overtaken(repository, somebody).propose(Proposal(branch=NAME, base="main", title="Mine", body=""), AT)
    assert pull.number == 2
    assert [(p.number, p.branch) for p in LocalForge(repository).pull_requests()] == [(1, other), (2, NAME)]


def test_two_that_propose_the_same_branch_share_one(repository: GitRepository) -> None:
    branch(repository, NAME, {"release.yaml": b"1"})
    proposal = Proposal(branch=NAME, base="main", title="Same", body="")
    pull = overtaken(repository, lambda: LocalForge(repository).propose(proposal, AT)).propose(proposal, AT)

    assert pull.number == 1
    assert LocalForge(repository).pull_requests() == (pull,)


def test_a_base_that_is_gone_is_named(repository: GitRepository) -> None:
    branch(repository, "release", {"x": b"1"})
    tip = branch(repository, NAME, {"release.yaml": b"1"})
    forge = LocalForge(repository)
    forge.propose(Proposal(branch=NAME, base="release", title="T", body=""), AT)
    git(repository.root, "branch", "-D", "release")
    with pytest.raises(PermanentActError, match="there is no branch release"):
        forge.merge(1, tip, AT)

    assert forge.pull_requests()[0].state is PullState.OPEN


def test_a_revert_of_a_merge_does_not_open_it_again(repository: GitRepository) -> None:
    tip = proposed(repository)
    merged = LocalForge(repository).merge(1, tip, AT)
    git(repository.root, "revert", "-m", "1", "--no-edit", "HEAD")

    assert LocalForge(repository).pull_requests() == (merged,)
    assert "release.yaml" not in repository.files(repository.refs()[MAIN_REF])


def test_comments_are_kept_in_order_with_their_times(repository: GitRepository) -> None:
    forge = LocalForge(repository)
    proposed(repository)
    forge.close(1, "too risky\x00\x1b[31m", AT + timedelta(hours=2))
    forge.close(1, "said twice", AT + timedelta(hours=3))

    assert [(c.at, c.text) for c in forge.comments(1)] == [(AT + timedelta(hours=2), "too risky\ufffd\ufffd[31m")]
    with pytest.raises(PermanentActError, match="no pull request #9"):
        forge.comments(9)


@pytest.mark.parametrize("ref", ["refs/perennial/pulls/x", "refs/perennial/pulls/1/x"])
def test_a_ref_that_is_no_pull_request_is_named(repository: GitRepository, ref: str) -> None:
    put(repository, ref, {"pull.json": b"{}"})
    with pytest.raises(ObserveError, match=ref):
        LocalForge(repository).pull_requests()


class CountedGit(GitProcess):
    """Counts the processes that it starts, in the log that is its environment's."""

    def attempt(self, *args: str, **options: Any) -> GitAnswer:
        with Path(self.environment["COUNTED"]).open("a") as log:
            log.write(args[0] + "\n")
        return super().attempt(*args, **options)


def test_many_pull_requests_are_read_with_few_processes(repository: GitRepository, tmp_path: Path) -> None:
    record = PullRecord(number=1, state=PullState.CLOSED, branch="b", base="main", title="t", body="b")
    kept = [replace(record, number=number) for number in range(1, 41)]
    commits = [repository.commit_record(parents=[], files=one.to_files(), message="m", at=AT) for one in kept[:1]] * len(kept)
    repository.update([RefUpdate(ref=one.ref, new=commit, expected=None) for one, commit in zip(kept, commits, strict=True)])
    counted = ENVIRONMENT | {"COUNTED": str(tmp_path / "log")}
    forge = LocalForge(GitRepository(CountedGit(git_dir=repository.common_dir, environment=counted), repository.root))

    assert [pull.number for pull in forge.pull_requests()] == list(range(1, 41))
    assert len((tmp_path / "log").read_text().splitlines()) <= 4
