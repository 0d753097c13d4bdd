import polars as pl
import pytest
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from reconciler.pipeline.artifact import Contract, predictions
from reconciler.specs.model import Estimator, Features, Target, Task

ROWS = pl.DataFrame({"size": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]})


@pytest.mark.parametrize(
    ("task", "classes", "shape"),
    [(Task.BINARY, ("a", "b"), ()), (Task.MULTICLASS, ("a", "b", "c"), (3,)), (Task.REGRESSION, (), ())],
)
def test_no_rows_have_no_predictions_and_that_is_no_error(task: Task, classes: tuple[str, ...], shape: tuple[int, ...]) -> None:
    kind = DecisionTreeRegressor if task is Task.REGRESSION else DecisionTreeClassifier
    fitted = kind().fit(ROWS, [row % max(1, len(classes)) for row in range(ROWS.height)])
    contract = Contract(
        model="m",
        dataset="d",
        task=task,
        estimator=Estimator.CUSTOM,
        label="y",
        target=Target(),
        classes=classes,
        bounds=(),
        features=Features(numeric=("size",)),
        types={"size": "number"},
    )

    assert predictions(fitted, contract, ROWS).shape == (6, *shape)
    assert predictions(fitted, contract, ROWS.clear()).shape == (0, *shape)
