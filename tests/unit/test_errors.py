"""The errors that users meet: one exit code each, messages on one line, nothing that steers a terminal."""

import pytest

from reconciler.errors import (
    ActError,
    ConflictError,
    InvalidSpecsError,
    ObserveError,
    PermanentActError,
    Problem,
    ReconcilerError,
    TransientActError,
    UnprovenError,
    printable,
)
from tests.cases import each


def a_problem(**changes) -> Problem:
    values = {"file": "models/m/model.yaml", "line": 3, "column": 5, "field": "spec.task", "message": "is missing"}
    return Problem(**values | changes)


@each(
    ("error", "code"),
    [
        (ReconcilerError("x"), 1),
        (InvalidSpecsError([]), 3),
        (ObserveError("x"), 4),
        (ActError("x"), 5),
        (TransientActError("x"), 5),
        (PermanentActError("x"), 5),
        (ConflictError("x"), 6),
        (UnprovenError("x"), 7),
    ],
)
def test_each_error_has_its_exit_code_and_one_root(error, code):
    assert error.exit_code == code
    assert isinstance(error, ReconcilerError)


def test_an_error_keeps_its_message_and_the_command_that_helps():
    error = ObserveError("the source is gone", help="perennial doctor")
    assert (str(error), error.message, error.help) == ("the source is gone", "the source is gone", "perennial doctor")
    assert ObserveError("x").help == ""


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (a_problem(), "models/m/model.yaml:3:5 spec.task: is missing"),
        (a_problem(hint="expected binary"), "models/m/model.yaml:3:5 spec.task: is missing (expected binary)"),
        (a_problem(field=""), "models/m/model.yaml:3:5 is missing"),
        (a_problem(field="", hint="why"), "models/m/model.yaml:3:5 is missing (why)"),
    ],
    ids=["place, field and message", "with a hint", "without a field", "with a hint but no field"],
)
def test_a_problem_is_told_as_editors_can_follow_it(problem, text):
    assert str(problem) == text


@each(("count", "text"), [(0, "0 problems"), (1, "1 problem in"), (2, "2 problems"), (40, "40 problems")])
def test_problems_are_counted(count, text):
    error = InvalidSpecsError(a_problem(line=line) for line in range(count))
    assert text in error.message
    assert error.help == "perennial validate"


def test_problems_are_told_once_and_in_the_order_of_files_and_lines():
    late, early, other = a_problem(line=30), a_problem(line=4), a_problem(file="datasets/d.yaml", line=99)
    error = InvalidSpecsError([late, early, other, early])
    assert error.problems == (other, early, late)


def test_lines_are_ordered_as_numbers():
    assert InvalidSpecsError([a_problem(line=10), a_problem(line=9)]).problems[0].line == 9


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain text, ä and 漢字", "plain text, ä and 漢字"),
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
        ("\u200bhidden\ufeff", "\\u200bhidden\\ufeff"),
        ("\u2028line", "\\u2028line"),
        ("\udcff", "\\udcff"),
        ("\U000e0041tag", "\\U000e0041tag"),
        ("", ""),
    ],
    ids=["plain", "clear screen", "line ends", "right to left", "nothing to see", "line separator", "no UTF-8", "tag", "empty"],
)
def test_what_steers_a_terminal_or_hides_is_escaped(text, safe):
    assert printable(text) == safe
    assert printable(text).isprintable()


def test_a_hostile_file_name_cannot_start_a_new_line_of_output():
    told = str(a_problem(file="models/\n::error::\x1b/model.yaml", message="\r\nfine", hint="\u202e"))
    assert told.isprintable()
    assert "\n" not in told
