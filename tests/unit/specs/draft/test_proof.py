import pytest

from reconciler.domain.metrics import metrics_of
from reconciler.domain.survey import ColumnSurvey, TableSurvey, Trivial
from reconciler.specs.draft.proof import Proof, proof_of
from reconciler.specs.draft.target import target_of
from reconciler.specs.draft.timing import timing_of
from reconciler.specs.draft.wishes import UnfitDataError
from tests.surveys import a_number, a_table, a_text


def proof(table: TableSurvey) -> Proof:
    target = target_of(table.label, None)
    return proof_of(table, target, timing_of(table, target, None))


@pytest.mark.parametrize(
    ("label", "task", "bound", "alarm"),
    [
        (a_text("y", "no", "yes"), "binary", ("atLeast", "0.55"), ("below", "0.55")),
        (a_text("y", "a", "b", "c", "d"), "multiclass", ("atLeast", "0.1"), ("below", "0.1")),
        (a_number("y"), "regression", ("atMost", "10.5"), ("above", "10.5")),
    ],
)
def test_the_first_metric_has_a_trivial_baseline_as_its_bound(
    label: ColumnSurvey, task: str, bound: tuple[str, str], alarm: tuple[str, str]
) -> None:
    found = proof(a_table(label=label))

    assert (found.bound, found.alarm) == (bound, alarm)
    assert set(found.metrics) <= set(metrics_of(task))


def test_few_rows_to_judge_by_are_enough_when_there_are_no_more() -> None:
    assert proof(a_table()).minimum_rows == 200
    assert proof(a_table(label=a_text("y", "no", "yes", present=120))).minimum_rows == 12


def test_the_margin_grows_as_the_rarer_class_shrinks() -> None:
    rare = a_text("y", "no", "yes", values=(("no", 19_900), ("yes", 100)))

    assert proof(a_table(label=rare)).margin > proof(a_table()).margin


def test_a_class_too_rare_to_set_rows_apart_switches_early_stopping_off() -> None:
    rare = a_text("y", "a", "b", "c", values=(("a", 10_000), ("b", 9_990), ("c", 10)))

    assert proof(a_table(label=rare)).parameters == {"early_stopping": False, "l2_regularization": 10.0}
    assert proof(a_table()).parameters == {}


@pytest.mark.parametrize(
    "trivial",
    [
        None,
        Trivial(mae_of_median=0.0, mae_of_mean=0.0, mae_of_recent_mean=0.0),
        Trivial(mae_of_median=1.0, mae_of_mean=float("inf"), mae_of_recent_mean=1.0),
    ],
)
def test_a_quantity_that_the_newest_rows_do_not_vary_in_is_refused(trivial: Trivial | None) -> None:
    with pytest.raises(UnfitDataError, match="newest fifth of y"):
        proof(a_table(label=a_number("y"), trivial=trivial))


def test_a_quantity_that_moves_with_time_is_told() -> None:
    moving = Trivial(mae_of_median=10.0, mae_of_mean=10.0, mae_of_recent_mean=5.0)

    assert proof(a_table(label=a_number("y"), trivial=moving)).moving
    assert not proof(a_table(label=a_number("y"))).moving
