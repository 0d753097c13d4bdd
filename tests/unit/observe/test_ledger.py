"""The ledger's lines: what is written comes back, and the first line that does not hold is named by its number."""

import json
from typing import Any

import pytest

from reconciler.domain.events import FIRST, linked
from reconciler.errors import ObserveError
from reconciler.observe.ledger import Chain, ledger_path, read_chain, read_events, write_event
from tests.builders import a_chain, an_event
from tests.cases import each

PATH = "flight-delay.jsonl"
ONE, TWO, THREE = (an_event(id=word) for word in ("one", "two", "three"))
LINES = a_chain(ONE, TWO, THREE).splitlines(keepends=True)
HOSTILE = {
    "a line separator": "one\u2028two",
    "a paragraph separator": "one\u2029two",
    "a next-line sign": "one\x85two",
    "a form feed": "one\x0ctwo",
    "line breaks": "one\r\ntwo\nthree\rfour",
    "a terminal's escape": "\x1b[31mred\x07",
    "right-to-left override": "\u202eevil",
    "quotes and braces": '"}{\\"',
    "nothing": "",
    "a zero byte": "a\x00b",
}


def sealed(drop: str = "", **changes: Any) -> bytes:
    """The first line with other content and digests that fit it, as somebody would write it who knows how."""
    value = {key: part for key, part in (json.loads(LINES[0]) | changes).items() if key not in ("digest", "previous", drop)}
    return json.dumps(linked(value, FIRST), sort_keys=True, ensure_ascii=False).encode()


@each("text", HOSTILE.values())
def test_a_message_never_breaks_its_line(text: str) -> None:
    events = (an_event(message=text, details={"log": text}), an_event(id="another"))
    content = a_chain(*events)
    assert content.count(b"\n") == 2
    assert read_events(content, PATH) == events


def test_a_line_has_sorted_keys_a_readable_time_and_its_place_in_the_chain() -> None:
    first, second = (json.loads(line) for line in LINES[:2])
    assert list(first) == sorted(first)
    assert first["at"] == "2013-06-01T12:00:00Z"
    assert (first["previous"], second["previous"]) == (FIRST, first["digest"])


def test_a_number_that_json_does_not_know_is_never_written() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_event(an_event(details={"gain": float("nan")}))


def test_no_content_is_no_event() -> None:
    assert read_chain(b"", PATH) == Chain()


def test_keys_that_a_later_version_may_add_do_no_harm() -> None:
    assert read_events(sealed(later={"more": [1]}) + b"\n", PATH) == (ONE,)


@each(
    "line",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b"3",
        b'"text"',
        b"[" * 100_000,
        b"{}",
        b"\xff\xfe",
        LINES[1][:40],
        sealed(kind="invented"),
        sealed(kind=None),
        sealed(at="yesterday"),
        sealed(at=0),
        sealed(at="2013-02-30"),
        sealed(id=["unhashable"]),
        sealed(id=7),
        sealed(model=None),
        sealed(message={}),
        sealed(details=["a"]),
        sealed(details=None),
        sealed(drop="id"),
    ],
)
def test_what_is_no_line_is_named_by_its_number_and_how_to_see_it(line: bytes) -> None:
    with pytest.raises(ObserveError, match=r"^perennial/ledger flight-delay\.jsonl:2: not a ledger line") as caught:
        read_events(LINES[0] + line + b"\n" + LINES[1], PATH)
    assert caught.value.help == "git log -p perennial/ledger -- flight-delay.jsonl"


BREAKS = {
    "a word changed": ([LINES[0], LINES[1].replace(b"why", b"who"), LINES[2]], 2, "altered: it says digest"),
    "the last word changed": ([*LINES[:2], LINES[2].replace(b"why", b"who")], 3, "altered: it says digest"),
    "a line is gone": ([LINES[0], LINES[2]], 2, "the chain breaks: it was written after line"),
    "the first line is gone": (LINES[1:], 1, "and stands after nothing"),
    "two lines changed places": ([LINES[0], LINES[2], LINES[1]], 2, "the chain breaks"),
    "a line is there twice": ([LINES[0], LINES[0]], 2, "it was written after nothing"),
    "a line of another's put in between": ([LINES[0], sealed() + b"\n", LINES[1]], 2, "it was written after nothing"),
    "spaces changed": ([LINES[0].replace(b'": "', b'":  "', 1)], 1, "altered: it is not written as Perennial writes it"),
    "a key is there twice": ([LINES[0].replace(b"{", b'{"at": "2013-06-01T12:00:00Z", ', 1)], 1, "altered: it is not written"),
    "another model's line": ([sealed(model="zebra") + b"\n"], 1, "it is about zebra, not flight-delay"),
    "the end of the last line is gone": ([*LINES[:2], LINES[2].rstrip()], 3, "the line has no end"),
    "half a line": ([*LINES[:2], LINES[2][:50]], 3, "the line has no end"),
}


@each(("lines", "number", "why"), BREAKS.values())
def test_a_chain_breaks_at_its_first_line_that_does_not_hold(lines: list[bytes], number: int, why: str) -> None:
    chain = read_chain(b"".join(lines), PATH)
    assert chain.broken.startswith(f"perennial/ledger flight-delay.jsonl:{number}: ")
    assert why in chain.broken
    assert len(chain.events) in (number - 1, number)


def test_each_model_has_a_file_of_its_own() -> None:
    assert [ledger_path(name) for name in ("a", "a-b")] == ["a.jsonl", "a-b.jsonl"]
