"""A store whose folder is damaged, blocked, shared or attacked."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from reconciler.adapters.stores import FsspecStore
from reconciler.errors import ObserveError, ReconcilerError
from tests.unprivileged import as_nobody

CONTENT = b'{"rows": 5}'


def stored(folder: Path) -> Path:
    FsspecStore(str(folder)).put("a", CONTENT)
    return folder / "a"


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:-1],
        lambda whole: whole + b" ",
        lambda whole: whole.replace(b"5", b"6"),
        lambda whole: whole[:20],
        lambda whole: b"",
        lambda whole: CONTENT,
        lambda whole: os.urandom(len(whole)),
    ],
    ids=["cut", "longer", "changed", "cut in the head", "empty", "no head", "noise"],
)
def test_what_is_damaged_is_forgotten_and_may_be_stored_again(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    file = stored(tmp_path)
    file.write_bytes(damage(file.read_bytes()))
    store = FsspecStore(str(tmp_path))

    assert store.get("a") is None
    store.put("a", CONTENT)
    assert store.get("a") == CONTENT


@pytest.mark.parametrize("name", ["..", "../a", "a/../../b", "/etc/passwd", "", "a//b", "./a", "a/", "a\\b", "a\0b"])
@pytest.mark.parametrize("address", ["{}", "memory://names"])
def test_a_name_that_leaves_the_folder_is_refused(tmp_path: Path, address: str, name: str) -> None:
    store = FsspecStore(address.format(tmp_path / "store"))
    for act in (lambda: store.get(name), lambda: store.put(name, b"x")):
        with pytest.raises(ReconcilerError, match="is no name of a file below"):
            act()
    assert list(tmp_path.rglob("*")) == []


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store/out").symlink_to(tmp_path)
    with pytest.raises(ReconcilerError, match="leads out of"):
        FsspecStore(str(tmp_path / "store")).put("out/a", b"x")
    assert not (tmp_path / "a").exists()


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = FsspecStore(str(tmp_path / "file" / "store"))
    store.put("a", CONTENT)
    assert store.get("a") is None


def test_a_folder_that_may_not_be_written_is_no_error() -> None:
    with as_nobody() as folder:
        stored(folder)
        folder.chmod(0o555)
        store = FsspecStore(str(folder))
        store.put("b", b"lost")
        assert store.get("b") is None
        assert store.get("a") == CONTENT
        folder.chmod(0o755)


def test_a_server_out_of_reach_is_no_error() -> None:
    store = FsspecStore("ftp://127.0.0.1:1/store")
    store.put("a", CONTENT)
    assert store.get("a") is None


class Ailing(BaseHTTPRequestHandler):
    """Fails whatever is asked, and counts."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(503)

    def do_PUT(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_a_server_that_only_fails_is_left_alone_after_a_while() -> None:
    pytest.importorskip("aiohttp", reason="fsspec reads HTTP with aiohttp, which is not installed")
    Ailing.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Ailing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        store = FsspecStore(f"http://127.0.0.1:{server.server_port}/store")
        for number in range(50):
            store.put(f"{number}", CONTENT)
            assert store.get(f"{number}") is None
        server.shutdown()

    assert 3 <= len(Ailing.asked) <= 12


def test_names_that_are_not_there_wear_out_no_patience(tmp_path: Path) -> None:
    store = FsspecStore(str(tmp_path))
    assert [store.get(f"{number}") for number in range(9)] == [None] * 9
    store.put("a", CONTENT)
    assert store.get("a") == CONTENT


@pytest.mark.parametrize("address", ["nothing-like-it://bucket/store", "abc123://x"])
def test_an_address_that_no_package_reads_is_named(address: str) -> None:
    with pytest.raises(ObserveError, match=f"{address} cannot be opened: .*not known"):
        FsspecStore(address).get("a")


def put_many(folder: str, own: int) -> None:
    store = FsspecStore(folder)
    for number in range(40):
        store.put(f"shared/{number}", CONTENT * 100)
        store.put(f"{own}/{number}", b"%d" % number)


def test_many_writers_leave_whole_contents_and_nothing_else(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        pool.starmap(put_many, [(str(tmp_path), own) for own in range(4)])
    store = FsspecStore(str(tmp_path))

    assert all(store.get(f"shared/{number}") == CONTENT * 100 for number in range(40))
    assert all(store.get(f"{own}/{number}") == b"%d" % number for own in range(4) for number in range(40))
    assert not list(tmp_path.rglob(".new-*"))
