"""params.yaml and dvc.lock: narrowed for one model, merged back for all."""

import yaml
from hypothesis import given
from hypothesis import strategies as st

from reconciler.plan.bookkeeping import merge_lock, merge_parameters, narrow_lock, narrow_parameters
from reconciler.rules.fields import parse_time
from reconciler.specs.parameters import RunParameters

PARAMETERS = """\
# What a run may change.
# Retrains write it.
models:
  a:
    asOf: '2013-03-01'
    champion: none
    dataset: flights
    seed: 7
  c:
    asOf: '2013-03-01'
    champion: none
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
        "b": {"asOf": "2013-06-01T06:30:00Z", "champion": "none", "dataset": "flights", "seed": 3}
    }


def test_merging_a_models_parameters_changes_only_its_lines() -> None:
    merged = merge_parameters(PARAMETERS, narrow_parameters(PARAMETERS, "c", ENTRY), "c")
    assert merged == PARAMETERS.replace(
        "  c:\n    asOf: '2013-03-01'\n    champion: none\n    dataset: flights\n    seed: 1\n",
        "  c:\n    asOf: '2013-06-01T06:30:00Z'\n    champion: none\n    dataset: flights\n    seed: 3\n",
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
