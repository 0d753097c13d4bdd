"""Artifacts that are large, shared, unreadable or late."""

import hashlib
from pathlib import Path

import pytest

from reconciler.adapters.artifacts import DvcArtifacts
from reconciler.domain.releases import Artifact, digest_of_bytes
from reconciler.errors import ObserveError
from tests.integration.test_artifacts import QUIET, an_artifact, put
from tests.unprivileged import as_nobody


def of(content: bytes) -> Artifact:
    return an_artifact(content, md5=hashlib.md5(content).hexdigest())


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3_000_000])
def test_files_of_any_size_are_checked_whole(tmp_path: Path, size: int) -> None:
    content = bytes(size)
    place = put(tmp_path / ".dvc/cache", of(content), content)
    assert DvcArtifacts(tmp_path).fetch(of(content)) == place
    if size:
        place.write_bytes(content[:-1] + b"\1")
        with pytest.raises(ObserveError, match="MD5 should be"):
            DvcArtifacts(tmp_path).fetch(of(content))


@pytest.mark.parametrize(("cut", "said"), [(1, "size in bytes should be 18 and is 17"), (18, "and is 0")])
def test_a_file_that_was_cut_is_refused(tmp_path: Path, cut: int, said: str) -> None:
    content = b"the model's bytes\n"
    put(tmp_path / ".dvc/cache", an_artifact(), content[: len(content) - cut])
    with pytest.raises(ObserveError, match=said) as caught:
        DvcArtifacts(tmp_path).fetch(an_artifact())
    assert an_artifact().md5[2:] in caught.value.help


def test_two_contents_with_one_md5_are_told_apart(tmp_path: Path) -> None:
    other = an_artifact(sha256=digest_of_bytes(b"another of the same MD5"))
    put(tmp_path / ".dvc/cache", other)
    with pytest.raises(ObserveError, match="SHA-256 should be"):
        DvcArtifacts(tmp_path).fetch(other)


def test_a_file_without_rights_is_an_error() -> None:
    with as_nobody() as root:
        place = put(root / ".dvc/cache", an_artifact())
        place.chmod(0)
        with pytest.raises(ObserveError, match="in the DVC cache cannot be read: Permission denied"):
            DvcArtifacts(root).fetch(an_artifact())


def test_a_folder_in_the_place_of_a_file_is_not_there(tmp_path: Path) -> None:
    place = put(tmp_path / ".dvc/cache", an_artifact())
    place.unlink()
    place.mkdir()
    with pytest.raises(ObserveError, match="is not in the DVC cache, and no default DVC remote is configured"):
        DvcArtifacts(tmp_path).fetch(an_artifact())


def test_a_remote_that_does_not_answer_is_given_up(tmp_path: Path) -> None:
    (tmp_path / ".dvc").mkdir()
    (tmp_path / ".dvc/config").write_text("[core]\n    remote = store\n['remote \"store\"']\n    url = /nowhere\n")
    with pytest.raises(ObserveError, match=r"the remote store did not answer within 0\.01 s"):
        DvcArtifacts(tmp_path, QUIET, timeout=0.01).fetch(an_artifact())


def test_a_remote_is_not_asked_for_what_is_in_the_cache(tmp_path: Path) -> None:
    place = put(tmp_path / ".dvc/cache", an_artifact())
    (tmp_path / ".dvc/config").write_text("[core]\n    remote = store\n['remote \"store\"']\n    url = nonsense://x\n")
    assert DvcArtifacts(tmp_path, QUIET, timeout=0.01).fetch(an_artifact()) == place
