"""YAML at its edges: block texts, quoting, limits that are just met, and places after odd characters."""

import pytest

from reconciler.errors import InvalidSpecsError
from reconciler.specs.syntax import MAX_ALIASES, MAX_BYTES, MAX_DEPTH, MAX_NODES, decode, field_of, parse, position
from tests.cases import each


def told(content: bytes) -> str:
    with pytest.raises(InvalidSpecsError) as caught:
        parse("a.yaml", content)
    return str(caught.value.problems[0])


@each(
    ("text", "value"),
    [
        ("a: |\n  x\n  y\n", "x\ny\n"),
        ("a: >-\n  x\n  y\n", "x y"),
        ("a: 'it''s'\n", "it's"),
        ('a: "\\u00e4\\n"\n', "ä\n"),
        ("a: x # comment\n", "x"),
        ("a: x#no comment\n", "x#no comment"),
        ("a: 'null'\n", "null"),
        ("a: !!str 5\n", "5"),
        ("a: !!float 5\n", 5.0),
        ("a:\n", None),
        ("a: {}\n", {}),
        ("a: []\n", []),
        ("a:\n- 1\n- - 2\n", [1, [2]]),
        ("'a': 1\n", 1),
        ('"a": 1\n', 1),
        ("? a\n: 1\n", 1),
        ("%YAML 1.2\n---\na: 1\n", 1),
        ("---\na: 1\n...\n", 1),
        ("a: on\n", "on"),
        ("a: 0o17\n", 15),
        ("a: 1_000\n", "1_000"),
        ("a: 12:30\n", "12:30"),
        ("a: 2013-03-01\n", "2013-03-01"),
        ("a: =\n", "="),
    ],
)
def test_usual_yaml_is_read(text, value):
    found = parse("a.yaml", text.encode())[1]["a"]
    assert found == value
    assert type(found) is type(value)


def test_limits_that_are_just_met_are_fine():
    assert len(decode("a", b"x" * MAX_BYTES)) == MAX_BYTES
    deep = "a: " + "[" * (MAX_DEPTH) + "]" * (MAX_DEPTH) + "\n"
    assert parse("a.yaml", deep.encode())[1]["a"]
    many = "a: &a 1\nb: [" + ", ".join(["*a"] * MAX_ALIASES) + "]\n"
    assert len(parse("a.yaml", many.encode())[1]["b"]) == MAX_ALIASES


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x" * (MAX_BYTES + 1), f"{MAX_BYTES + 1:,} bytes, and {MAX_BYTES:,} are allowed"),
        (("a: " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)).encode(), f"nested more than {MAX_DEPTH} deep"),
        (("a: [" + "1, " * MAX_NODES + "1]\n").encode(), f"more than {MAX_NODES:,} values"),
        (("a: &a 1\nb: [" + ", ".join(["*a"] * (MAX_ALIASES + 1)) + "]\n").encode(), f"more than {MAX_ALIASES} aliases"),
    ],
    ids=["bytes", "depth", "values", "aliases"],
)
def test_one_more_is_too_much(content, said):
    assert said in told(content)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("ä: .nan\n", "1:4"),
        ("'😀': .nan\n", "1:6"),
        ("a: 1\n\n\nb: .nan\n", "4:4"),
        ("a: [1, 2,\n    .nan]\n", "2:5"),
        ("a: |\n  text\nb: .nan\n", "3:4"),
        ("# c\r\na: .nan\r\n", "2:4"),
    ],
    ids=["a letter of two bytes", "a sign of four bytes", "empty lines", "a list over lines", "after a block", "Windows"],
)
def test_a_place_is_where_an_editor_shows_it(content, place):
    assert told(content.encode()).startswith(f"a.yaml:{place} ")


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x80", "\u2028", "\u202a", "\u2066", "\ufeff", "\uffff"])
@pytest.mark.parametrize(
    "where", ["a: x{}y\n", "# {}\na: 1\n", "a{}: 1\n", "a: 'x{}'\n"], ids=["value", "comment", "key", "quoted"]
)
def test_a_sign_that_nobody_sees_is_refused_wherever_it_stands(sign, where):
    assert f"U+{ord(sign):04X}" in told(where.format(sign).encode())


@each("sign", ["\u0301", "\u200d", "é", "漢", "\U0001f600", "\u00a0"])
def test_signs_that_writing_needs_are_kept(sign):
    assert parse("a.yaml", f"a: 'x{sign}y'\n".encode())[1] == {"a": f"x{sign}y"}


@each(
    ("path", "text"),
    [((), ""), (("a",), "a"), (("a", 0, "b"), "a[0].b"), ((0,), "[0]"), (("a", "b", 1, 2), "a.b[1][2]")],
)
def test_a_field_is_written_as_people_write_it(path, text):
    assert field_of(path) == text


@each(
    ("text", "offset", "place"),
    [("", 0, (1, 1)), ("abc", 2, (1, 3)), ("a\nb", 1, (1, 2)), ("a\nb", 2, (2, 1)), ("a\n\nb", 3, (3, 1)), ("a\n", 2, (2, 1))],
)
def test_an_offset_is_a_line_and_a_column(text, offset, place):
    assert position(text, offset) == place


@each("key", ["__proto__", "constructor", "__class__", "$ref", "<<"])
def test_keys_that_mean_something_elsewhere_are_plain_here(key):
    assert parse("a.yaml", f"'{key}': 1\n".encode())[1] == {key: 1}


def test_a_merge_key_is_a_key_and_merges_nothing():
    data = parse("a.yaml", b"base: &b {x: 1}\nmore: {<<: *b, y: 2}\n")[1]
    assert data["more"] == {"<<": {"x": 1}, "y": 2}
