"""The words that validation knows are those of the libraries that are installed."""

import inspect
import json
from pathlib import Path

import pytest

from reconciler.specs import vocabulary
from reconciler.specs.training import Estimator

FILE = Path(vocabulary.__file__).with_name("vocabulary.json")
GENERAL = {"id", "meta", "notes", "rendered_content", "batch_id", "windows", "description", "catch_exceptions", "result_format"}


def estimators() -> dict:
    from sklearn import ensemble, linear_model

    kinds = {
        Estimator.HIST_GRADIENT_BOOSTING: (ensemble.HistGradientBoostingClassifier, ensemble.HistGradientBoostingRegressor),
        Estimator.RANDOM_FOREST: (ensemble.RandomForestClassifier, ensemble.RandomForestRegressor),
        Estimator.LOGISTIC_REGRESSION: (linear_model.LogisticRegression, None),
        Estimator.RIDGE: (None, linear_model.Ridge),
        Estimator.SGD: (linear_model.SGDClassifier, linear_model.SGDRegressor),
    }
    return {
        str(name): {
            task: [word for word in inspect.signature(kind).parameters if word not in vocabulary.SET_BY_US]
            for task, kind in zip(("classification", "regression"), pair, strict=True)
            if kind
        }
        for name, pair in kinds.items()
    }


def expectations() -> dict:
    import great_expectations.expectations as known

    found = {}
    for kind in vars(known).values():
        if not getattr(kind, "expectation_type", None):
            continue
        fields = {word: field for word, field in kind.__fields__.items() if word not in GENERAL}
        found[kind.expectation_type] = {
            "arguments": sorted(fields),
            "required": sorted(word for word, field in fields.items() if field.required),
        }
    return found


@pytest.mark.filterwarnings("ignore")  # of modules that Great Expectations imports
def test_the_vocabulary_is_that_of_the_installed_libraries(request: pytest.FixtureRequest):
    current = {"estimators": estimators(), "expectations": expectations()}
    if request.config.getoption("--accept"):
        FILE.write_text(json.dumps(current, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert json.loads(FILE.read_text(encoding="utf-8")) == current
