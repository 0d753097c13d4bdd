"""Laws of values that people write: what is read is what was written, and refusals are ValueErrors only."""

import contextlib
import re
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain.changes import Marker, find_marker
from reconciler.domain.releases import Digest, digest_of
from reconciler.errors import Problem, printable
from reconciler.rules.fields import DURATION_PATTERN, TIME_PATTERN, duration_text, parse_duration, parse_time, time_text
from reconciler.specs.scalars import convert, resolve
from reconciler.specs.syntax import field_of, position

TEXTS = st.text(max_size=30)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SECONDS = st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)).map(lambda time: time.replace(microsecond=0, tzinfo=UTC))  # noqa: DTZ001
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


@given(st.integers(1, 9999), st.sampled_from("mhdw"))
def test_every_duration_is_told_so_that_it_is_read_again(number, unit):
    text = f"{min(number, 999) if unit == 'w' else number}{unit}"
    assert re.fullmatch(DURATION_PATTERN, text)
    assert parse_duration(duration_text(parse_duration(text))) == parse_duration(text)


@given(st.integers(1, 9999 * 1440))
def test_whole_minutes_are_told_exactly(minutes):
    told = duration_text(timedelta(minutes=minutes))
    number, unit = int(told[:-1]), {"m": 1, "h": 60, "d": 1440}[told[-1]]
    assert number * unit == minutes


@given(SECONDS)
def test_every_time_is_told_so_that_it_is_read_again(time):
    assert parse_time(time_text(time)) == time
    assert re.fullmatch(TIME_PATTERN, time_text(time))


@given(SECONDS, st.integers(-14 * 60, 14 * 60))
def test_the_zone_of_a_time_means_nothing(time, offset):
    assert time_text(time.astimezone(timezone(timedelta(minutes=offset)))) == time_text(time)


@given(TEXTS)
def test_any_other_text_is_refused_in_words(text):
    for parse in (parse_duration, parse_time):
        with contextlib.suppress(ValueError):
            parse(text)


@given(WORDS, st.sampled_from(["str", "int", "float", "bool", "null", "map"]))
def test_any_word_has_a_value_or_a_reason(word, tag):
    for read in (lambda: resolve(word), lambda: convert(word, f"tag:yaml.org,2002:{tag}")):
        with contextlib.suppress(ValueError):
            assert isinstance(read(), (str, int, float, bool, type(None)))


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_every_integer_of_64_bits_is_read_as_it_is(value):
    assert resolve(str(value)) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_read_as_it_is(value):
    assert resolve(repr(value)) == value


@given(WORDS, WORDS, WORDS, st.text(max_size=50))
def test_a_marker_is_found_after_any_body(model, environment, digest, body):
    marker = Marker(
        model=model, environment=environment, digest=Digest(digest), content=digest_of(body.encode("utf-8", "replace").hex())
    )
    assert find_marker(f"{body}\n{marker.to_comment()}") == marker


@given(st.text())
def test_any_body_has_a_marker_or_none(body):
    assert find_marker(f"<!-- perennial {{{body}}} -->") is None or '"digest"' in body


@given(JSON)
def test_a_digest_is_the_same_each_time_and_64_digits_long(value):
    assert digest_of(value) == digest_of(value)
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", digest_of(value))


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_a_problem_is_one_printable_line(file, field, message, hint):
    told = str(Problem(file=file, line=1, column=1, field=field, message=message, hint=hint))
    assert told.isprintable()
    assert printable(told) == told


@given(st.text(max_size=200), st.data())
def test_a_position_leads_back_to_its_character(text, data):
    offset = data.draw(st.integers(0, len(text)))
    line, column = position(text, offset)
    lines = text.split("\n")
    assert sum(len(one) + 1 for one in lines[: line - 1]) + column - 1 == offset


@given(st.lists(st.integers(0, 99) | st.text("abcxyz", min_size=1, max_size=8), max_size=6))
def test_a_field_names_every_step(path):
    text = field_of(tuple(path))
    assert [part for part in re.findall(r"\[(\d+)\]|([a-z]+)", text) if any(part)] == [
        (str(step), "") if isinstance(step, int) else ("", step) for step in path
    ]
