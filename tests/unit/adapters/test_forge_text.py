"""What a forge keeps of titles and bodies, and the record that it keeps them in."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.adapters.forges.records import BODY, COMMENTS, PULL, PullRecord, Said, read_record
from reconciler.adapters.forges.text import clean_body, clean_title, cleaned
from reconciler.domain.changes import Proposal, PullState
from reconciler.domain.names import Revision
from reconciler.errors import ObserveError
from tests.builders import NOW
from tests.cases import each

TIP = Revision("0123456789" * 4)
any_text = st.text(st.characters(), max_size=400)


def a_record(**changes: object) -> PullRecord:
    fields = {"number": 3, "state": PullState.OPEN, "branch": "perennial/m/production", "base": "main", "title": "T", "body": "B"}
    return PullRecord(**{**fields, **changes})  # type: ignore[arg-type]


@given(any_text)
def test_any_title_becomes_one_printable_line_that_stays_as_it_is(title: str) -> None:
    kept = clean_title(title)

    assert 1 <= len(kept) <= 256
    assert len(kept.splitlines()) == 1
    assert kept == kept.strip()
    assert clean_title(kept) == kept
    kept.encode()


@given(any_text)
def test_any_body_can_be_written_and_read_back_as_it_is(body: str) -> None:
    kept = clean_body(body)

    assert len(kept) == len(body)
    assert clean_body(kept) == kept
    assert kept.encode().decode() == kept
    assert kept.count("\n") == body.count("\n")


@each(("length", "kept"), [(255, 255), (256, 256), (257, 256), (10_000, 256)])
def test_the_longest_title(length: int, kept: int) -> None:
    title = clean_title("x" * length)

    assert len(title) == kept
    assert title.endswith("…") is (length > 256)


@each("sign", list("\x00\x1b\x7f\x85\x9b\u2028\u2029\u202a\u202e\u2066\u2069\ud800\udfff"))
def test_signs_that_hide_or_turn_a_title_become_a_space(sign: str) -> None:
    assert clean_title(f"a{sign}b") == "a b"


def test_cleaning_a_proposal_changes_its_text_and_not_its_branches() -> None:
    proposal = Proposal(branch="b", base="main", title="a\nb", body="x\x00")

    assert cleaned(proposal) == Proposal(branch="b", base="main", title="a b", body="x\ufffd")
    assert cleaned(cleaned(proposal)) == cleaned(proposal)


@given(title=any_text, body=any_text, said=st.lists(any_text, max_size=3), merged=st.sampled_from([None, TIP]))
def test_a_record_is_read_as_it_was_written(title: str, body: str, said: list[str], merged: Revision | None) -> None:
    comments = tuple(Said(at=NOW + timedelta(hours=i), text=clean_body(text)) for i, text in enumerate(said))
    record = a_record(title=clean_title(title), body=clean_body(body), merged=merged, comments=comments)

    assert read_record(record.ref, record.to_files()) == record


def test_a_record_of_before_there_were_labels_and_drafts_is_read() -> None:
    record = a_record(comments=(Said(at=NOW, text="no"),))
    files = record.to_files()
    older = {name: value for name, value in json.loads(files[PULL]).items() if name not in {"labels", "draft"}}
    files[PULL], files[COMMENTS] = json.dumps(older).encode(), files[COMMENTS].replace(b'"key": "", ', b"")

    assert b"key" not in files[COMMENTS]
    assert read_record(record.ref, files) == record


def test_times_of_comments_are_kept_in_utc() -> None:
    tokyo = datetime(2013, 3, 1, 9, tzinfo=timezone(timedelta(hours=9)))
    files = a_record(comments=(Said(at=tokyo, text="no"),)).to_files()

    assert json.loads(files[COMMENTS]) == {"at": "2013-03-01T00:00:00+00:00", "key": "", "text": "no"}


def test_the_same_record_gives_the_same_bytes_and_readable_ones() -> None:
    record = a_record(title="ünï", comments=(Said(at=NOW, text="line\nline"),))

    assert record.to_files() == record.to_files()
    assert "ünï" in record.to_files()[PULL].decode()
    assert record.to_files()[COMMENTS].count(b"\n") == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (PULL, None),
        (BODY, None),
        (COMMENTS, None),
        (PULL, b""),
        (PULL, b"null"),
        (PULL, b'"text"'),
        (PULL, b"[" * 100_000),
        (PULL, b'{"state": "open"}'),
        (PULL, b'{"state": "OPEN", "branch": "b", "base": "main", "title": "t", "merged": null}'),
        (BODY, b"\xff"),
        (COMMENTS, b"{}\n"),
        (COMMENTS, b'{"at": "yesterday", "text": ""}\n'),
        (COMMENTS, b"\xc3"),
    ],
    ids=[
        "no pull",
        "no body",
        "no comments",
        "empty",
        "null",
        "a text",
        "deep",
        "half",
        "unknown state",
        "body not UTF-8",
        "a comment of nothing",
        "a comment of no time",
        "comments cut",
    ],
)
def test_a_spoilt_record_is_an_observe_error_that_says_where_to_look(name: str, content: bytes | None) -> None:
    files = {**a_record().to_files(), name: content}
    with pytest.raises(ObserveError, match="refs/perennial/pulls/3 does not hold a pull request") as caught:
        read_record("refs/perennial/pulls/3", {n: c for n, c in files.items() if c is not None})

    assert caught.value.help == "git show refs/perennial/pulls/3:pull.json"


@pytest.mark.parametrize("ref", ["refs/perennial/pulls/x", "refs/perennial/pulls/", "refs/perennial/pulls/1/2"])
def test_a_ref_that_is_no_number_is_an_observe_error(ref: str) -> None:
    with pytest.raises(ObserveError, match="does not hold a pull request"):
        read_record(ref, a_record().to_files())


@pytest.mark.parametrize(("state", "tip"), [(PullState.OPEN, TIP), (PullState.MERGED, None), (PullState.CLOSED, None)])
def test_only_an_open_one_has_a_tip(state: PullState, tip: Revision | None) -> None:
    assert a_record(state=state).seen(TIP).tip == tip


@each("change", [{"branch": "x"}, {"base": "x"}, {"title": "x"}, {"body": "x"}, {"draft": True}])
def test_a_record_follows_its_proposal_and_only_where_that_differs(change: dict[str, Any]) -> None:
    fields: dict[str, Any] = {"branch": "perennial/m/production", "base": "main", "title": "T", "body": "B"}

    assert a_record().proposed(Proposal(**fields)) == a_record()
    assert a_record().proposed(Proposal(**{**fields, **change})) == replace(a_record(), **change)
