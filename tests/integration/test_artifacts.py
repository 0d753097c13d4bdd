"""Artifacts come from the DVC cache or a real remote, and never with other bytes than were released."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.adapters.artifacts import DvcArtifacts
from reconciler.domain.releases import Artifact, digest_of_bytes
from reconciler.errors import ObserveError
from tests.repositories import ENVIRONMENT, a_repository, git

CONTENT = b"the model's bytes\n"
QUIET = {**ENVIRONMENT, "DVC_NO_ANALYTICS": "1"}


def an_artifact(content: bytes = CONTENT, **changes: object) -> Artifact:
    fields = {
        "path": "runs/a/model.zip",
        "sha256": digest_of_bytes(content),
        "md5": hashlib.md5(content).hexdigest(),
        "size": len(content),
    }
    return Artifact(**{**fields, **changes})  # type: ignore[arg-type]


def put(cache: Path, artifact: Artifact, content: bytes = CONTENT) -> Path:
    place = cache / "files/md5" / artifact.md5[:2] / artifact.md5[2:]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return a_repository(tmp_path / "repo", {".dvc/config": b"[core]\n    analytics = false\n"}).root


def dvc(where: Path, *args: str) -> None:
    subprocess.run([sys.executable, "-m", "dvc", *args], cwd=where, env=QUIET, check=True, capture_output=True)


def test_what_is_in_the_cache_is_found_without_dvc(checkout: Path) -> None:
    place = put(checkout / ".dvc/cache", an_artifact())
    assert DvcArtifacts(checkout, {"PATH": ""}).fetch(an_artifact()) == place


@pytest.mark.parametrize("name", ["config", "config.local"])
def test_a_configured_cache_is_used(checkout: Path, tmp_path: Path, name: str) -> None:
    (checkout / ".dvc" / name).write_text("[core]\n    analytics = false\n[cache]\n    type = copy\n    dir = ../../shared\n")
    place = put(tmp_path / "shared", an_artifact())
    assert DvcArtifacts(checkout).fetch(an_artifact()) == place


def test_a_linked_worktree_uses_the_cache_of_the_main_checkout(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    place = put(checkout / ".dvc/cache", an_artifact())
    assert DvcArtifacts(tmp_path / "linked").fetch(an_artifact()) == place


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sha256": "sha256:" + "0" * 64}, "SHA-256 should be 0000"),
        ({"size": 3}, "size in bytes should be 3 and is 18"),
    ],
)
def test_other_bytes_than_released_are_refused(checkout: Path, changes: dict[str, object], message: str) -> None:
    put(checkout / ".dvc/cache", an_artifact())
    with pytest.raises(ObserveError, match=message):
        DvcArtifacts(checkout).fetch(an_artifact(**changes))


def test_a_spoilt_cache_is_noticed(checkout: Path) -> None:
    put(checkout / ".dvc/cache", an_artifact(), CONTENT.replace(b"m", b"M"))
    with pytest.raises(ObserveError, match="MD5 should be") as caught:
        DvcArtifacts(checkout).fetch(an_artifact())
    assert "dvc pull runs/a/model.zip" in caught.value.help


@pytest.mark.parametrize("md5", ["../../../etc/passwd", "", "ABC", "0" * 31, "0" * 32 + "\n"])
def test_an_address_that_is_none_is_refused(checkout: Path, md5: str) -> None:
    with pytest.raises(ObserveError, match="is not an MD5"):
        DvcArtifacts(checkout).fetch(an_artifact(md5=md5))


def test_without_a_remote_the_help_says_how_to_get_it(checkout: Path) -> None:
    with pytest.raises(ObserveError, match="no default DVC remote") as caught:
        DvcArtifacts(checkout).fetch(an_artifact())
    assert "dvc pull" in caught.value.help


def test_a_remote_gives_what_the_cache_lacks(checkout: Path, tmp_path: Path) -> None:
    (checkout / ".dvc/config").write_text(
        "[core]\n    analytics = false\n    remote = store\n['remote \"store\"']\n    url = ../../remote\n"
    )
    (checkout / "model.zip").write_bytes(CONTENT)
    dvc(checkout, "add", "-q", "model.zip")
    dvc(checkout, "push", "-q")
    (place,) = (checkout / ".dvc/cache/files/md5").rglob("*/*")
    place.unlink()
    git(checkout, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    assert DvcArtifacts(tmp_path / "linked", QUIET).fetch(an_artifact()) == place
    assert place.read_bytes() == CONTENT
    with pytest.raises(ObserveError, match="DVC remote does not have it either"):
        DvcArtifacts(checkout, QUIET).fetch(an_artifact(b"never pushed"))


def test_a_remote_that_cannot_be_reached_is_named(checkout: Path) -> None:
    (checkout / ".dvc/config").write_text(
        "[core]\n    remote = store\n['remote \"store\"']\n    url = nonsense://ann:hunter22@host/x\n"
    )
    with pytest.raises(ObserveError, match="the remote store did not give it") as caught:
        DvcArtifacts(checkout, QUIET).fetch(an_artifact())
    assert "hunter22" not in caught.value.message


def test_a_configuration_that_cannot_be_read_is_named(checkout: Path) -> None:
    (checkout / ".dvc/config").write_text("no section\n")
    with pytest.raises(ObserveError, match=r"\.dvc/config cannot be read"):
        DvcArtifacts(checkout).fetch(an_artifact())


def test_what_dvc_keeps_is_found_unchecked_and_nothing_outside_of_its_cache(checkout: Path) -> None:
    md5 = an_artifact().md5
    kept, folder = (put(checkout / ".dvc/cache", an_artifact(md5=name)) for name in (md5, f"{md5[:2]}{'0' * 30}.dir"))
    (checkout / ".dvc/cache/files/secret").write_text("secret")
    store = DvcArtifacts(checkout, QUIET)
    assert (store.find(md5), store.find(f"{md5[:2]}{'0' * 30}.dir")) == (kept, folder)
    for name in ("", "0" * 32, f"{md5}.dir", "../secret", f"{md5[:2]}/../../secret", md5.upper(), f"{md5}\n"):
        assert store.find(name) is None, name
