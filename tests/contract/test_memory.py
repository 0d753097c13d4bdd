"""The memory port: it may forget, never lie."""

from pathlib import Path

from reconciler.adapters.memory import FolderMemory
from reconciler.domain.releases import digest_of

KEY, OTHER = digest_of("key"), digest_of("other")


def test_what_is_remembered_is_recalled_also_by_another_process(tmp_path: Path) -> None:
    FolderMemory(tmp_path / "new").remember(KEY, b"0.7")
    assert FolderMemory(tmp_path / "new").recall(KEY) == b"0.7"


def test_what_was_never_remembered_is_nothing(tmp_path: Path) -> None:
    memory = FolderMemory(tmp_path)
    memory.remember(KEY, b"0.7")
    assert memory.recall(OTHER) is None


def test_the_oldest_is_forgotten_first(tmp_path: Path) -> None:
    memory = FolderMemory(tmp_path, most=3)
    keys = [digest_of(number) for number in range(5)]
    for key in keys:
        memory.remember(key, b"x")
    assert len(list(tmp_path.iterdir())) == 3
    assert memory.recall(keys[-1]) == b"x"


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    memory = FolderMemory(blocked / "below")
    memory.remember(KEY, b"0.7")
    assert memory.recall(KEY) is None
