"""YAML is read as plain data; what is dangerous or ambiguous is a problem with its place."""

import pytest
import yaml

from reconciler.errors import InvalidSpecsError
from reconciler.specs import syntax
from reconciler.specs.syntax import MAX_ALIASES, MAX_BYTES, MAX_DEPTH, parse
from tests.cases import each


def problems(content: str | bytes):
    with pytest.raises(InvalidSpecsError) as caught:
        parse("a.yaml", content.encode() if isinstance(content, str) else content)
    return [f"{p.line}:{p.column} {p.field} {p.message}" for p in caught.value.problems]


def test_data_is_json_like():
    data = parse("a.yaml", b"a: [1, 2.5, x, yes, null, 2013-01-01]\nb: {c: 'true', d: true}\n")[1]
    assert data == {"a": [1, 2.5, "x", "yes", None, "2013-01-01"], "b": {"c": "true", "d": True}}


def test_aliases_repeat_what_was_anchored():
    assert parse("a.yaml", b"a: &x [1, {b: 2}]\nc: *x\n")[1]["c"] == [1, {"b": 2}]


@pytest.mark.parametrize("parser", [syntax.PARSER, yaml.SafeLoader])
@pytest.mark.parametrize(
    ("content", "place", "fragment"),
    [
        (b"", "1:1 ", "empty"),
        (b"# only a comment\n", "1:1 ", "empty"),
        (b"---\n", "1:1 ", "empty"),
        (b"- a\n", "1:1 ", "key: value"),
        (b"just text\n", "1:1 ", "key: value"),
        (b"\xef\xbb\xbfa: 1\n", "1:1 ", "byte order mark"),
        (b"a: 1\nb: \xff\n", "2:4 ", "0xff is not UTF-8"),
        ("ä: \x07\n".encode(), "1:4 ", "U+0007"),
        ("a: x\u202ey\n".encode(), "1:5 ", "U+202E"),
        (b"a:\n\tb: 1\n", "2:1 ", "a tab indents"),
        (b"a: 1\nb: 2\na: 3\n", "3:1 a", "stands twice, first on line 1"),
        (b"a:\n  - {b: 1, b: 2}\n", "2:12 a[0].b", "stands twice, first on line 2"),
        (b"a: 1\n---\nb: 2\n", "2:1 ", "second document"),
        (b"a: !!python/object/apply:os.system [id]\n", "1:4 a", "!!python/object/apply:os.system is not allowed"),
        (b"a: !secret x\n", "1:4 a", "!secret is not allowed"),
        (b"a: !!binary aGk=\n", "1:4 a", "!!binary"),
        (b"a: !!set {x}\n", "1:4 a", "!!set"),
        (b"a: !!int x\n", "1:4 a", "not of the type !!int"),
        (b"a: .inf\n", "1:4 a", ".inf is not a number"),
        (b"1: a\n", "1:1 ", "a key must be text"),
        (b"true: a\n", "1:1 ", "a key must be text"),
        (b"? [a]\n: b\n", "1:3 ", "a key must be text"),
        (b"a: *b\n", "1:4 a", "no anchor"),
        (b"a: &x 1\nb: &x 2\n", "2:4 b", "the anchor &x stands twice"),
        (b"a: &x [&x 1]\n", "1:8 a[0]", "the anchor &x stands twice"),
        (b"a: &b [*b]\n", "1:8 a[0]", "anchored itself"),
        (b"a: 'x\n", "", "not valid YAML"),
        (b"a: 1\n  b: 2\n", "", "not valid YAML"),
    ],
)
def test_what_is_refused(monkeypatch, parser, content, place, fragment):
    monkeypatch.setattr(syntax, "PARSER", parser)
    (said,) = problems(content)
    assert said.startswith(place)
    assert fragment in said


@each(
    ("content", "place", "fragment"),
    [
        (b"a: [1\n", "2:1 ", "opened with [ is not closed"),
        (b"a: {b: 1\n", "2:1 ", "opened with { is not closed"),
        (b"a: b: c\n", "1:5 ", "a second `: `"),
        (b"a: @x\n", "1:4 ", "quote it"),
        (b"a: 1\nb\nc: 2\n", "2:1 ", "no `key: value`"),
        (b"a:\n  - 1\n  b: 2\n", "3:3 ", "indentation differs"),
        (b"a: 'x\n", "2:1 ", "inside a quoted text"),
    ],
)
def test_malformed_yaml_is_explained(content, place, fragment):
    (said,) = problems(content)
    assert said.startswith(place)
    assert fragment in said


def test_all_problems_of_a_file_are_told():
    assert len(problems("a: !x 1\nb: .nan\nc: 1\nc: 2\n")) == 3


def test_a_bomb_of_aliases_is_refused():
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert "anchored itself" in problems(bomb)[0]


def test_many_aliases_of_a_large_value_are_refused():
    large = f"a: &a [{', '.join(['1'] * 2000)}]\n"
    assert "50,000 values" in problems(large + f"b: [{', '.join(['*a'] * 30)}]\n")[0]
    assert f"more than {MAX_ALIASES} aliases" in problems("a: &a 1\n" + f"b: [{', '.join(['*a'] * 101)}]\n")[0]


@pytest.mark.parametrize(
    "nest", [lambda n: "a: " + "[" * n, lambda n: "".join(f"{' ' * i}a:\n" for i in range(n)), lambda n: "a:\n" + "- " * n]
)
def test_deep_nesting_is_refused_before_it_can_hurt(nest):
    assert f"more than {MAX_DEPTH} deep" in problems(nest(20_000 if nest(2).startswith("a: [") else 900))[0]


def test_a_large_file_is_refused():
    assert f"{MAX_BYTES:,} are allowed" in problems(b"a: " + b"x" * MAX_BYTES)[0]


def test_windows_line_ends_keep_their_line_numbers():
    assert problems(b"a: 1\r\nb: .nan\r\n")[0].startswith("2:4")
