"""JSON that is nearly a noun: times without a zone, keys that are no numbers, tags that lie, and texts that are no JSON."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from reconciler.domain.evidence import Comparison, NoBaseline
from reconciler.domain.known import Measured, Missing
from reconciler.domain.releases import Build
from reconciler.render.canonical import canonical, canonical_json
from reconciler.render.decoded import DecodeError, decode, read_json
from tests.builders import a_build
from tests.cases import each

ONE = Measured(value=0.5, low=0.4, high=0.6, rows=3)


@pytest.mark.parametrize("text", ["2013-01-01T00:00:00Z", "2013-01-01T02:00:00+02:00"])
def test_a_time_with_its_zone_is_that_moment(text):
    assert decode(datetime, text) == datetime(2013, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2013-01-01T00:00:00", "2013-01-01"])
def test_a_time_without_its_zone_is_refused(text):
    with pytest.raises(DecodeError, match=r"^\.at: '2013-01-01.*' has no time zone$"):
        decode(datetime, text, ".at")


@each("value", ["tomorrow", "", 5, None])
def test_what_is_no_time_is_refused(value):
    with pytest.raises(DecodeError, match=r"^\.at: "):
        decode(datetime, value, ".at")


@each("key", ["a", "", "nan", "inf", "1e999"])
def test_a_key_that_should_be_a_number_is_one(key):
    with pytest.raises(DecodeError, match=r"^q: "):
        decode(Mapping[float, int], {key: 1}, "q")


def test_keys_that_are_numbers_come_back_exactly():
    numbers = {0.1 + 0.2: 1, 1e-300: 2, 5.0: 3}
    assert decode(Mapping[float, int], json.loads(canonical_json(numbers))) == numbers


@pytest.mark.parametrize("noun", [ONE, Missing(code="none", why="\u202e\x00\n")])
def test_of_a_union_the_tag_says_which_member_it_is(noun):
    assert decode(Measured | Missing, json.loads(canonical_json(noun))) == noun


def test_a_tag_of_no_member_is_not_believed():
    with pytest.raises(DecodeError, match="type is not known"):
        decode(Measured | Missing, {**canonical(ONE), "type": "comparison"})
    with pytest.raises(DecodeError, match="expected one of the types comparison, noBaseline"):
        decode(Comparison | NoBaseline, {"type": "missing", "code": "a", "why": "b"})


@each("value", [[], None, "comparison", {"type": []}, {"type": None}])
def test_what_has_no_tag_is_none_of_the_tagged(value):
    with pytest.raises(DecodeError, match="expected one of the types"):
        decode(Comparison | NoBaseline, value)


def test_a_build_comes_back_from_its_text_and_from_under_a_key():
    build = a_build()
    assert read_json(Build, canonical_json(build)) == build
    assert read_json(Build, canonical_json({"spec": build}), "spec") == build


@each("text", ["", "{", "[]", "null", '{"spec": 1}', '{"spec": {}}', "[" * 100_000, '{"spec": NaN}'])
def test_what_cannot_be_read_is_nothing(text):
    assert read_json(Measured, text, "spec") is None
