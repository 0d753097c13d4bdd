"""A search of parameters: judged by time, the same again from the same seed, and after a kill as if nothing had happened."""

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from reconciler.errors import ReconcilerError
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.folds import folds_of
from reconciler.pipeline.search import STUDY
from reconciler.pipeline.train import train
from tests.repositories import ENVIRONMENT
from tests.runs import HOUR, SMALL, START, a_context, flights, take_snapshot

SPACE = {
    "learning_rate": {"low": 0.01, "high": 1.0, "log": True},
    "max_leaf_nodes": {"low": 3, "high": 15, "step": 4},
    "l2_regularization": {"values": [0.0, 1.0, 10.0]},
}
SEARCH = {"trials": 4, "folds": 2, "space": SPACE}


def a_search(root: Path, unfinished: Path | None = None, **changes: Any) -> StageContext:
    """A run with a snapshot whose parameters are searched."""
    training = {"holdout": "14d", "parameters": {"max_iter": 5}, "search": SEARCH | changes}
    context = replace(a_context(root, training=training), unfinished=unfinished)
    take_snapshot(context)
    return context


def record(context: StageContext) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(context.path("training.json").read_text())
    return found


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> StageContext:
    context = a_search(tmp_path_factory.mktemp("undisturbed"))
    train(context)
    return context


def test_the_record_tells_every_trial_and_the_best(searched: StageContext) -> None:
    told = record(searched)["search"]
    assert told["metric"] == "rocAuc"
    assert told["folds"] == [{"trainRows": 476, "validationRows": 500}, {"trainRows": 976, "validationRows": 500}]
    assert len(told["trials"]) == 4
    assert told["value"] == max(trial["value"] for trial in told["trials"]) == told["trials"][told["best"]]["value"]
    for trial in told["trials"]:
        chosen = trial["parameters"]
        assert 0.01 <= chosen["learning_rate"] <= 1
        assert chosen["max_leaf_nodes"] in (3, 7, 11, 15)
        assert chosen["l2_regularization"] in (0, 1, 10)


def test_the_model_is_trained_with_the_best(searched: StageContext) -> None:
    told = record(searched)
    assert told["parameters"] == {"max_iter": 5, **told["search"]["trials"][told["search"]["best"]]["parameters"]}
    shown = json.loads(searched.path("live/metrics.json").read_text())
    assert shown["search"]["rocAuc"] == pytest.approx(told["search"]["value"], rel=1e-6)


def test_without_a_search_nothing_is_told_of_one(tmp_path: Path) -> None:
    context = a_context(tmp_path)
    take_snapshot(context)
    train(context)
    assert record(context) == {"parameters": SMALL, "search": None}


VICTIM = """
import os, signal, sys
from pathlib import Path
from reconciler.pipeline import search
from reconciler.pipeline.train import train
from tests.integration.pipeline.test_search import a_search
root, unfinished, fits = sys.argv[1:]
left, fit = int(fits), search.fit
def dying(*args):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return fit(*args)
search.fit = dying
train(a_search(Path(root), Path(unfinished)))
"""


@pytest.mark.slow
@pytest.mark.parametrize("fits", [1, 4, 7], ids=["in the first trial", "after two trials", "in the last trial"])
def test_after_a_kill_only_what_is_left_is_tried_and_the_result_is_the_same(
    tmp_path: Path, searched: StageContext, fits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "unfinished"
    command = [sys.executable, "-c", VICTIM, str(tmp_path / "killed"), str(kept), str(fits)]
    assert subprocess.run(command, env=ENVIRONMENT, check=False).returncode == -signal.SIGKILL
    assert len(list(kept.glob(f"flight-delay-*/{STUDY}"))) == 1

    judged: list[int] = []
    from reconciler.pipeline import search

    fit = search.fit
    monkeypatch.setattr(search, "fit", lambda *args: (judged.append(1), fit(*args))[1])
    again = a_search(tmp_path / "again", kept)
    train(again)
    assert len(judged) == 8 - 2 * (fits // 2)
    for name in ("training.json", "fitted/model.skops", "contract.json"):
        assert again.path(name).read_bytes() == searched.path(name).read_bytes()
    assert not list(kept.iterdir())


def test_another_seed_tries_others(tmp_path: Path, searched: StageContext) -> None:
    context = a_search(tmp_path)
    train(replace(context, parameters=context.parameters.model_copy(update={"seed": 1})))
    assert record(context)["search"]["trials"] != record(searched)["search"]["trials"]


def test_a_study_that_cannot_be_read_is_begun_anew(tmp_path: Path, searched: StageContext) -> None:
    kept = tmp_path / "unfinished"
    context = a_search(tmp_path / "run", kept)
    train(context)
    from reconciler.pipeline.stored import read_data
    from reconciler.pipeline.unfinished import _key

    folder = kept / _key(context, read_data(context))
    folder.mkdir()
    (folder / STUDY).write_bytes(b"no database at all" * 100)
    train(context)
    assert record(context) == record(searched)


def test_a_trial_that_cannot_be_judged_is_told_and_stops_no_other(tmp_path: Path) -> None:
    context = a_search(tmp_path, space={"max_leaf_nodes": {"values": [1, 7]}}, trials=6)
    train(context)
    trials = record(context)["search"]["trials"]
    assert {trial["parameters"]["max_leaf_nodes"] for trial in trials if "error" in trial} == {1}
    assert record(context)["parameters"]["max_leaf_nodes"] == 7
    alone = a_search(tmp_path / "alone", space={"max_leaf_nodes": {"values": [1]}}, trials=2)
    with pytest.raises(ReconcilerError, match=r"none of 2 trials could be judged; the last: .*max_leaf_nodes"):
        train(alone)


class TestFolds:
    def folds(self, rows: pl.DataFrame, count: int, delay: timedelta = 24 * HOUR) -> list[tuple[int, int]]:
        return [(fold.train.height, fold.validation.height) for fold in folds_of(rows, "scheduled", count, delay)]

    def test_each_part_is_judged_with_what_was_known_before_it(self) -> None:
        rows = flights(100)
        for fold in folds_of(rows, "scheduled", 3, 10 * HOUR):
            assert fold.train["scheduled"].max() < fold.validation["scheduled"].min() - 10 * HOUR
        assert self.folds(rows, 3, 10 * HOUR) == [(15, 25), (40, 25), (65, 25)]

    def test_rows_of_one_moment_are_not_learnt_from_before_they_are_judged(self) -> None:
        rows = flights(40).with_columns(pl.lit(START).alias("scheduled"))
        with pytest.raises(ReconcilerError, match="fold 1 of 1 has 0 rows to learn from and 20 to judge by"):
            self.folds(rows, 1, timedelta(0))

    def test_too_few_rows_are_told_with_the_numbers(self) -> None:
        with pytest.raises(ReconcilerError, match="fold 1 of 3 has 0 rows to learn from and 10 to judge by: 40 training rows"):
            self.folds(flights(40), 3)
        with pytest.raises(ReconcilerError, match="2 training rows are too few for 5 folds"):
            self.folds(flights(2), 5)
