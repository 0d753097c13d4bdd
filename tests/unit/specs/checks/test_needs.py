"""A policy looks at nothing that the model lacks."""

import pytest

from reconciler.specs.load import load_specs
from tests.cases import each
from tests.specs import changed, problems

MODEL = "models/flight-delay/model.yaml"
ONE = ("policies/retrain/standard.yaml", "      - type: newLabels\n        rows: 20000\n")
BUSINESS = (
    MODEL,
    "  metrics: [rocAuc, brier]\n",
    "  metrics: [rocAuc, brier]\n  business: [{name: revenue, column: distance}]\n",
)


@each(
    ("trigger", "fragment", "hint"),
    [
        (
            "{type: businessMetric, metric: revenue, below: 1}",
            'business metric "revenue", which this model does not declare (spec.triggers.any[0].metric)',
            "declare revenue in spec.business",
        ),
        (
            "{not: {type: businessMetric, metric: revenue, below: 1}}",
            'business metric "revenue", which this model does not declare (spec.triggers.any[0].not.metric)',
            "declare revenue in spec.business",
        ),
        (
            "{type: dataDrift, features: [carrier, distanc]}",
            'feature "distanc", which this model does not have (spec.triggers.any[0].features[1])',
            'did you mean "distance"?',
        ),
        (
            "{type: dataDrift, features: [airTime]}",
            'feature "airTime", which this model does not have',
            "choose another policy",
        ),
        (
            "{type: dataDrift, slice: {column: carier, value: AA}}",
            'column "carier", which is not in dataset flights (spec.triggers.any[0].slice.column)',
            'did you mean "carrier"?',
        ),
    ],
)
def test_a_policy_looks_at_nothing_that_the_model_lacks(trigger, fragment, hint):
    (problem,) = problems(changed((*ONE, f"      - {trigger}\n")))
    assert problem.startswith(f"{MODEL}:20:12 spec.retrain: ")
    assert f'"standard" looks at {fragment}' in problem
    assert hint in problem


@pytest.mark.parametrize(
    "trigger",
    [
        "{type: businessMetric, metric: revenue, below: 1}",
        "{type: dataDrift, features: [distance, carrier], slice: {column: remarks, value: late}}",
        "{type: sloBurnRate, objective: 0.9, errorRatio: 'x[$window]'}",
    ],
)
def test_a_policy_may_look_at_what_the_model_has(trigger):
    assert load_specs(changed((*ONE, f"      - {trigger}\n"), BUSINESS)).models


def test_a_name_near_a_declared_metric_is_meant():
    (problem,) = problems(changed((*ONE, "      - {type: businessMetric, metric: revenu, below: 1}\n"), BUSINESS))
    assert 'did you mean "revenue"?' in problem


@each(("short", "wrong"), [("5m", False), ("59m", False), ("1h", True), ("60m", True), ("1d", True)])
def test_the_short_window_of_a_burn_rate_is_shorter_than_the_long_one(short, wrong):
    pair = f"{{long: 1h, short: {short}, rate: 2}}"
    files = changed((*ONE, f"      - {{type: sloBurnRate, objective: 0.9, errorRatio: 'x[$window]', windows: [{pair}]}}\n"))
    if not wrong:
        assert load_specs(files).retrain
        return
    (problem,) = problems(files)
    assert "spec.triggers.any[0].windows[0].short: the short window of" in problem
    assert "is not shorter than the long one of 1h" in problem
