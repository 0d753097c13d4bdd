"""Zip files whose bytes depend on their content alone, and the careful reading of those that others made."""

import io
import struct
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import ReconcilerError
from reconciler.pipeline import archive
from reconciler.pipeline.archive import pack, sha256_of, unpack
from tests.cases import each
from tests.examples import examples

FILES = {"b.json": b"{}", "a.npy": b"\x93NUMPY", "folder/ü.txt": "列".encode()}


def zipped(*entries: tuple[str, bytes], compression: int = zipfile.ZIP_STORED, **changes: Any) -> bytes:
    """A zip as any tool could have made it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as made:
        for name, content in entries:
            entry = zipfile.ZipInfo(name, changes.get("date", (2013, 3, 1, 6, 0, 0)))
            entry.compress_type = compression
            made.writestr(entry, content)
    return buffer.getvalue()


def patched(content: bytes, signature: bytes, offset: int, form: str, value: int) -> bytes:
    """The zip with one number in the first record of that signature replaced."""
    at = content.index(signature) + offset
    return content[:at] + struct.pack(form, value) + content[at + struct.calcsize(form) :]


def test_what_is_packed_comes_back() -> None:
    assert unpack(pack(FILES), "x") == FILES
    assert unpack(pack({}), "x") == {}


def test_the_order_of_the_files_does_not_matter() -> None:
    assert pack(FILES) == pack(dict(reversed(FILES.items())))


def test_the_bytes_are_these_and_have_no_time_and_no_owner() -> None:
    with zipfile.ZipFile(io.BytesIO(pack(FILES))) as made:
        entries = made.infolist()
    assert [entry.filename for entry in entries] == sorted(FILES)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {(entry.create_system, entry.external_attr >> 16) for entry in entries} == {(3, 0o644)}
    assert sha256_of(pack({"a": b"1"})) == "cf429e03c52947f25e4b54364008a3d7281770d155dc6e875362b989b05b103d"


@given(st.dictionaries(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8), st.binary(max_size=40), max_size=5))
def test_any_files_come_back(files: dict[str, bytes]) -> None:
    assert unpack(pack(files), "x") == files


@examples(2)
@given(st.integers(0, 10_000), st.integers(0, 255))
def test_no_changed_byte_changes_what_a_file_holds(place: int, value: int) -> None:
    content = bytearray(pack(FILES))
    content[place % len(content)] = value
    try:
        found = unpack(bytes(content), "x")
    except ReconcilerError:
        return
    assert set(found.values()) <= set(FILES.values())


CENTRAL, LOCAL = b"PK\x01\x02", b"PK\x03\x04"
GOOD = zipped(("a", b"x" * 100), ("b", b"y"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a readable archive"),
        (b"PK\x05\x06", "not a readable archive"),
        (b"junk" * 100, "not a readable archive"),
        (GOOD[:-30], "not a readable archive"),
        (GOOD[40:], "not a readable archive"),
        (zipped(("a", b"x" * 10_000), compression=zipfile.ZIP_DEFLATED), "is compressed"),
        (zipped(("a", b"x" * 10_000), compression=zipfile.ZIP_BZIP2), "is compressed"),
        (zipped(("a", b"x" * 10_000), compression=zipfile.ZIP_LZMA), "is compressed"),
        (patched(GOOD, CENTRAL, 10, "<H", 99), "is compressed"),
        (patched(GOOD, CENTRAL, 8, "<H", 1), "not a readable archive: .*(encrypted|password)"),
        (patched(GOOD, CENTRAL, 24, "<I", 5_000_000), "claims to hold more bytes than it has"),
        (patched(GOOD, CENTRAL, 24, "<I", 50), "not a readable archive: .*CRC"),
        (patched(GOOD, CENTRAL, 16, "<I", 1), "not a readable archive: .*CRC"),
        (patched(GOOD, CENTRAL, 42, "<I", 3), "not a readable archive"),
        (patched(GOOD, CENTRAL, 42, "<I", 2**31), "not a readable archive"),
        (patched(GOOD, CENTRAL, 6, "<H", 99), "not a readable archive"),
        (patched(GOOD, LOCAL, 26, "<H", 60_000), "not a readable archive"),
    ],
    ids=[
        *("empty", "an end without a beginning", "junk", "cut at the end", "cut at the start"),
        *("deflated", "bzip2", "lzma", "an unknown compression", "encrypted", "a bomb", "a size too small", "a wrong checksum"),
        *("an offset into another", "an offset beyond the end", "a version of the future", "a name without an end"),
    ],
)
def test_what_pack_could_not_have_made_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(ReconcilerError, match=rf"^model\.zip (is )?.*{words}"):
        unpack(content, "model.zip")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(ReconcilerError, match="x holds the same name twice"):
        unpack(zipped(("a", b"1"), ("a", b"2")), "x")


def test_entries_that_overlap_cannot_multiply() -> None:
    """The quine's trick: many entries that point at the same bytes."""
    content = zipped(("a", b"x" * 1000), ("b", b"x" * 1000))
    second = content.index(CENTRAL, content.index(CENTRAL) + 1)
    overlapping = content[: second + 42] + struct.pack("<I", 0) + content[second + 46 :]
    with pytest.raises(ReconcilerError):
        unpack(overlapping, "x")


@each("name", ["../evil", "/etc/passwd", "C:\\x", "a/../../b", "\u202eevil"])
def test_names_are_only_names_and_nothing_is_written(name: str) -> None:
    assert unpack(zipped((name, b"1")), "x") == {name: b"1"}


def test_limits_are_told_with_both_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_ARCHIVE", 10)
    with pytest.raises(ReconcilerError, match=rf"x has {len(GOOD)} bytes, more than the 10 that are accepted"):
        unpack(GOOD, "x")
    monkeypatch.setattr(archive, "LARGEST_ARCHIVE", 1 << 20)
    monkeypatch.setattr(archive, "MOST_ENTRIES", 1)
    with pytest.raises(ReconcilerError, match="x has 2 entries, more than the 1 that are accepted"):
        unpack(GOOD, "x")
