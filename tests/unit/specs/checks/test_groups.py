"""A policy judges nothing that the model cannot have."""

from reconciler.specs.load import load_specs
from tests.cases import each
from tests.specs import changed, problems

MODEL = "models/flight-delay/model.yaml"
RETRAIN = "policies/retrain/standard.yaml"
PROTECTS = "  protected: {}\n  task: binary"
GATE = ("policies/gates/strict.yaml", "    - {type: beatsLive, metric: rocAuc}\n")
REGRESSION = [
    (MODEL, "task: binary\n  target:\n    atLeast: 15", "task: regression"),
    (MODEL, "[rocAuc, brier]", "[mae]"),
    (RETRAIN, "      - {type: performance, metric: rocAuc, below: 0.68, window: 7d}\n", ""),
    ("policies/gates/strict.yaml", "    - {type: floor, metric: rocAuc, atLeast: 0.6}\n", ""),
]


@each(
    ("gate", "edits", "fragment", "hint"),
    [
        (
            "{type: calibration}",
            REGRESSION,
            "judges the calibration of probabilities (spec.gates[0]), which a regression does not give",
            "another policy",
        ),
        (
            "{type: slices, columns: [carrier, [distance, remarks]]}",
            [],
            'groups by "remarks" (spec.gates[1].columns[1]), which this model neither uses nor protects',
            "add remarks to spec.protected",
        ),
        (
            "{type: slices, margin: 1, noRegression: {distance: [AA]}}",
            [],
            'judges slices of "distance" (spec.gates[1].noRegression), which its columns do not cut',
            "the cuts are: carrier",
        ),
        (
            "{type: slices, metric: logLoss}",
            [],
            "judges logLoss (spec.gates[1].metric), which this model does not",
            "add logLoss",
        ),
    ],
)
def test_a_policy_judges_nothing_that_the_model_cannot_have(gate, edits, fragment, hint):
    (problem,) = problems(changed(*edits, (*GATE, f"    - {gate}\n")))
    assert "spec.gates: " in problem
    assert f'"strict" {fragment}' in problem
    assert hint in problem


def test_a_policy_may_group_by_what_the_model_protects():
    edits = (MODEL, "  task: binary", PROTECTS.format("[remarks]"))
    gate = "{type: slices, columns: [remarks, [carrier, distance]], margin: 0.1, noRegression: {carrier+distance: [x]}}"
    assert load_specs(changed(edits, (*GATE, f"    - {gate}\n"))).models
