"""params.yaml and dvc.lock: narrowed for one model, merged back for all."""

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import InvalidSpecsError, ReconcilerError
from reconciler.plan.bookkeeping import (
    check_bookkeeping,
    merge_lock,
    merge_parameters,
    narrow_lock,
    narrow_parameters,
    text_of,
)
from reconciler.rules.fields import parse_time
from reconciler.specs.parameters import RunParameters
from tests.cases import each

PARAMETERS = """\
# What a run may change.
# Retrains write it.
models:
  a:
    asOf: '2013-03-01'
    champion: none
    continues: none
    dataset: flights
    seed: 7
  c:
    asOf: '2013-03-01'
    champion: none
    continues: none
    dataset: flights
    seed: 1
"""
LOCK = """\
schema: '2.0'
stages:
  train@a:
    cmd: perennial stage train a
    params:
      params.yaml:
        models.a.asOf: '2013-03-01'
  train@c:
    cmd: perennial stage train c
"""
ENTRY = RunParameters(dataset="flights", as_of=parse_time("2013-06-01T06:30:00Z"), seed=3, champion="none")


def test_narrowed_parameters_hold_one_model_and_the_comment() -> None:
    narrowed = narrow_parameters(PARAMETERS, "b", ENTRY)
    assert narrowed.startswith("# What a run may change.\n# Retrains write it.\nmodels:\n  b:\n")
    assert yaml.safe_load(narrowed)["models"] == {
        "b": {"asOf": "2013-06-01T06:30:00Z", "champion": "none", "continues": "none", "dataset": "flights", "seed": 3}
    }


def test_merging_a_models_parameters_changes_only_its_lines() -> None:
    merged = merge_parameters(PARAMETERS, narrow_parameters(PARAMETERS, "c", ENTRY), "c")
    assert merged == PARAMETERS.replace(
        "  c:\n    asOf: '2013-03-01'\n    champion: none\n    continues: none\n    dataset: flights\n    seed: 1\n",
        "  c:\n    asOf: '2013-06-01T06:30:00Z'\n    champion: none\n    continues: none\n    dataset: flights\n    seed: 3\n",
    )


def test_a_new_model_is_put_in_its_place() -> None:
    merged = merge_parameters(PARAMETERS, narrow_parameters(PARAMETERS, "b", ENTRY), "b")
    assert list(yaml.safe_load(merged)["models"]) == ["a", "b", "c"]


def test_dates_stay_text() -> None:
    assert "asOf: '2013-03-01'" in merge_parameters(PARAMETERS, PARAMETERS, "a")
    assert "models.a.asOf: '2013-03-01'" in merge_lock(LOCK, LOCK, "a")


def test_a_narrowed_lock_holds_one_models_stages() -> None:
    assert list(yaml.safe_load(narrow_lock(LOCK, "a"))["stages"]) == ["train@a"]
    assert narrow_lock(LOCK, "b") == ""
    assert narrow_lock("", "a") == ""


def test_merging_a_lock_leaves_the_neighbours_alone_and_drops_stages_that_are_gone() -> None:
    trained = "schema: '2.0'\nstages:\n  package@a:\n    cmd: perennial stage package a\n"
    stages = yaml.safe_load(merge_lock(LOCK, trained, "a"))["stages"]
    assert list(stages) == ["package@a", "train@c"]
    assert stages["train@c"] == yaml.safe_load(LOCK)["stages"]["train@c"]


def test_merging_what_is_there_changes_nothing() -> None:
    assert merge_lock(LOCK, narrow_lock(LOCK, "a"), "a") == LOCK
    assert merge_parameters(PARAMETERS, PARAMETERS, "a") == PARAMETERS


@given(st.permutations(["a", "b", "c"]))
def test_neighbouring_retrains_merge_in_any_order(order: list[str]) -> None:
    locks = {name: f"schema: '2.0'\nstages:\n  train@{name}:\n    cmd: new {name}\n" for name in order}
    merged = LOCK
    for name in order:
        merged = merge_lock(merged, locks[name], name)
    assert yaml.safe_load(merged)["stages"] == {f"train@{name}": {"cmd": f"new {name}"} for name in ("a", "b", "c")}


CONFLICT = """\
schema: '2.0'
stages:
<<<<<<< HEAD
  train@a:
=======
  train@b:
>>>>>>> retrain
"""


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (CONFLICT, 4, "mapping values are not allowed|could not find expected"),
        ("stages: [", 2, "did not find expected|flow"),
        ("stages: !!python/object/apply:os.system [touch /tmp/x]", 1, "could not determine a constructor"),
        ("stages:\n  a: \x00", 1, "unacceptable|control characters|special characters"),
        ("[" * 5_000 + "]" * 5_000, 1, "expected a mapping"),
        ("stages: [a]", 1, "expected a mapping with the key stages"),
        ("stages: {1: {cmd: x}}", 1, "names under it"),
        ("- a", 1, "expected a mapping"),
        ("just text", 1, "expected a mapping"),
    ],
    ids=[
        "a merge gone wrong",
        "cut short",
        "a tag",
        "a zero byte",
        "deep",
        "a list",
        "a number for a name",
        "a list only",
        "text",
    ],
)
def test_a_lock_that_is_none_is_a_problem_with_its_place(text: str, line: int, words: str) -> None:
    for use in (lambda: narrow_lock(text, "a"), lambda: merge_lock(text, LOCK, "a"), lambda: merge_lock(LOCK, text, "a")):
        with pytest.raises(InvalidSpecsError) as caught:
            use()
        (problem,) = caught.value.problems
        assert (problem.file, problem.line) == ("dvc.lock", line)
        assert re.search(words, problem.message), problem.message
        assert "git log -- dvc.lock" in problem.hint


@each("text", ["models: [a]", "models: {1: {}}", "- a", "models: }"])
def test_parameters_that_are_none_are_a_problem_too(text: str) -> None:
    with pytest.raises(InvalidSpecsError) as caught:
        merge_parameters(text, PARAMETERS, "a")
    assert caught.value.problems[0].file == "params.yaml"
    with pytest.raises(ReconcilerError, match=r"^params\.yaml:1:"):
        check_bookkeeping({"params.yaml": text, "dvc.lock": LOCK})


@each("text", ["", "\n", "# nothing yet\n", "null", "{}", "schema: '2.0'\n", "schema: '2.0'\nstages:\n"])
def test_a_lock_without_stages_is_no_problem(text: str) -> None:
    check_bookkeeping({"dvc.lock": text})
    assert narrow_lock(text, "a") == ""
    assert merge_lock(text, LOCK, "a") == merge_lock("", LOCK, "a")


def test_files_that_are_not_text_are_a_problem_with_the_byte() -> None:
    assert text_of({"dvc.lock": LOCK.encode()}, "dvc.lock") == LOCK
    assert text_of({}, "dvc.lock") == ""
    with pytest.raises(InvalidSpecsError) as caught:
        text_of({"dvc.lock": b"ab\xff"}, "dvc.lock")
    assert str(caught.value.problems[0]).startswith("dvc.lock:1:1 byte 0xff is not UTF-8")
