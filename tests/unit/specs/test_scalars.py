"""Plain words follow the core schema of YAML 1.2."""

import pytest

from reconciler.specs.scalars import convert, resolve
from tests.cases import each


@each(
    ("word", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("nULL", "nULL"),
        ("true", True),
        ("False", False),
        *((word, word) for word in ("yes", "no", "on", "off", "y", "N", "Yes")),
        *(
            (word, word)
            for word in ("2013-03-01", "2013-03-01T06:00:00Z", "1:30", "12:30:45", "1_000", "0b1", "-", ".", "+", "1e")
        ),
        ("7", 7),
        ("-7", -7),
        ("+7", 7),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("1e3", 1000.0),
        ("-.5", -0.5),
        ("2.", 2.0),
        ("9223372036854775807", 2**63 - 1),
        ("7d", "7d"),
        ("=", "="),
        ("<<", "<<"),
    ],
)
def test_a_plain_word(word, value):
    assert resolve(word) == value
    assert type(resolve(word)) is type(value)


@each("word", [".nan", ".NaN", ".inf", "-.Inf", "1e999", "9223372036854775808", "9" * 5000, "0x" + "f" * 17])
def test_a_number_that_cannot_be_compared_is_refused(word):
    with pytest.raises(ValueError, match=r"number|64 bits"):
        resolve(word)


@each(
    ("word", "tag", "value"),
    [("12", "str", "12"), ("12", "float", 12.0), ("12", "int", 12), ("true", "bool", True), ("", "null", None)],
)
def test_a_core_tag_is_obeyed(word, tag, value):
    assert convert(word, f"tag:yaml.org,2002:{tag}") == value


@each(("word", "tag"), [("twelve", "int"), ("1.5", "int"), ("yes", "bool"), ("true", "float"), ("x", "seq")])
def test_a_core_tag_that_does_not_fit_is_refused(word, tag):
    with pytest.raises(ValueError, match=f"{word}.*!!{tag}"):
        convert(word, f"tag:yaml.org,2002:{tag}")
