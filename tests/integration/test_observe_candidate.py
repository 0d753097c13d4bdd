"""The candidate on its branch, in real git: what training left there, or why it cannot be read."""

from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.git import GitRepository
from reconciler.domain.evidence import NoBaseline
from reconciler.domain.facts import Candidate
from reconciler.domain.known import Missing
from reconciler.domain.names import Revision, candidate_branch
from reconciler.observe.candidate import read_candidate
from reconciler.pipeline.build_json import build_text
from reconciler.pipeline.evidence_json import evidence_text
from tests.builders import a_build, evidence
from tests.repositories import AT, MAIN_REF, a_repository, git, put

MODEL = "flight-delay"
RUN = f"runs/{MODEL}"
BUILD = a_build("candidate")
LOCK = "schema: '2.0'\nstages:\n  train@flight-delay: {cmd: train}\n"
GOOD: dict[str, bytes | None] = {
    f"{RUN}/candidate.json": build_text(BUILD).encode(),
    f"{RUN}/validation.json": b'{"evaluated": 3, "failures": []}',
    f"{RUN}/evaluation.json": evidence_text({"metrics": evidence().metrics, "comparison": NoBaseline()}).encode(),
    "params.yaml": b"models: {}\n",
    "dvc.lock": LOCK.encode(),
}
MESSAGE = "Train flight-delay as of 2013-03-01\n\nnewLabels: 25,000 new labels\n\nRelease-Digest: sha256:0\n"


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return a_repository(tmp_path)


REF = f"refs/heads/{candidate_branch(MODEL)}"


def train(repository: GitRepository, files: dict[str, bytes | None], message: str = MESSAGE) -> Revision:
    """What a training commits: one commit on top of main."""
    return repository.commit(parent=repository.refs(MAIN_REF)[MAIN_REF], files=files, message=message, at=AT)


def read(repository: GitRepository, message: str = MESSAGE) -> Any:
    return read_candidate(repository, MODEL, train(repository, GOOD, message))


def test_without_a_branch_nothing_was_trained(repository: GitRepository) -> None:
    assert read_candidate(repository, MODEL, None) is None


def test_a_candidate_is_all_that_its_training_left(repository: GitRepository) -> None:
    found = read(repository)
    assert isinstance(found, Candidate)
    assert (found.build, found.trained_at, found.reason) == (BUILD, AT, "newLabels: 25,000 new labels")
    assert (found.revision, found.base) == (train(repository, GOOD), repository.refs(MAIN_REF)[MAIN_REF])
    assert found.evidence.metrics == evidence().metrics
    assert found.evidence.comparison == NoBaseline()


def test_it_carries_its_own_run_and_the_shared_files_and_nothing_else(repository: GitRepository) -> None:
    others = {"runs/flight-delay-2/candidate.json": b"{}", "models/flight-delay/model.yaml": b"x", "runs/readme": b"x"}
    tip = train(repository, GOOD | others)
    found = read_candidate(repository, MODEL, tip)
    assert isinstance(found, Candidate)
    assert found.files == {path: content.decode() for path, content in GOOD.items() if content is not None}


def test_main_is_not_what_is_read(repository: GitRepository) -> None:
    put(repository, MAIN_REF, GOOD)
    tip = repository.commit(parent=None, files={"README.md": b"x"}, message="Empty", at=AT)
    assert isinstance(read_candidate(repository, MODEL, tip), Missing)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("Train", ""),
        ("Train\n", ""),
        ("Train\n\nbecause of drift\n", "because of drift"),
        ("Train\n\ntwo\nlines\n\nmore\n", "two\nlines"),
        ("Train\n\n<b>\u202eevil</b> $(x)\n", "<b>\u202eevil</b> $(x)"),
    ],
)
def test_the_reason_is_the_first_paragraph_of_the_commits_body(repository: GitRepository, message: str, reason: str) -> None:
    assert read(repository, message).reason == reason


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({f"{RUN}/candidate.json": None}, "there is no runs/flight-delay/candidate.json"),
        ({f"{RUN}/candidate.json": b""}, "candidate.json cannot be understood"),
        ({f"{RUN}/candidate.json": b"\xff"}, "invalid start byte"),
        ({f"{RUN}/metrics.json": b"\xff"}, "invalid start byte"),
        (
            {f"{RUN}/candidate.json": build_text(BUILD).replace(BUILD.artifact.sha256[7:], "0" * 64).encode()},
            "its content has sha256:",
        ),
        ({f"{RUN}/candidate.json": build_text(a_build(model="another")).encode()}, "is about another"),
        ({"dvc.lock": b"<<<<<<< HEAD\nstages:\n=======\n"}, "dvc.lock:2:"),
        ({"params.yaml": b"models: [a]\n"}, "params.yaml:1:1"),
    ],
    ids=["lost", "empty", "not text", "another file is no text", "altered", "of another model", "a bad merge", "bad parameters"],
)
def test_what_cannot_be_read_is_missing_and_says_how_to_go_on(
    repository: GitRepository, files: dict[str, bytes | None], words: str
) -> None:
    put(repository, REF, GOOD)
    found = read_candidate(repository, MODEL, put(repository, REF, files))
    assert isinstance(found, Missing)
    assert found.code == "candidateUnreadable"
    assert words in found.why
    assert found.why.endswith("git branch -D perennial/flight-delay/candidate")


@pytest.mark.parametrize("name", ["evaluation.json", "validation.json"])
@pytest.mark.parametrize("content", [None, b"", b"{", b'{"metrics": NaN}'], ids=["lost", "empty", "cut short", "no number"])
def test_a_candidate_without_its_evidence_is_still_a_candidate(
    repository: GitRepository, name: str, content: bytes | None
) -> None:
    put(repository, REF, GOOD)
    found = read_candidate(repository, MODEL, put(repository, REF, {f"{RUN}/{name}": content}))
    assert isinstance(found, Candidate)
    lost = found.evidence.metrics if name == "evaluation.json" else found.evidence.quality
    assert isinstance(lost, Missing)
    assert lost.code == ("noEvidence" if content is None else "unreadableEvidence")


def test_links_are_not_followed(repository: GitRepository, tmp_path: Path) -> None:
    put(repository, REF, GOOD)
    git(tmp_path, "checkout", "--quiet", candidate_branch(MODEL))
    (tmp_path / "secret").write_text(build_text(BUILD))
    link = tmp_path / RUN / "candidate.json"
    link.unlink()
    link.symlink_to(tmp_path / "secret")
    git(tmp_path, "commit", "--quiet", "--all", "--message", "Link")
    found = read_candidate(repository, MODEL, repository.refs(REF)[REF])
    assert isinstance(found, Missing)
    assert "there is no runs/flight-delay/candidate.json" in found.why
