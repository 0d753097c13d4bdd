"""The marker in a pull request's body: found again as it was written, and never believed when anything is odd."""

import json
from dataclasses import replace

import pytest

from reconciler.domain.changes import Marker, PullRequest, PullState, find_marker
from reconciler.domain.releases import digest_of
from tests.builders import a_revision
from tests.cases import each

MARKER = Marker(model="flight-delay", environment="production", digest=digest_of("digest"), content=digest_of("content"))
PARTS = {"model": "m", "environment": "e", "digest": "d", "content": "c"}


def comment(value: object) -> str:
    return f"<!-- perennial {json.dumps(value)} -->"


def test_a_marker_is_one_line_that_nobody_sees_in_rendered_markdown():
    text = MARKER.to_comment()
    assert text.startswith("<!-- perennial {")
    assert text.endswith("} -->")
    assert "\n" not in text


def test_a_marker_has_the_same_bytes_each_time():
    assert MARKER.to_comment() == replace(MARKER).to_comment()
    assert list(json.loads(MARKER.to_comment()[15:-4])) == ["content", "digest", "environment", "model"]


@each("before", ["", "Title\n\n", "a <!-- comment --> of one's own\n", "{}\n", "x" * 60_000, "<!-- perennial {} -->\n", "ä\r\n"])
@each("after", ["", "\n", "\r\n\r\n", "   \t\n"])
def test_a_marker_at_the_very_end_is_found(before, after):
    assert find_marker(before + MARKER.to_comment() + after) == MARKER


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("", id="an empty body"),
        pytest.param("promote me", id="no comment"),
        pytest.param(MARKER.to_comment() + "\nmore text", id="text after the marker"),
        pytest.param(MARKER.to_comment().replace("perennial", "renovate"), id="another tool's comment"),
        pytest.param(MARKER.to_comment().replace("-->", "--"), id="a comment that is not closed"),
        pytest.param("<!-- perennial {not json} -->", id="no JSON"),
        pytest.param("<!-- perennial {} -->", id="no parts"),
        pytest.param('<!-- perennial {"a":' + "[" * 100_000 + "} -->", id="nested without an end"),
        pytest.param('<!-- perennial {"a":' + "9" * 10_000 + "} -->", id="a number of ten thousand digits"),
    ],
)
def test_anything_else_is_no_marker(body):
    assert find_marker(body) is None


@each("missing", sorted(PARTS))
def test_a_marker_without_one_of_its_parts_is_none(missing):
    assert find_marker(comment({key: word for key, word in PARTS.items() if key != missing})) is None


@each("wrong", [None, 7, True, [], {}, ["d"]])
@each("part", sorted(PARTS))
def test_a_part_that_is_no_text_is_not_turned_into_one(part, wrong):
    assert find_marker(comment(PARTS | {part: wrong})) is None


def test_unknown_parts_of_a_newer_version_are_ignored():
    assert find_marker(comment(PARTS | {"since": "2013"})) == Marker(**PARTS)


def test_the_last_of_two_markers_counts():
    other = replace(MARKER, model="other")
    assert find_marker(f"{other.to_comment()}\n{MARKER.to_comment()}") == MARKER


def test_a_pull_request_knows_its_marker():
    pull = PullRequest(
        number=3,
        state=PullState.OPEN,
        branch="perennial/flight-delay/production",
        base="main",
        title="Promote",
        body=f"why\n{MARKER.to_comment()}\n",
        tip=a_revision("tip"),
        merged=None,
    )
    assert pull.marker == MARKER
    assert replace(pull, body="by hand").marker is None


def test_states_are_the_words_of_forges():
    assert [*PullState] == ["open", "merged", "closed"]
