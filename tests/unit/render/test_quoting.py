from datetime import UTC, datetime

import pytest
import yaml

from reconciler.render.quoting import label, quote
from tests.cases import each


@each(
    ("value", "text"),
    [
        ("yes", '"yes"'),
        ("1.0", '"1.0"'),
        ("", '""'),
        ('a"\\b', '"a\\"\\\\b"'),
        ("a\nb: c", '"a\\nb: c"'),
        ("\u2028\x85\u202e\ufeff\x7f", '"\\u2028\\u0085\\u202e\\ufeff\\u007f"'),
        (None, "null"),
        (True, "true"),
        (3, "3"),
        (0.5, "0.5"),
        (datetime(2013, 3, 1, tzinfo=UTC), '"2013-03-01"'),
        ({"a": [1, "b"]}, '{"a": [1, "b"]}'),
        ((), "[]"),
    ],
)
def test_a_value_is_written_on_one_line(value, text):
    assert quote(value) == text


def test_what_is_quoted_is_not_quoted_twice():
    assert quote(quote("a")) == '"a"'


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_not_a_number_is_refused(value):
    with pytest.raises(ValueError, match="cannot be written"):
        quote(value)


def test_what_yaml_cannot_say_is_refused():
    with pytest.raises(TypeError, match="type object"):
        quote(object())


def test_a_character_beyond_the_basic_plane_comes_back():
    assert yaml.safe_load(quote("\U0001f600\U0010ffff")) == "\U0001f600\U0010ffff"


@each(("value", "text"), [("1.0.0", "1.0.0"), ("a b/c", "a-b-c"), ("-a-", "a"), ("x" * 80, "x" * 63), ("", "")])
def test_a_label_fits(value, text):
    assert label(value) == text
