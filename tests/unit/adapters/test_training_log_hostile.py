"""Logs of `dvc repro` that are huge, strange or made to mislead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.adapters.training.log import cause, failed_stage, tail

RUN = "Running stage 'train@a':\n> perennial stage train a\n"
FAILED = "ERROR: failed to reproduce 'train@a': failed to run: perennial stage train a, exited with 1\n"


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_any_log_has_a_stage_a_cause_and_a_tail(log: str) -> None:
    assert failed_stage(log)
    assert 0 < len(cause(log)) <= 500
    assert cause(log) == cause(log).strip()
    assert log.endswith(tail(log))


@given(st.text(st.characters(codec="utf-8"), max_size=300).map(lambda text: text * 40))
def test_the_tail_of_a_long_log_fits_and_begins_with_a_line(log: str) -> None:
    end = tail(log)

    assert len(end.encode()) <= 4096
    assert log.endswith(end)
    if "\n" in log[-1000:] and len(log.encode()) > 4096:
        assert log[: len(log) - len(end)].endswith("\n")


@pytest.mark.parametrize(
    "said",
    ["A." * 100_000, "x" * 200_000, "Error" * 40_000, "a.B" * 70_000, "ERROR: " * 30_000, "\n" * 200_000, "> " * 100_000],
    ids=["dots", "a long word", "errors", "names", "errors of DVC", "empty lines", "prompts"],
)
def test_two_hundred_kilobytes_of_anything_are_read_through(said: str) -> None:
    assert failed_stage(RUN + said + "\n" + FAILED) == "train@a"
    assert len(cause(RUN + said + "\n" + FAILED)) <= 500


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("error: ours\nValueError: later\n", "ours"),
        ("error: first\nerror: second\n", "second"),
        ("   error: indented\nlast words\n", "last words"),
        ("MemoryError\n", "MemoryError"),
        ("KeyboardInterrupt\n", "KeyboardInterrupt"),
        ("great_expectations.exceptions.DataContextError: no\n", "great_expectations.exceptions.DataContextError: no"),
        ("subprocess.CalledProcessError: Command 'x' returned 1\n", "subprocess.CalledProcessError: Command 'x' returned 1"),
        ("Errors are no exception\n", "Errors are no exception"),
        ("> a command\n> another\n", "failed to reproduce 'train@a': failed to run: perennial stage train a, exited with 1"),
        ("  spaces around  \n\n\n", "spaces around"),
        ("error: ERROR: in capitals\n", "ERROR: in capitals"),
    ],
    ids=[
        "ours before the exception",
        "the last of ours",
        "an indented one is not ours",
        "an exception without text",
        "interrupt",
        "an exception with its module",
        "another",
        "a plural is only words",
        "only commands",
        "stripped",
        "ours about DVC's",
    ],
)
def test_the_line_that_says_most(said: str, expected: str) -> None:
    assert cause(RUN + said + FAILED) == expected


def test_an_earlier_stages_words_do_not_count() -> None:
    log = "Running stage 'prepare@a':\nerror: of the first\n" + RUN + "fine so far\n" + FAILED

    assert cause(log) == "fine so far"


@pytest.mark.parametrize(
    ("log", "stage"),
    [
        (RUN + FAILED + "ERROR: failed to reproduce 'package@a': x\n", "package@a"),
        ("Running stage 'x':\nRunning stage 'y':\n", "y"),
        ("I say Running stage 'x':\n", "dvc repro"),
        ("failed to reproduce ''\n", "dvc repro"),
    ],
    ids=["the last that failed", "the last that ran", "only at the start of a line", "no name"],
)
def test_the_stage_that_is_named(log: str, stage: str) -> None:
    assert failed_stage(log) == stage
