"""The command line itself: help, errors in words and as JSON, and the exit codes that errors.py draws."""

import json
from collections.abc import Callable

import click
import pytest

from reconciler import errors
from reconciler.cli.main import COMMANDS, wants_json
from reconciler.errors import (
    ActError,
    ConflictError,
    InvalidSpecsError,
    NotYetError,
    ObserveError,
    PermanentActError,
    Problem,
    ReconcilerError,
    TransientActError,
    UnprovenError,
)
from tests.cases import each
from tests.commands import Answer, perennial

HOSTILE = "a\x1b[2Jb\x07c\x9b31md\u202ee\u2066f\x00g\u2028h\ud800i"
PROBLEM = Problem(file="models/b/model.yaml", line=3, column=5, field="spec.task", message="unknown", hint="binary")
FAILURES: dict[str, tuple[Callable[[], BaseException], int]] = {
    "the root": (lambda: ReconcilerError("no", help="try this"), 1),
    "invalid specs": (lambda: InvalidSpecsError([PROBLEM]), 3),
    "cannot see": (lambda: ObserveError("no", help="try this"), 4),
    "cannot act": (lambda: ActError("no", help="try this"), 5),
    "for now": (lambda: TransientActError("no", help="try this"), 5),
    "for good": (lambda: PermanentActError("no", help="try this"), 5),
    "not yet": (lambda: NotYetError("no", help="try this"), 5),
    "overtaken": (lambda: ConflictError("no", help="try this"), 6),
    "unproven": (lambda: UnprovenError("no", help="try this"), 7),
    "wrong use": (lambda: click.UsageError("no"), 2),
    "a wrong value": (lambda: click.BadParameter("no"), 2),
    "interrupted": (KeyboardInterrupt, 130),
    "the end of the input": (EOFError, 130),
    "aborted": (click.Abort, 130),
    "an exit": (lambda: click.exceptions.Exit(7), 7),
}
raised: list[BaseException] = []


@click.command()
@click.option("-o", "--output")
def failing(output: str | None) -> None:
    """Fail."""
    raise raised[-1]


def fail(monkeypatch: pytest.MonkeyPatch, error: BaseException, *arguments: str) -> Answer:
    """What is printed when a command raises the error."""
    monkeypatch.setitem(COMMANDS, "failing", (f"{__name__}:failing", "Fail."))
    raised.append(error)
    return perennial(None, "failing", *arguments)


@pytest.mark.parametrize("name", FAILURES)
def test_every_error_ends_with_its_exit_code_and_no_traceback(monkeypatch, name):
    make, code = FAILURES[name]
    told = fail(monkeypatch, make())
    assert (told.code, told.out) == (code, "")
    assert told.is_harmless


@pytest.mark.parametrize("name", [name for name, (make, _) in FAILURES.items() if isinstance(make(), ReconcilerError)])
def test_with_json_an_error_is_one_value_on_stdout(monkeypatch, name):
    make, code = FAILURES[name]
    error = make()
    told = fail(monkeypatch, error, "-o", "json")
    assert (told.code, told.err) == (code, "")
    value = told.json["error"]
    assert list(value) == ["type", "message", "help", "exitCode", "problems"]
    assert (value["type"], value["exitCode"]) == (type(error).__name__, code)
    assert len(value["problems"]) == (1 if code == 3 else 0)


def test_every_class_of_the_error_tree_has_a_case():
    tree = {one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, ReconcilerError)}
    assert tree == {type(make()) for make, _ in FAILURES.values() if isinstance(make(), ReconcilerError)}


def test_an_error_says_what_and_which_command_helps(monkeypatch):
    told = fail(monkeypatch, ObserveError("there is no branch main", help="git branch -M main"))
    assert told.err == "error: there is no branch main\n  try: git branch -M main\n"
    assert fail(monkeypatch, ReconcilerError("no")).err == "error: no\n"


def test_problems_are_listed_in_the_order_of_files_and_lines(monkeypatch):
    other = Problem(file="models/a/model.yaml", line=9, column=1, field="", message="broken")
    later = Problem(file="models/b/model.yaml", line=12, column=1, field="kind", message="wrong")
    told = fail(monkeypatch, InvalidSpecsError([later, PROBLEM, other, PROBLEM]))
    assert told.err.splitlines() == [
        "models/a/model.yaml:9:1 broken",
        "models/b/model.yaml:3:5 spec.task: unknown (binary)",
        "models/b/model.yaml:12:1 kind: wrong",
        "error: 3 problems in the specs",
        "  try: perennial validate",
    ]


@pytest.mark.parametrize("arguments", [(), ("-o", "json")], ids=["text", "json"])
def test_hostile_text_in_an_error_is_shown_and_not_obeyed(monkeypatch, arguments):
    hostile = Problem(file=HOSTILE, line=1, column=1, field=HOSTILE, message=HOSTILE, hint=HOSTILE)
    for error in (ReconcilerError(HOSTILE, help=HOSTILE), InvalidSpecsError([hostile]), click.UsageError(HOSTILE)):
        told = fail(monkeypatch, error, *arguments)
        assert told.is_harmless
        assert (told.out + told.err).isascii()
        assert "[2Jb" in told.out + told.err


def test_a_message_of_several_lines_keeps_them(monkeypatch):
    assert fail(monkeypatch, ActError("one\n\ttwo\r\nthree")).err == "error: one\n        two\\r\nthree\n"


def test_a_message_keeps_letters_of_any_language(monkeypatch):
    assert fail(monkeypatch, ActError("größer als 模型 🙂")).err == "error: größer als 模型 🙂\n"
    assert fail(monkeypatch, ActError("größer"), "-o", "json").json["error"]["message"] == "größer"


@each(
    ("arguments", "wanted"),
    [
        (["plan", "-o", "json"], True),
        (["plan", "-ojson"], True),
        (["plan", "--output", "json"], True),
        (["--repo", "x", "plan", "--output=json", "--model", "a"], True),
        (["plan", "-o", "text"], False),
        (["plan", "-o"], False),
        (["explain", "json"], False),
        (["plan", "--model", "-o"], False),
        ([], False),
    ],
)
def test_json_is_wanted_in_any_spelling(arguments, wanted):
    assert wants_json(arguments) is wanted


def all_commands() -> list[tuple[str, ...]]:
    subcommands = {"pr": ("list", "view", "merge", "close"), "new": ("model",)}
    return [*((name,) for name in COMMANDS), *((name, sub) for name, subs in subcommands.items() for sub in subs)]


@each("command", all_commands())
@each("option", ["--help", "-h"])
def test_each_command_has_help_that_says_what_it_does(command, option):
    told = perennial(None, *command, option)
    assert (told.code, told.err) == (0, "")
    usage, first, *_ = told.out.split("\n\n")
    assert usage.startswith("Usage: perennial " + " ".join(command))
    assert len(first.split()) > 3
    assert "-h, --help" in told.out


def test_the_programs_help_lists_every_command_with_one_line():
    told = perennial(None, "--help")
    assert told.code == 0
    listed = told.out.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed if line.startswith("  ") and not line.startswith("   ")] == list(COMMANDS)
    assert all(summary.endswith(".") for _, summary in COMMANDS.values())


@each(
    ("arguments", "said"),
    [
        (("nope",), "No such command 'nope'"),
        (("plan", "--nope"), "No such option"),
        (("plan", "extra"), "unexpected extra argument"),
        (("plan", "-o", "yaml"), "'yaml' is not one of 'text', 'json'"),
        (("explain",), "Missing argument 'MODEL'"),
        (("stage", "cook", "m"), "'cook' is not one of"),
        (("pr", "view", "one"), "'one' is not a valid integer"),
        (("pr", "nope"), "No such command 'nope'"),
        (("new", "model", "Bad Name", "--data", "d", "--time", "t", "--target", "y"), "is no name: at most 52"),
        (("new", "model", "good\n", "--data", "d", "--time", "t", "--target", "y"), "is no name: at most 52"),
        (("new", "model", "m", "--data", "d", "--time", "t", "--target", "y", "--label-delay", "soon"), "got 'soon'"),
        (("new", "model", "m", "--time", "t", "--target", "y"), "Missing option '--data'"),
    ],
)
def test_wrong_use_is_answered_with_2_and_the_help_that_helps(arguments, said):
    told = perennial(None, *arguments)
    assert (told.code, told.out) == (2, "")
    assert said in told.err
    assert told.err.startswith("Usage: perennial ")
    assert told.err.splitlines()[-1].startswith("  try: perennial ")
    assert told.err.endswith(" --help\n")


def test_wrong_use_is_json_on_request():
    told = perennial(None, "plan", "--nope", "-o", "json")
    assert (told.code, told.err) == (2, "")
    assert json.loads(told.out)["error"]["help"] == "perennial plan --help"
    assert told.json["error"]["exitCode"] == 2


@pytest.mark.parametrize("group", [(), ("pr",), ("new",)], ids=["the program", "pr", "new"])
def test_without_a_command_there_is_help(group):
    told = perennial(None, *group)
    assert (told.code, told.out) == (2, "")
    assert told.err == perennial(None, *group, "--help").out
