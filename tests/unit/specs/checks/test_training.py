"""Programs, searches, checkpoints and weights fit the estimator, the contract and the model's files."""

import pytest

from reconciler.errors import InvalidSpecsError
from reconciler.specs.load import load_specs
from tests.cases import each
from tests.specs import changed

MODEL = "models/flight-delay/model.yaml"
PROGRAMS = "estimator: command\n    command: [python, models/flight-delay/train.py]\n    "
ASKED = "predict: {command: [python, models/flight-delay/predict.py]}"
FILES = {"models/flight-delay/train.py": "", "models/flight-delay/predict.py": ""}


def told(training: str, **files: str) -> list[str]:
    """The problems of a model that is trained so."""
    edit = (MODEL, "estimator: histGradientBoosting", training)
    try:
        load_specs(changed(edit, **files))
    except InvalidSpecsError as error:
        return [f"{problem.field}: {problem.message} ({problem.hint})" for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("training", "files", "problem"),
    [
        (PROGRAMS + ASKED, FILES, None),
        (PROGRAMS + ASKED + "\n    rows: csv", FILES, None),
        (
            "estimator: command\n    " + ASKED,
            FILES,
            "estimator: the estimator command needs command, the program that trains "
            "(command: [python, models/flight-delay/train.py])",
        ),
        (
            PROGRAMS,
            FILES,
            "estimator: the estimator command needs predict, the program that answers for rows "
            "(predict: {command: [python, models/flight-delay/predict.py]})",
        ),
        (
            "estimator: randomForest\n    " + ASKED,
            FILES,
            "predict: predict means nothing to the estimator randomForest (use estimator: command, or remove it)",
        ),
        (
            PROGRAMS + ASKED,
            {"models/flight-delay/train.py": "", "models/flight-delay/predikt.py": ""},
            'predict.command[1]: there is no models/flight-delay/predict.py (did you mean "models/flight-delay/predikt.py"?)',
        ),
        (
            PROGRAMS + "predict: {command: [python, models/other/predict.py]}",
            FILES,
            "predict.command[1]: models/other/predict.py is not in models/flight-delay/, and a program is given the files of "
            "that folder only (move it to models/flight-delay/)",
        ),
        (PROGRAMS + ASKED + "\n    rows: xml", FILES, 'rows: expected one of parquet, csv, got "xml" ()'),
    ],
    ids=["valid", "valid with csv", "no training", "no answers", "foreign", "misspelt", "elsewhere", "another format"],
)
def test_programs_are_two_and_their_files_are_the_models(training, files, problem):
    wanted = [] if problem is None else [f"spec.training.{problem}"]
    assert [one for one in told(training, **files) if "parameters" not in one] == wanted


def searched(space: str, more: str = "") -> str:
    """A training that searches this space."""
    return f"estimator: histGradientBoosting\n    search: {{trials: 5, space: {{{space}}}{more}}}"


@each(
    ("training", "problem"),
    [
        (searched("learning_rate: {low: 0.01, high: 0.3, log: true}, max_depth: {values: [3, null]}"), None),
        (searched("max_leaf_nodes: {low: 3, high: 63, step: 4}", ", metric: brier, folds: 5"), None),
        (
            searched("learning_rat: {low: 0.1, high: 1}"),
            'space.learning_rat: histGradientBoosting has no parameter "learning_rat" (did you mean "learning_rate"?)',
        ),
        (
            searched("random_state: {values: [1, 2]}"),
            "space.random_state: random_state is set by Perennial (the seed is in params.yaml)",
        ),
        (
            searched("max_iter: {low: 5, high: 50}"),
            "space.max_iter: max_iter is set to 50 in parameters, and searched as well (remove one of the two)",
        ),
        (
            searched("max_depth: {low: 5, high: 50}", ", metric: rmse"),
            "metric: rmse is no metric of a binary task (it has rocAuc, averagePrecision, accuracy, f1, precision, recall, "
            "brier, logLoss)",
        ),
        (searched("max_depth: {low: 5}"), "space.max_depth: expected low and high, or a list of values ()"),
        (searched("max_depth: {low: 5, high: 5}"), "space.max_depth: expected low below high, got 5 and 5 ()"),
        (
            searched("max_depth: {low: 5, values: [1]}"),
            "space.max_depth: expected a list of values or a range, got values and low ()",
        ),
        (
            searched("max_depth: {low: 0, high: 5, log: true}"),
            "space.max_depth: expected low above 0, because log compares orders of magnitude, got 0 ()",
        ),
        (
            searched("max_depth: {low: 1, high: 5, step: 0.5}"),
            "space.max_depth: expected a whole step between the whole numbers 1 and 5, got 0.5 ()",
        ),
        (searched("max_depth: {low: 1, high: 5, step: 9}"), "space.max_depth: expected step above 0 and at most 4, got 9 ()"),
        (searched("max_depth: {low: few, high: 5}"), 'space.max_depth.low: expected a number, got "few" ()'),
        (searched("max_depth: {values: []}"), "space.max_depth.values: expected a list of at least 1 item, got an empty list ()"),
        (searched("max_depth: {low: 1, high: 5}", ", fold: 5"), 'fold: unknown key (did you mean "folds"?)'),
    ],
)
def test_a_search_is_of_parameters_that_there_are_within_bounds_that_can_be(training, problem):
    assert told(training) == ([] if problem is None else [f"spec.training.search.{problem}"])


def kept(estimator: str) -> str:
    """A training of this estimator with checkpoints."""
    return f"estimator: {estimator}\n    checkpoint: {{every: 20}}"


def weighed(weights: str) -> str:
    """A training whose rows are weighed so."""
    return f"estimator: histGradientBoosting\n    {weights}"


@each(
    ("training", "problem"),
    [
        (kept("histGradientBoosting"), None),
        (
            kept("logisticRegression"),
            "checkpoint: logisticRegression is not trained in rounds, so there is nothing to keep "
            "(only histGradientBoosting and randomForest can)",
        ),
        (
            weighed("incremental: {fullEvery: 30d}"),
            "incremental: histGradientBoosting cannot be trained further, only anew (sgd can, and custom with a last step that "
            "has partial_fit)",
        ),
        (weighed("weights: {halfLife: 30d, balanced: true}"), None),
        (weighed("weights: {column: airTime}\n    labelConfidence: {column: airTime, atLeast: 0.8}"), None),
        (weighed("weights: {}"), "weights: expected one of column, halfLife and balanced: true ()"),
        (
            weighed("weights: {column: airtime}"),
            'weights.column: "airtime" is not a column of dataset flights (did you mean "airTime"?)',
        ),
        (weighed("weights: {column: delay}"), 'weights.column: "delay" is the label ()'),
        (weighed("weights: {column: remarks}"), 'weights.column: "remarks" is of type text, and a number is needed ()'),
        (
            weighed("labelConfidence: {column: distance, atLeast: 1}"),
            'labelConfidence.column: "distance" is a feature too: a model that sees how much a row counts learns from that '
            "(remove it from the features, or name another column)",
        ),
        (weighed("labelConfidence: {column: airTime}"), "labelConfidence.atLeast: is missing (expected a number)"),
    ],
)
def test_checkpoints_and_weights_fit_the_estimator_and_the_contract(training, problem):
    wanted = [] if problem is None else [f"spec.training.{problem}"]
    assert [one for one in told(training) if "parameters" not in one] == wanted
