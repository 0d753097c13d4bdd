"""What all reports for people share: widths, colours, and hostile values that stay text."""

from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from reconciler.report.terminal import draw, line, said, table
from tests.cases import each
from tests.commands import STEERING
from tests.examples import examples

ANY_TEXT = st.text(st.characters(exclude_categories=[]))


def test_parts_stand_below_each_other_without_spaces_at_the_end():
    assert draw([said("one"), Text(), said("two   ")]) == "one\n\ntwo\n"


def test_nothing_is_one_empty_line():
    assert draw([]) == "\n"


def test_colour_comes_only_when_asked_for_and_changes_no_word():
    parts = [line(Text("prefix ", style="red"), said("word", "bold"))]
    plain, coloured = draw(parts), draw(parts, color=True)
    assert plain == "prefix word\n"
    assert "\x1b[31m" in coloured
    assert "word" in coloured


@each("width", [-1, 0, 1, 39, 40, 41, 140])
@each("text", ["word " * 80, "x" * 300, "模型" * 100])
def test_no_line_is_wider_than_the_terminal_and_nothing_is_lost(width, text):
    lines = draw([line(Text("  → "), said(text))], width=width).splitlines()
    assert max(Text(one).cell_len for one in lines) <= max(width, 40)
    assert "".join("".join(lines).split()).removeprefix("→") == "".join(text.split())


def test_a_long_line_wraps_behind_its_prefix():
    first, *rest = draw([line(Text("  → "), said("word " * 20))], width=40).splitlines()
    assert first.startswith("  → word")
    assert rest
    assert all(one.startswith("    word") for one in rest)


def test_empty_parts_leave_no_gap():
    assert draw([line(Text("- "), said("a"), said(""), said("b"))]) == "- a b\n"


@each("markup", ["[bold]a[/bold]", ":smile:", "[link=http://x]y[/link]", "[/]", "\\[x]", "http://x.y/z"])
def test_markup_in_a_value_is_only_text(markup):
    assert draw([said(markup)], color=True) == f"{markup}\n"


@given(ANY_TEXT)
@examples(2)
def test_no_value_steers_the_terminal_or_fakes_a_line(value):
    text = draw([line(Text("> "), said(value))])
    assert not STEERING & set(text)
    assert "\r" not in text
    assert all(one.startswith((">", "  ")) for one in text.rstrip("\n").split("\n") if one)


@given(ANY_TEXT)
def test_no_cell_of_a_table_adds_a_row(value):
    made = table("one", "two")
    made.add_row(said("a"), said(value[:20]))
    lines = draw([made]).splitlines()
    assert len([one for one in lines if one.startswith("a")]) == 1
    assert lines[0].split() == ["one", "two"]
