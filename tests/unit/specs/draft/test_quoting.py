"""Text and numbers as YAML: plain where nobody can be misled, quoted and escaped everywhere else."""

import pytest
import yaml

from reconciler.specs.draft.quoting import listed, number, quoted, shown
from tests.cases import each


@each(
    ("text", "written"),
    [
        ("distance", "distance"),
        ("dep_delay", "dep_delay"),
        ("data/flights-2013.csv", "data/flights-2013.csv"),
        ("/abs/path", "/abs/path"),
        ("_private", "_private"),
        ("", '""'),
        (" a", '" a"'),
        ("a b", '"a b"'),
        ("yes", '"yes"'),
        ("No", '"No"'),
        ("NULL", '"NULL"'),
        ("y", '"y"'),
        ("~", '"~"'),
        ("007", '"007"'),
        ("1e3", '"1e3"'),
        ("2013-01-01", '"2013-01-01"'),
        ("-x", '"-x"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("it's", '"it\'s"'),
        ('say "hi"', '"say \\"hi\\""'),
        ("back\\slash", '"back\\\\slash"'),
        ("a\tb\nc", '"a\\tb\\nc"'),
        ("\x00\x7f\x85", '"\\u0000\\u007f\\u0085"'),
        ("\u202eabc", '"\\u202eabc"'),
        ("\u2028", '"\\u2028"'),
        ("\ufeff", '"\\ufeff"'),
        ("größe", '"größe"'),
        ("日本", '"日本"'),
        ("😀", '"😀"'),
        ("{{ x }}", '"{{ x }}"'),
        ("${HOME}", '"${HOME}"'),
        ("`id`", '"`id`"'),
        ("!!python/object", '"!!python/object"'),
        ("*alias", '"*alias"'),
        ("&anchor", '"&anchor"'),
        ("<<", '"<<"'),
        ("?", '"?"'),
        ("%TAG", '"%TAG"'),
        ("@x", '"@x"'),
    ],
)
def test_a_text_is_one_value_on_one_line(text, written):
    assert quoted(text) == written
    assert "\n" not in quoted(text)
    assert yaml.safe_load(f"key: {quoted(text)}\n") == {"key": text}, "also for readers of YAML 1.1"


@each(
    ("value", "written"),
    [
        (0, "0"),
        (-0.0, "0"),
        (5.0, "5"),
        (-3, "-3"),
        (0.5, "0.5"),
        (1e-7, "1.0e-07"),
        (1.5e-7, "1.5e-07"),
        (1e15, "1000000000000000.0"),
        (1e16, "1.0e+16"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (5e-324, "5.0e-324"),
        (True, "1"),
    ],
)
def test_a_number_is_one_for_every_reader_of_yaml(value, written):
    assert number(value) == written
    read = yaml.safe_load(number(value))
    assert not isinstance(read, str)
    assert read == value


@pytest.mark.parametrize(("length", "end"), [(60, "a"), (61, "..."), (10_000, "...")])
def test_a_long_text_is_shortened_in_comments(length, end):
    text = shown("a" * length)
    assert len(text) <= 62
    assert text.strip('"').endswith(end)


def test_what_is_shown_is_quoted_too():
    assert shown("a\n# injected: true") == '"a\\n# injected: true"'


@each(("values", "written"), [([], "[]"), (["a"], "[a]"), (["a, b", "c"], '["a, b", c]'), (["]", "["], '["]", "["]')])
def test_a_list_keeps_its_items_apart(values, written):
    assert listed(values) == written
    assert yaml.safe_load(listed(values)) == values
