"""The spec becomes a pipeline, or an error that names the file and the field."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from reconciler.errors import ReconcilerError
from reconciler.pipeline.build import build_pipeline
from reconciler.pipeline.columns import features_of
from tests.builders import a_model
from tests.runs import flights

ROOT = Path("unused")


def training(estimator: str, **parameters: Any) -> dict[str, Any]:
    return {"holdout": "14d", "estimator": estimator, "parameters": parameters}


@pytest.mark.parametrize(
    ("task", "estimator", "made"),
    [
        ("binary", "histGradientBoosting", "HistGradientBoostingClassifier"),
        ("regression", "histGradientBoosting", "HistGradientBoostingRegressor"),
        ("multiclass", "randomForest", "RandomForestClassifier"),
        ("regression", "randomForest", "RandomForestRegressor"),
        ("binary", "logisticRegression", "LogisticRegression"),
        ("regression", "ridge", "Ridge"),
    ],
)
def test_each_estimator_is_built_for_its_task(task: str, estimator: str, made: str) -> None:
    model = a_model(task=task, training=training(estimator), target={})
    last = build_pipeline(model, 7, ROOT).steps[-1][1]
    assert (type(last).__name__, last.random_state) == (made, 7)


@pytest.mark.parametrize("estimator", ["histGradientBoosting", "randomForest", "logisticRegression"])
def test_missing_and_unseen_categories_are_answered(estimator: str) -> None:
    model = a_model(training=training(estimator))
    rows = features_of(flights(80), model.spec.features)
    fitted = build_pipeline(model, 0, ROOT).fit(rows, [0, 1] * 40)
    odd = rows.head(3).with_columns(carrier=pl.Series(["never seen", None, "AA"]))
    assert fitted.predict_proba(odd).shape == (3, 2)


def test_many_categories_do_not_break_boosting() -> None:
    model = a_model(training=training("histGradientBoosting", max_iter=2))
    rows = pl.DataFrame({"distance": [1.0] * 900, "carrier": [f"c{i % 450}" for i in range(900)]})
    assert build_pipeline(model, 0, ROOT).fit(rows, [0, 1] * 450).predict(rows).shape == (900,)


@pytest.mark.parametrize(
    ("changes", "words", "help"),
    [
        ({"training": training("histGradientBoosting", max_itr=1)}, "spec.training.parameters.max_itr: .* no such", "max_iter"),
        ({"training": training("histGradientBoosting", random_state=1)}, "random_state: is set by Perennial", ""),
        ({"training": training("histGradientBoosting", max_iter="many")}, "'max_iter' parameter .* must be", "validate"),
        ({"training": training("ridge")}, "ridge does not fit the task binary", "logisticRegression"),
        ({"training": training("logisticRegression"), "task": "regression", "target": {}}, "does not fit", "ridge"),
    ],
)
def test_bad_training_specs_name_file_and_field(changes: dict[str, Any], words: str, help: str) -> None:
    with pytest.raises(ReconcilerError, match=f"models/flight-delay/model.yaml .*{words}") as caught:
        build_pipeline(a_model(**changes), 0, ROOT)
    assert help in caught.value.help


def own_code(root: Path, text: str) -> None:
    (root / "models/flight-delay").mkdir(parents=True)
    (root / "models/flight-delay/pipeline.py").write_text(text)


def test_the_teams_own_pipeline_gets_spec_and_seed(tmp_path: Path) -> None:
    own_code(
        tmp_path,
        "from sklearn.dummy import DummyClassifier\n"
        "def build(spec, seed):\n    return DummyClassifier(strategy=spec['training']['parameters']['how'], random_state=seed)\n",
    )
    built = build_pipeline(a_model(training=training("custom", how="prior")), 3, tmp_path)
    assert (built.strategy, built.random_state) == ("prior", 3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def build(spec, seed):\n    x = 1\n    return 1 / 0\n", r"pipeline\.py:3 ZeroDivisionError"),
        ("def build(:\n", r"pipeline\.py:1 SyntaxError"),
        ("import no_such_module\n", r"pipeline\.py:1 ModuleNotFoundError"),
        ("x = 1\n", "has no attribute 'build'"),
        ("def build(spec, seed):\n    return 3\n", "build returned int, which has no fit and predict"),
    ],
)
def test_an_error_in_own_code_shows_its_line(tmp_path: Path, text: str, words: str) -> None:
    own_code(tmp_path, text)
    with pytest.raises(ReconcilerError, match=words):
        build_pipeline(a_model(training=training("custom")), 0, tmp_path)


def test_own_code_outside_of_the_models_folder_is_not_run(tmp_path: Path) -> None:
    (tmp_path / "models/flight-delay").mkdir(parents=True)
    (tmp_path / "evil.py").write_text("raise SystemExit('ran')\n")
    (tmp_path / "models/flight-delay/pipeline.py").symlink_to(tmp_path / "evil.py")
    with pytest.raises(ReconcilerError, match="does not exist"):
        build_pipeline(a_model(training=training("custom")), 0, tmp_path)
