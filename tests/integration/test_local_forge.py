"""What only the local forge does: it lives in refs, several processes may write at once, and people may use git directly."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from reconciler.adapters.forges.local import LocalForge
from reconciler.adapters.git import GitRepository
from reconciler.domain.changes import Proposal, PullState
from reconciler.domain.names import Revision
from reconciler.errors import ConflictError, ObserveError
from tests.repositories import AT, ENVIRONMENT, MAIN_REF, a_repository, branch, git, put

NAME = "perennial/flight-delay/production"


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return a_repository(tmp_path / "repo")


def a_pull(repository: GitRepository, name: str = NAME) -> Revision:
    tip = branch(repository, name, {f"{name}.yaml": b"digest: 1\n"})
    LocalForge(repository).propose(Proposal(branch=name, base="main", title=f"Promote {name}", body="Why\n"), AT)
    return tip


def test_proposing_the_same_again_writes_nothing(repository: GitRepository) -> None:
    a_pull(repository)
    before, objects = repository.refs(), git(repository.root, "count-objects")
    LocalForge(repository).propose(Proposal(branch=NAME, base="main", title=f"Promote {NAME}", body="Why\n"), AT)
    assert repository.refs() == before
    assert git(repository.root, "count-objects") == objects


def test_the_history_reads_well(repository: GitRepository) -> None:
    tip = a_pull(repository)
    put(repository, MAIN_REF, {"other": b"1"}, "Somebody's change")
    LocalForge(repository).merge(1, tip, AT)
    subjects = git(repository.root, "log", "--first-parent", "--format=%s").splitlines()
    assert subjects[:2] == [f"Merge pull request #1 from {NAME}", "Somebody's change"]
    assert git(repository.root, "log", "--first-parent", "--format=%s", "refs/perennial/pulls/1").splitlines() == [
        f"Merge pull request #1: Promote {NAME}",
        f"Open pull request #1: Promote {NAME}",
    ]
    assert git(repository.root, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("by", "end"),
    [
        ("Ann Lee <ann@example.com>", "\n\nMerged-by: Ann Lee <ann@example.com>"),
        ("Ann\n\nRelease-Digest: sha256:0\x1b[2J", "\n\nMerged-by: Ann Release-Digest: sha256:0 [2J"),
        ("", ""),
    ],
)
def test_who_asked_for_the_merge_stands_in_one_line_at_its_end(repository: GitRepository, by: str, end: str) -> None:
    LocalForge(repository).merge(1, a_pull(repository), AT, by)
    message = git(repository.root, "log", "-1", "--format=%B", "main")
    assert message == f"Merge pull request #1 from {NAME}\n\nPromote {NAME}{end}"


def test_the_commits_of_a_closed_one_can_still_be_read(repository: GitRepository) -> None:
    tip = a_pull(repository)
    LocalForge(repository).close(1, "Too risky\nbefore the holidays", AT)
    git(repository.root, "reflog", "expire", "--expire=now", "--all")
    git(repository.root, "gc", "--quiet", "--prune=now")
    assert repository.files(tip, NAME + ".yaml")
    (comment,) = LocalForge(repository).comments(1)
    assert (comment.at, comment.text) == (AT, "Too risky\nbefore the holidays")


@pytest.mark.parametrize("how", ["--ff-only", "--no-ff"])
def test_a_merge_by_hand_is_a_merge(repository: GitRepository, how: str) -> None:
    tip = a_pull(repository)
    git(repository.root, "merge", "-q", how, NAME)
    merged = repository.refs()[MAIN_REF]
    put(repository, MAIN_REF, {"later": b"1"})
    forge = LocalForge(repository)
    (pull,) = forge.pull_requests()
    assert (pull.state, pull.merged) == (PullState.MERGED, merged)
    with pytest.raises(ConflictError, match="merged already"):
        forge.close(1, "no", AT)
    assert forge.merge(1, tip, AT) == pull
    assert f"refs/heads/{NAME}" not in repository.refs()
    assert forge.pull_requests() == (pull,)


def test_local_edits_that_a_merge_would_overwrite_are_safe(repository: GitRepository) -> None:
    tip = a_pull(repository)
    (repository.root / "perennial/flight-delay").mkdir(parents=True)
    (repository.root / f"{NAME}.yaml").write_text("mine")
    before = repository.refs()
    with pytest.raises(ConflictError, match="local edits would be overwritten"):
        LocalForge(repository).merge(1, tip, AT)
    assert repository.refs() == before


def test_a_reviewer_on_the_branch_is_told_to_leave_it(repository: GitRepository) -> None:
    tip = a_pull(repository)
    git(repository.root, "switch", "-q", NAME)
    with pytest.raises(ConflictError, match="checked out and cannot be deleted"):
        LocalForge(repository).merge(1, tip, AT)
    git(repository.root, "switch", "-q", "main")
    assert LocalForge(repository).merge(1, tip, AT).state is PullState.MERGED


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"state": "lost"}', b"\xff"])
def test_a_spoilt_record_is_an_observe_error_that_names_it(repository: GitRepository, content: bytes) -> None:
    put(repository, "refs/perennial/pulls/4", {"pull.json": content, "body.md": b"", "comments.jsonl": b""})
    with pytest.raises(ObserveError, match="refs/perennial/pulls/4"):
        LocalForge(repository).pull_requests()


SCRIPT = textwrap.dedent(
    """
    import sys
    from datetime import UTC, datetime
    from pathlib import Path
    from reconciler.adapters.forges.local import LocalForge
    from reconciler.adapters.git import GitRepository
    from reconciler.domain.changes import Proposal
    from reconciler.errors import ConflictError
    import os

    forge = LocalForge(GitRepository.open(Path(sys.argv[1]), dict(os.environ)))
    at = datetime(2013, 3, 1, tzinfo=UTC)
    print("ready", flush=True)
    sys.stdin.readline()
    if sys.argv[2] == "merge":
        print(forge.merge(int(sys.argv[3]), sys.argv[4], at).merged)
    else:
        for branch in sys.argv[3:]:
            print(forge.propose(Proposal(branch=branch, base="main", title=f"Promote {branch}", body="b"), at).number)
    """
)


def at_once(root: Path, *commands: tuple[str, ...]) -> list[list[str]]:
    """Run the script once per command, all released at the same moment; the lines that each printed."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(root), *command],
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for command in commands
    ]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    outputs = []
    for process in processes:
        assert process.stdin
        os.write(process.stdin.fileno(), b"go\n")
    for process in processes:
        outputs.append(process.communicate(timeout=60)[0].split())
        assert process.returncode == 0
    return outputs


def test_processes_that_propose_at_once_open_one_per_branch(repository: GitRepository) -> None:
    names = tuple(f"perennial/m{i}/production" for i in range(4))
    for name in names:
        branch(repository, name, {f"{name}.yaml": b"1"})
    git(repository.root, "worktree", "add", "-q", "--detach", str(repository.root.parent / "linked"))
    outputs = at_once(repository.root, ("propose", *names), ("propose", *names), ("propose", *reversed(names)))
    pulls = LocalForge(repository).pull_requests()
    assert sorted(p.branch for p in pulls) == list(names)
    assert [p.number for p in pulls] == [1, 2, 3, 4]
    assert outputs[0] == outputs[1] == outputs[2][::-1]


def test_processes_that_merge_at_once_merge_each_once(repository: GitRepository) -> None:
    names = [f"perennial/m{i}/production" for i in range(3)]
    tips = [a_pull(repository, name) for name in names]
    commands = [("merge", str(number), tip) for number, tip in enumerate(tips, start=1)]
    outputs = at_once(repository.root, *commands, commands[0])
    assert outputs[0] == outputs[3]
    assert len({line for output in outputs for line in output}) == 3
    subjects = git(repository.root, "log", "--first-parent", "--format=%s").splitlines()
    assert sorted(subjects[:3]) == [f"Merge pull request #{n} from {name}" for n, name in enumerate(names, start=1)]
    assert set(repository.files(repository.refs()[MAIN_REF], "perennial")) == {f"{name}.yaml" for name in names}
    assert git(repository.root, "status", "--porcelain") == ""
