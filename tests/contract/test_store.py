"""The port Store: it may forget, never lie; on the fake and at addresses of several kinds."""

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.adapters.fakes.store import FakeStore
from reconciler.adapters.stores import FsspecStore
from reconciler.ports import Store

STORES: dict[str, Callable[[Path], Store]] = {
    "fake": lambda _: FakeStore(),
    "path": lambda folder: FsspecStore(str(folder / "new" / "store")),
    "file url": lambda folder: FsspecStore(f"file://{folder}/store/"),
    "memory": lambda _: FsspecStore(f"memory://{uuid.uuid4().hex}/store"),
}
NAMES = ["a", "flight-delay/2013-03-01.json", "a/b/c/d", "with blank", "größer", "sha256:" + "0" * 64]


@pytest.fixture(params=STORES.values(), ids=STORES.keys())
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    made: Store = request.param(tmp_path)
    return made


@pytest.mark.parametrize("name", NAMES)
def test_what_is_put_can_be_got(store: Store, name: str) -> None:
    assert store.get(name) is None
    store.put(name, b"0.7")
    assert store.get(name) == b"0.7"


@pytest.mark.parametrize("content", [b"", b"\n", b"\0\xff" * 1000, b"x" * 3_000_000], ids=["none", "line", "bytes", "3 MB"])
def test_any_bytes_come_back_as_they_were(store: Store, content: bytes) -> None:
    store.put("a", content)
    assert store.get("a") == content


def test_a_name_keeps_what_was_put_first(store: Store) -> None:
    store.put("a", b"first")
    store.put("a", b"second")
    assert store.get("a") == b"first"


def test_names_are_apart(store: Store) -> None:
    for name in NAMES[1:]:
        store.put(name, name.encode())
    assert {name: store.get(name) for name in NAMES} == {"a": None, **{name: name.encode() for name in NAMES[1:]}}


def test_a_folder_of_names_is_no_name(store: Store) -> None:
    store.put("a/b", b"0.7")
    assert store.get("a") is None
    store.put("a/b/c", b"lost where a name cannot be a folder too")
    assert store.get("a/b") == b"0.7"
