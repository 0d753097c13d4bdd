"""DVC's remote, asked and fed: on a folder, and on a server that speaks S3, in good times and bad."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.adapters.data_remote import DvcDataRemote
from reconciler.errors import ObserveError, PermanentActError
from tests.repositories import git
from tests.s3 import ENV, KEYS, S3, dvc_config, keep, keep_folder, s3_server


@pytest.fixture(scope="module")
def s3() -> Iterator[S3]:
    with s3_server() as server:
        server.call("PUT", "bucket")
        yield server


def checkout(root: Path, config: str) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "--quiet")
    (root / ".dvc").mkdir()
    (root / ".dvc/config").write_text(config)
    return root


def remote(root: Path, **environment: str) -> DvcDataRemote:
    return DvcDataRemote(root, "storage", {**ENV, **environment})


def test_a_folder_is_there_when_all_that_is_in_it_is(tmp_path: Path) -> None:
    root = checkout(tmp_path / "repo", dvc_config(str(tmp_path / "storage")))
    file, folder = keep(root, b"model"), keep_folder(root, {"a": b"1", "b": b"2"})
    here = remote(root)
    here.push([file, folder])
    member = keep(root, b"2")
    (tmp_path / "storage/files/md5" / member[:2] / member[2:]).unlink()
    assert remote(root).absent([file, folder]) == {folder}
    with pytest.raises(PermanentActError, match="1 of 2 outputs are not in the DVC remote storage after the push") as caught:
        remote(root).push([folder, "0" * 32])
    assert "perennial retrain" in caught.value.help, "what this machine has lost cannot be pushed"
    assert (tmp_path / "storage/files/md5" / member[:2] / member[2:]).read_bytes() == b"2"
    (tmp_path / "storage").rename(tmp_path / "elsewhere")
    assert here.absent([file, folder]) == frozenset(), "what was seen a moment ago is not asked for again"


def test_data_goes_to_s3_and_a_half_of_it_is_noticed(s3: S3, tmp_path: Path) -> None:
    root = checkout(tmp_path, dvc_config("s3://bucket/dvc", s3.url))
    file, folder = keep(root, b"a model"), keep_folder(root, {"rows": b"a,b\n1,2\n", "more": b"3"})
    remote(root, **KEYS).push([file, folder])
    s3.call("DELETE", f"bucket/dvc/files/md5/{file[:2]}/{file[2:]}")
    assert remote(root, **KEYS).absent([file, folder]) == {file}


def test_a_bucket_that_is_missing_takes_nothing(s3: S3, tmp_path: Path) -> None:
    root = checkout(tmp_path, dvc_config("s3://nowhere/dvc", s3.url))
    with pytest.raises(PermanentActError, match=r"storage did not take the data: .*bucket does not exist"):
        remote(root, **KEYS).push([keep(root, b"a model")])


@pytest.mark.parametrize("keys", [pytest.param({}, marks=pytest.mark.slow), KEYS], ids=["no keys", "keys that nobody knows"])
def test_who_is_not_let_in_cannot_tell(s3: S3, tmp_path: Path, keys: dict[str, str]) -> None:
    root = checkout(tmp_path, dvc_config("s3://bucket/dvc", s3.url))
    with s3.strict(), pytest.raises(ObserveError, match="storage does not tell what it has") as caught:
        remote(root, **keys).absent([keep(root, b"a model")])
    assert "credentials" in caught.value.help
    assert KEYS["AWS_SECRET_ACCESS_KEY"] not in str(caught.value)


def test_a_server_that_is_gone_cannot_tell(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        root = checkout(tmp_path, dvc_config("s3://bucket/dvc", f"http://127.0.0.1:{closed.getsockname()[1]}"))
        with pytest.raises(ObserveError, match="Could not connect") as caught:
            remote(root, **KEYS).absent([keep(root, b"a model")])
    assert caught.value.help == "dvc status --cloud; then run again"


def test_a_server_that_says_nothing_is_not_waited_for(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        root = checkout(tmp_path, dvc_config("s3://bucket/dvc", f"http://127.0.0.1:{silent.getsockname()[1]}"))
        impatient = DvcDataRemote(root, "storage", ENV | KEYS, patience=1.0)
        with pytest.raises(ObserveError, match="no answer within 1 s"):
            impatient.absent([keep(root, b"a model")])
