"""Text and JSON on their way to a terminal."""

import json
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.cli import terminal
from reconciler.cli.terminal import WIDEST, json_text, safe, style
from tests.cases import each
from tests.commands import STEERING
from tests.examples import examples


@each(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("", ""),
        ("one\n\n  two\n", "one\n\n  two\n"),
        ("a\tb", "a       b"),
        ("größer 模型 🙂 ✓ → ▁█", "größer 模型 🙂 ✓ → ▁█"),
        ("@\u200bteam #\u200b12", "@team #12"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x9b31mred", "\\x9b31mred"),
        ("over\rwritten", "over\\rwritten"),
        ("exe.\u202egnp", "exe.\\u202egnp"),
        ("zero\u2060width\ufeff", "zero\\u2060width\\ufeff"),
        ("line\u2028separator\x0b\x0c", "line\\u2028separator\\x0b\\x0c"),
        ("lone \ud800", "lone \\ud800"),
        ("bell\x07 null\x00 delete\x7f", "bell\\x07 null\\x00 delete\\x7f"),
    ],
)
def test_lines_are_shown_as_they_are_and_what_would_steer_is_escaped(text, shown):
    assert safe(text) == shown


@given(st.text(st.characters(exclude_categories=[])))
def test_whatever_is_shown_can_be_written_and_steers_nothing(text):
    shown = safe(text)
    assert shown.encode().decode() == shown
    assert not STEERING & set(shown)
    assert shown.count("\n") == text.count("\n")
    assert safe(shown) == shown


@given(st.dictionaries(st.text(), st.lists(st.text() | st.none(), max_size=3), max_size=3))
@examples(2)
def test_json_is_ascii_and_is_read_back(value):
    text = json_text(value)
    assert text.isascii()
    assert text.endswith("\n")
    assert json.loads(text) == value
    assert not STEERING & set(text)


def test_json_keeps_the_order_that_it_is_given():
    assert json_text({"b": 1, "a": [2]}) == '{\n  "b": 1,\n  "a": [\n    2\n  ]\n}\n'


@pytest.mark.parametrize(
    ("is_person", "columns", "expected"),
    [
        (True, 80, {"width": 80, "color": True}),
        (True, 20, {"width": 20, "color": True}),
        (True, 400, {"width": WIDEST, "color": True}),
        (False, 80, {"width": WIDEST, "color": False}),
    ],
    ids=["a person", "a small window", "a huge window", "a pipe"],
)
def test_only_a_person_gets_colours_and_the_width_of_the_window(monkeypatch, is_person, columns, expected):
    monkeypatch.setattr(terminal.sys, "stdout", SimpleNamespace(isatty=lambda: is_person))
    monkeypatch.setenv("COLUMNS", str(columns))
    assert style() == expected
