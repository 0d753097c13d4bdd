"""A policy tried on history: what guards, gates, failures and the future do to it, as they would in the loop."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import roc_auc_score

from reconciler.adapters.clock import FixedClock
from reconciler.adapters.fakes.forge import FakeForge
from reconciler.adapters.git import GitRepository
from reconciler.domain.decisions import Hold
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.errors import ReconcilerError
from reconciler.pipeline.score import Predicted
from reconciler.pipeline.train import train
from reconciler.ports import Readers
from reconciler.simulate.answered import Answered, measured
from reconciler.simulate.stream import moments, try_policy
from reconciler.simulate.trial import Trial, Tried
from reconciler.specs.model import Task
from reconciler.specs.policies import GatePolicy, RetrainPolicy
from tests.builders import DAY, a_model, a_policy
from tests.repositories import a_repository
from tests.runs import FolderStore, flights
from tests.scoring import LINEAR, DictMemory
from tests.snapshots import a_run

FROM, UNTIL = datetime(2013, 3, 1, tzinfo=UTC), datetime(2013, 3, 25, tzinfo=UTC)
WEEK = timedelta(weeks=1)
EVERY_WEEK = {"type": "newLabels", "rows": 100}
FLOOR = {"type": "floor", "metric": "rocAuc", "atLeast": 0.6}
ROWS = flights(90 * 24)
Tries = Callable[..., Tried]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> GitRepository:
    return a_repository(tmp_path_factory.mktemp("git") / "repository")


@pytest.fixture
def tries(repository: GitRepository, tmp_path: Path) -> Tries:
    """Try a policy on four weeks; `model` are changes of its spec, other changes the trial's."""

    def make(
        rows: pl.DataFrame = ROWS,
        *,
        triggers: Any = EVERY_WEEK,
        guards: Any = (),
        gates: Any = (FLOOR,),
        model: Any = None,
        dataset: Any = None,
        **changes: Any,
    ) -> Tried:
        run = a_run(tmp_path, as_of=FROM, rows=rows, **(dataset or {}))
        spec = a_model(**{"training": LINEAR, "metrics": ["rocAuc"]} | (model or {}))
        readers = Readers(
            clock=FixedClock(FROM),
            repository=repository,
            forge=FakeForge({}),
            data=run.data,
            artifacts=FolderStore(),
            memory=DictMemory(),
        )
        trial = Trial(
            model=spec,
            dataset=run.dataset,
            retrain=a_policy(RetrainPolicy, triggers=triggers, guards=list(guards)),
            gates=a_policy(GatePolicy, gates=list(gates)),
            context=replace(run, model=spec),
            readers=readers,
        )
        return try_policy(replace(trial, **changes), moments(FROM, UNTIL, WEEK), WEEK, UNTIL)

    return make


def guarded(tried: Tried) -> list[str]:
    """The guards that held what was due, moment by moment; empty where none did."""
    held = [moment.decision for moment in tried.moments]
    return [decision.message if isinstance(decision, Hold) and decision.code == "guarded" else "" for decision in held]


def trained(tried: Tried) -> list[bool]:
    return [bool(moment.retrained) for moment in tried.moments]


def hourly_clock() -> Iterator[float]:
    """Every look at it is half an hour later, so a training takes half an hour."""
    return (1800.0 * look for look in count())


@pytest.mark.parametrize(("days", "every", "number"), [(21, 7, 3), (22, 7, 4), (1, 7, 1), (0, 7, 0), (-1, 7, 0)], ids=str)
def test_moments_stop_before_the_end(days: int, every: int, number: int) -> None:
    found = list(moments(FROM, FROM + days * DAY, every * DAY))
    assert found == [FROM + index * every * DAY for index in range(number)]


def test_rows_are_answered_up_to_the_end_and_no_further(tries: Tries) -> None:
    tried = tries()
    assert trained(tried) == [True] * 4
    assert (tried.retrains, tried.refused, tried.rows) == (3, 0, 24 * 24)


def test_what_happens_later_changes_nothing_before(tries: Tries) -> None:
    second = FROM + WEEK
    is_later = pl.col("scheduled") >= second
    other = ROWS.with_columns(
        pl.when(is_later).then(-pl.col("arr_delay")).otherwise(pl.col("arr_delay")).alias("arr_delay"),
        pl.when(is_later).then(9e5).otherwise(pl.col("distance")).alias("distance"),
    )
    both = [
        tries(rows, triggers={"type": "dataDrift", "statistic": "psi", "window": "7d", "minimumRows": 100})
        for rows in (ROWS, other)
    ]
    assert both[0].moments[:2] == both[1].moments[:2]
    assert both[0].moments[2:] != both[1].moments[2:]


def test_labels_that_come_after_the_moment_are_not_known_at_it(tries: Tries) -> None:
    late = ROWS.with_columns((pl.col("scheduled") + pl.duration(days=20)).alias("came"))
    columns = [
        {"name": "scheduled", "type": "time"},
        {"name": "distance", "type": "number"},
        {"name": "carrier", "type": "category"},
        {"name": "arr_delay", "type": "number", "known": "after"},
        {"name": "came", "type": "time", "known": "after"},
    ]
    label = {"column": "arr_delay", "delay": "1d", "arrived": "came"}
    tried = tries(late, dataset={"label": label, "columns": columns}, triggers={"type": "newLabels", "rows": 1})
    assert trained(tried) == [True, False, False, True]


def test_a_refused_first_release_is_tried_again_when_the_policy_says_so(tries: Tries) -> None:
    tried = tries(gates=[FLOOR | {"atLeast": 0.9999}])
    assert [moment.retrained.partition(":")[0] for moment in tried.moments] == ["firstRelease", *["newLabels"] * 3]
    assert (tried.refused, tried.rows) == (4, 0)
    assert "floor" in tried.moments[0].refused
    found = tried.metrics["rocAuc"]
    assert isinstance(found, Missing)
    assert found.code == "insufficientData"
    assert trained(tries(gates=[FLOOR | {"atLeast": 0.9999}], triggers={"type": "newLabels", "rows": 9999})) == [
        True,
        False,
        False,
        False,
    ]


def test_labels_are_new_after_what_was_trained_last_even_if_it_was_refused(tries: Tries) -> None:
    never_better = {"type": "beatsLive", "metric": "rocAuc", "minGain": 0.5, "confidence": 0.95}
    tried = tries(gates=[FLOOR, never_better], triggers={"type": "newLabels", "rows": 300})
    assert trained(tried) == [True, False, True, False]
    assert [bool(moment.refused) for moment in tried.moments] == [False, False, True, False]
    assert tried.rows == 24 * 24


def test_a_training_that_fails_is_on_record_so_backoff_waits(tries: Tries, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = count()

    def second_fails(context: Any) -> None:
        if next(calls) == 1:
            raise ReconcilerError("out of memory")
        train(context)

    monkeypatch.setattr("reconciler.simulate.stream.train", second_fails)
    tried = tries(guards=[{"type": "backoff", "first": "10d", "longest": "20d"}])
    assert trained(tried) == [True, False, False, True]
    failed = tried.moments[1].decision
    assert isinstance(failed, Hold)
    assert (failed.code, failed.message, tried.moments[1].failed) == ("trainingFailed", "out of memory", "out of memory")
    assert "backoff says NO" in guarded(tried)[2]


def test_a_first_training_that_fails_ends_it(tries: Tries) -> None:
    with pytest.raises(ReconcilerError):
        tries(ROWS.clear())


def test_trainings_cost_what_they_take_so_a_budget_holds_them(tries: Tries) -> None:
    price, budget = {"perHour": 20.0, "currency": "USD"}, {"type": "budget", "perMonth": 35.0}
    tried = tries(model={"price": price}, guards=[budget], seconds=hourly_clock().__next__)
    assert trained(tried) == [True, True, True, False]
    assert "3 trainings of this model in 2013-03 cost 30.00 USD" in guarded(tried)[3]
    unpriced = tries(guards=[budget], seconds=hourly_clock().__next__)
    assert trained(unpriced) == [True, False, False, False]
    assert "budget says UNKNOWN" in guarded(unpriced)[1]


def test_a_rate_limit_counts_the_trainings_of_the_trial(tries: Tries) -> None:
    tried = tries(guards=[{"type": "rateLimit", "atMost": 2, "per": "28d"}])
    assert trained(tried) == [True, True, False, False]


def test_a_fall_is_measured_from_the_evidence_of_what_is_live(tries: Tries) -> None:
    fall = {"type": "performance", "metric": "rocAuc", "drop": 0.2, "window": "5d", "minimumRows": 100}
    worse = ROWS.with_columns(
        pl.when(pl.col("scheduled") >= FROM + DAY)
        .then(50 - pl.col("arr_delay"))
        .otherwise(pl.col("arr_delay"))
        .alias("arr_delay")
    )
    calm, alarmed = tries(triggers=fall), tries(worse, triggers=fall)
    said = [leaf for judged in calm.moments[1].decision.judgements for leaf in judged.leaves() if leaf.rule == "performance"]
    assert [leaf.answer for leaf in said] == [Answer.NO]
    assert trained(calm) == [True, False, False, False]
    assert trained(alarmed)[:2] == [True, True]


def test_a_model_that_is_observed_by_its_log_is_scored_from_the_dataset(tries: Tries) -> None:
    fall = {"type": "performance", "metric": "rocAuc", "below": 0.99, "window": "5d", "minimumRows": 100}
    assert trained(tries(triggers=fall, model={"observe": "log"})) == [True] * 4


def part(classes: tuple[str, ...], truth: list[int], answers: list[float]) -> Answered:
    rows = Predicted(task=Task.BINARY, truth=np.array(truth), prediction=np.array(answers))
    return Answered(rows=rows, classes=classes)


def test_metrics_are_of_all_rows_together() -> None:
    parts = [part(("a", "b"), [0, 1], [0.4, 0.3]), part(("a", "b"), [1], [0.9])]
    assert measured(parts, ["rocAuc"]) == {"rocAuc": roc_auc_score([0, 1, 1], [0.4, 0.3, 0.9])}


def test_codes_of_different_classes_are_not_measured_together() -> None:
    found = measured([part(("a", "b"), [0], [0.4]), part(("a", "b", "c"), [1], [0.9])], ["rocAuc", "brier"])
    why = Missing(code="otherClasses", why="models of 2 sets of classes were live, of 2 and 3 classes")
    assert found == {"rocAuc": why, "brier": why}
