"""The stage and the cause are read out of what `dvc repro` prints."""

import pytest

from reconciler.adapters.training.log import cause, failed_stage, is_transient, tail
from tests.cases import each

HEAD = (
    "Running stage 'prepare@a':\n> perennial stage prepare a\nValueError: of another stage\n\n"
    "Running stage 'train@a':\n> perennial stage train a\n"
)
FOOT = "ERROR: failed to reproduce 'train@a': failed to run: perennial stage train a, exited with 5\n"


@each(
    ("said", "expected"),
    [
        ("noise\nerror: 12 rows, 2,000 are needed\n  try: perennial explain a\n", "12 rows, 2,000 are needed"),
        (
            "Traceback (most recent call last):\n  File\nsklearn.exceptions.NotFittedError: fit first\n",
            "sklearn.exceptions.NotFittedError: fit first",
        ),
        ("KeyError: 'x'\nDuring handling ...\nRuntimeError: y\n", "RuntimeError: y"),
        ("Killed by the cluster\n\n", "Killed by the cluster"),
        ("", "failed to reproduce 'train@a': failed to run: perennial stage train a, exited with 5"),
        ("error: " + "x" * 900 + "\n", "x" * 500),
    ],
)
def test_the_cause_is_the_failed_stages_own_word(said: str, expected: str) -> None:
    assert cause(HEAD + said + FOOT) == expected


@each(
    ("log", "stage"),
    [(HEAD + FOOT, "train@a"), (HEAD, "train@a"), ("ERROR: Stage 'package@zebra' not found\n", "dvc repro"), ("", "dvc repro")],
)
def test_the_stage_is_the_one_that_failed_or_ran_last(log: str, stage: str) -> None:
    assert failed_stage(log) == stage


def test_without_a_stage_dvc_or_the_last_line_speaks() -> None:
    assert cause("ERROR: Stage 'package@zebra' not found\n") == "Stage 'package@zebra' not found"
    assert cause("No module named dvc\n") == "No module named dvc"
    assert cause("") == "it ended without a word"


def test_the_tail_is_whole_lines_of_at_most_four_kilobytes() -> None:
    text = "".join(f"line {i} é\n" for i in range(2000))
    assert len(tail(text).encode()) <= 4096
    assert text.endswith(tail(text))
    assert tail(text).startswith("line ")
    assert tail("short") == "short"
    assert len(tail("é" * 5000).encode()) <= 4096


DIED = "ERROR: failed to reproduce 'a': failed to run: "


@pytest.mark.parametrize(
    ("log", "passes"),
    [
        (DIED + "perennial stage snapshot a, exited with 4\n", True),
        (DIED + "perennial stage train a, exited with -9\n", True),
        (DIED + "sh train.sh, exited with 137\n", True),
        ("ERROR: Unable to acquire lock. Most likely another DVC process is running\n", True),
        (DIED + "perennial stage train a, exited with 1\n", False),
        (DIED + "perennial stage train a, exited with 3\n", False),
        ("the stage says: it exited with 4\n" + DIED + "x, exited with 40\n", False),
        ("", False),
    ],
    ids=["cannot see", "killed", "killed in a shell", "locked", "an error", "wrong specs", "another 4", "nothing"],
)
def test_what_may_pass_is_told_by_exit_codes(log: str, passes: bool) -> None:
    assert is_transient(log) is passes
