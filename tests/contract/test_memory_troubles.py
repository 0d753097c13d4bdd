"""The memory port in trouble: many at once, a full disk, no rights, leftovers. It may forget, never lie, never fail."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reconciler.adapters.memory import FolderMemory
from reconciler.domain.names import Digest
from reconciler.domain.releases import digest_of
from tests.unprivileged import as_nobody, files_of_at_most

KEYS = [digest_of(number) for number in range(40)]


def content_of(key: Digest) -> bytes:
    return key.encode() * 200


@pytest.mark.parametrize("content", [b"", b"\0\xff\n", b"x" * 1_000_000], ids=["nothing", "any bytes", "a megabyte"])
def test_bytes_come_back_as_they_were(tmp_path: Path, content: bytes) -> None:
    memory = FolderMemory(tmp_path)
    memory.remember(KEYS[0], content)

    assert memory.recall(KEYS[0]) == content


def test_the_newest_content_of_a_key_counts(tmp_path: Path) -> None:
    memory = FolderMemory(tmp_path)
    for content in (b"first, and long", b"second"):
        memory.remember(KEYS[0], content)

    assert memory.recall(KEYS[0]) == b"second"
    assert [path.name for path in tmp_path.iterdir()] == [KEYS[0].removeprefix("sha256:")]


def test_on_a_full_disk_nothing_is_kept_and_nothing_is_left(tmp_path: Path) -> None:
    memory = FolderMemory(tmp_path)
    memory.remember(KEYS[0], b"before")
    with files_of_at_most(10):
        memory.remember(KEYS[0], b"x" * 100)
        memory.remember(KEYS[1], b"y" * 100)

    assert (memory.recall(KEYS[0]), memory.recall(KEYS[1])) == (b"before", None)
    assert len(list(tmp_path.iterdir())) == 1


def test_without_rights_it_is_empty_and_says_nothing() -> None:
    with as_nobody() as folder:
        memory = FolderMemory(folder / "measured")
        memory.remember(KEYS[0], b"kept")
        (folder / "measured").chmod(0o000)
        memory.remember(KEYS[1], b"lost")
        assert (memory.recall(KEYS[0]), memory.recall(KEYS[1])) == (None, None)
        (folder / "measured").chmod(0o755)

        assert (memory.recall(KEYS[0]), memory.recall(KEYS[1])) == (b"kept", None)


def test_it_never_holds_more_than_its_most_and_forgets_by_age(tmp_path: Path) -> None:
    memory = FolderMemory(tmp_path, most=5)
    for age, key in enumerate(KEYS[:5]):
        memory.remember(key, b"x")
        os.utime(tmp_path / key.removeprefix("sha256:"), (1_000_000 - age, 1_000_000 - age))
    memory.remember(KEYS[5], b"x")

    assert [memory.recall(key) is not None for key in KEYS[:6]] == [True, True, True, True, False, True]


def test_remembering_again_what_is_there_forgets_nothing_else(tmp_path: Path) -> None:
    memory = FolderMemory(tmp_path, most=3)
    for key in [*KEYS[:3], KEYS[2], KEYS[2]]:
        memory.remember(key, b"x")

    assert all(memory.recall(key) for key in KEYS[:3])


def test_a_folder_that_somebody_put_there_does_not_end_it(tmp_path: Path) -> None:
    (tmp_path / "aside").mkdir()
    os.utime(tmp_path / "aside", (1, 1))
    memory = FolderMemory(tmp_path, most=2)
    for key in KEYS[:4]:
        memory.remember(key, b"x")

    assert memory.recall(KEYS[3]) == b"x"


def test_what_killed_writers_left_is_forgotten_too(tmp_path: Path) -> None:
    for number in range(10):
        (tmp_path / f".new-{number}").write_bytes(b"half")
        os.utime(tmp_path / f".new-{number}", (number, number))
    memory = FolderMemory(tmp_path, most=4)
    memory.remember(KEYS[0], b"x")

    assert len(list(tmp_path.iterdir())) == 4
    assert memory.recall(KEYS[0]) == b"x"


def test_many_writers_at_once_never_mix_their_contents(tmp_path: Path) -> None:
    def work(worker: int) -> list[tuple[bytes | None, bytes]]:
        memory = FolderMemory(tmp_path, most=25)
        seen = []
        for key in KEYS[worker:] + KEYS[:worker]:
            memory.remember(key, content_of(key))
            seen.append((memory.recall(key), content_of(key)))
        return seen

    with ThreadPoolExecutor(6) as pool:
        seen = [pair for pairs in pool.map(work, range(6)) for pair in pairs]

    assert all(found in (None, wanted) for found, wanted in seen)
    assert any(found is not None for found, _ in seen)
