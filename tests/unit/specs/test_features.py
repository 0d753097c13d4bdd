"""Features against the contract: what may be looked at, how it may be treated, and where training code must be."""

import pytest

from reconciler.specs.load import load_specs
from reconciler.specs.paths import SPEC_PREFIXES
from tests.cases import each
from tests.specs import ROOT, a_repository, edited, problems

DATASET = "datasets/flights.yaml"
MODEL = "models/flight-delay/model.yaml"


def with_column(column: str, numeric: str = "[distance]", categorical: str = "[carrier]") -> dict[str, bytes]:
    """The repository with one more column in the contract, and other features."""
    dataset = ROOT[DATASET].replace(
        "    - {name: remarks, type: text}\n", f"    - {{name: remarks, type: text}}\n    - {column}\n"
    )
    model = ROOT[MODEL].replace("[distance]", numeric).replace("[carrier]", categorical)
    return a_repository(**{DATASET: dataset, MODEL: model})


@pytest.mark.parametrize(
    ("column", "numeric", "categorical"),
    [
        ("{name: x, type: boolean}", "[x]", "[]"),
        ("{name: x, type: integer}", "[]", "[x]"),
        ("{name: x, type: number}", "[distance]", "[x]"),
        ("{name: x, type: text}", "[]", "[x]"),
        ("{name: x, type: category}", "[]", "[carrier, x]"),
    ],
    ids=["truth values as numbers", "whole numbers as categories", "numbers as categories", "texts", "categories"],
)
def test_what_is_known_before_may_be_used(column, numeric, categorical):
    features = load_specs(with_column(column, numeric, categorical)).models["flight-delay"].spec.features
    assert "x" in features.names


@each(
    ("column", "numeric", "categorical", "said"),
    [
        ("{name: x, type: time}", "[x]", "[]", "of type time, which is no feature: derive numbers from it in the source"),
        ("{name: x, type: time}", "[]", "[x]", "of type time, which is no feature"),
        ("{name: x, type: category}", "[x]", "[]", "of type category, so it cannot be numeric: list it under categorical"),
        ("{name: x, type: number, known: after}", "[x]", "[]", "leaks the future"),
        ("{name: x, type: time, known: after}", "[x]", "[]", "leaks the future"),
        ("{name: X, type: number}", "[x]", "[]", 'did you mean "X"?'),
    ],
)
def test_what_is_not_is_refused_with_the_reason(column, numeric, categorical, said):
    (told,) = problems(with_column(column, numeric, categorical))
    assert said in told


def test_a_leak_is_never_suggested_as_what_was_meant():
    (told,) = problems(edited(MODEL, "[distance]", "[airTimes]"))
    assert "airTime" not in told.replace("airTimes", "")


def test_a_custom_estimator_is_built_by_code_that_is_there():
    code = "models/flight-delay/pipeline.py"
    files = edited(MODEL, "histGradientBoosting", "custom")
    assert any(code in told for told in problems(files))
    assert load_specs(files | {code: b"def build(spec, seed): ...\n"}).models


@each(("window", "good"), [("14d", True), ("2w", True), ("13d", False), ("1h", False)])
def test_the_holdout_is_at_most_the_window(window, good):
    files = edited(MODEL, "window: 90d", f"window: {window}")
    if good:
        assert load_specs(files).models
    else:
        assert any(f"longer than the training window of {window}" in told for told in problems(files))


def test_every_spec_and_all_that_makes_a_model_is_under_a_prefix_that_is_read():
    for path in [*ROOT, "reconciler/pipeline/train.py", "templates/x.j2", "dvc.lock", "requirements/lock.txt", "runs/m/x.json"]:
        assert path.startswith(SPEC_PREFIXES), path
