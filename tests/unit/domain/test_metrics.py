"""The names of the metrics, by task."""

from reconciler.domain.metrics import METRICS, metrics_of
from tests.cases import each


@each(
    ("task", "names"),
    [
        ("binary", {"rocAuc", "averagePrecision", "accuracy", "f1", "precision", "recall", "brier", "logLoss"}),
        ("multiclass", {"accuracy", "macroF1", "logLoss"}),
        ("regression", {"mae", "rmse", "r2"}),
        ("ranking", set()),
    ],
)
def test_each_task_has_its_metrics(task, names):
    assert set(metrics_of(task)) == names


def test_losses_are_better_when_lower():
    assert {name for name, metric in METRICS.items() if not metric.higher_is_better} == {"brier", "logLoss", "mae", "rmse"}
