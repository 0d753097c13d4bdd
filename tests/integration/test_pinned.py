"""A repository with main pinned: what would be, if a commit were main."""

from pathlib import Path

from reconciler.adapters.pinned import PinnedRepository
from tests.repositories import MAIN_REF, a_repository, put


def test_only_main_is_elsewhere(tmp_path: Path) -> None:
    repository = a_repository(tmp_path / "repository", {"a": b"1"})
    first = repository.refs(MAIN_REF)[MAIN_REF]
    put(repository, MAIN_REF, {"a": b"2"})
    put(repository, "refs/heads/other", {"b": b"3"})
    pinned = PinnedRepository(repository, first)

    for prefixes in ((), ("refs/heads/",), ("refs/heads",), (MAIN_REF,), ("refs/tags/", "refs/heads/")):
        found = pinned.refs(*prefixes)
        assert found[MAIN_REF] == first
        assert {**repository.refs(*prefixes), MAIN_REF: first} == found
    for prefixes in (("refs/tags/",), ("refs/heads/mai",), ("refs/heads/other",)):
        assert MAIN_REF not in pinned.refs(*prefixes)
    assert pinned.files(first) == {"a": b"1"}
    assert pinned.last_change(first, "a") == first
    assert pinned.contains(first, first)
    assert pinned.commit_info(first).parents == ()
