"""Places in a file: of a value, of a key, and of the nearest mapping where something is missing."""

import pytest

from reconciler.specs.positions import place_of_key, place_of_value
from tests.cases import each

TEXT = """\
# a comment
spec:
  rows: 5
  list:
    - a
    - {x: 1, y: [2, 3]}
  "quoted key": |
    several
    lines
  again: &anchor {deep: 1}
  alias: *anchor
  ünïcode: ä
"""


@each(
    ("path", "value", "key"),
    [
        ((), (2, 1), (2, 1)),
        (("spec",), (3, 3), (2, 1)),
        (("spec", "rows"), (3, 9), (3, 3)),
        (("spec", "list"), (5, 5), (4, 3)),
        (("spec", "list", 0), (5, 7), (5, 7)),
        (("spec", "list", 1, "y"), (6, 17), (6, 14)),
        (("spec", "list", 1, "y", 1), (6, 21), (6, 21)),
        (("spec", "quoted key"), (7, 17), (7, 3)),
        (("spec", "again", "deep"), (10, 25), (10, 19)),
        (("spec", "alias", "deep"), (10, 25), (10, 19)),
        (("spec", "ünïcode"), (12, 12), (12, 3)),
    ],
)
def test_a_value_and_its_key_are_found(path, value, key):
    assert (place_of_value(TEXT, path), place_of_key(TEXT, path)) == (value, key)


@each(
    ("path", "place"),
    [
        (("absent",), (2, 1)),
        (("spec", "absent"), (3, 3)),
        (("spec", "absent", "deeper", 5), (3, 3)),
        (("spec", "list", 9), (5, 5)),
        (("spec", "list", "word"), (5, 5)),
        (("spec", "rows", "inside"), (3, 9)),
        (("spec", 0), (3, 3)),
    ],
)
def test_what_is_missing_stands_where_it_should_be(path, place):
    assert place_of_value(TEXT, path) == place


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_do_not_move_lines(end):
    assert place_of_value(TEXT.replace("\n", end), ("spec", "ünïcode")) == (12, 12)
