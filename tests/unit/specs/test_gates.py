"""What a gate policy looks at is there in the models that take it."""

import pytest

from reconciler.specs.load import load_specs
from tests.cases import each
from tests.specs import ROOT, a_repository, problems

POLICY = "policies/gates/strict.yaml"
MODEL = "models/flight-delay/model.yaml"


def with_gate(written: str, **texts: str) -> dict[str, bytes]:
    """The repository whose gates are these."""
    return a_repository(**{POLICY: ROOT[POLICY].split("    - ")[0] + f"    - {written}\n"}, **texts)


@pytest.mark.parametrize(
    "written",
    [
        "{type: robustness}",
        "{type: robustness, invariantTo: [carrier], increasesWith: [distance]}",
        "{type: robustness, perturbations: [{kind: missing, features: [carrier, distance]}]}",
    ],
)
def test_features_of_the_model_may_be_tried(written):
    assert load_specs(with_gate(written)).gates


@each(
    ("written", "said"),
    [
        ("invariantTo: [carier]", '"strict" looks at "carier" (spec.gates[0].invariantTo), which is no such feature'),
        ("increasesWith: [carrier]", "(spec.gates[0].increasesWith), which is no such feature"),
        ("decreasesWith: [delay]", "(spec.gates[0].decreasesWith), which is no such feature"),
        (
            "perturbations: [{kind: noise}, {kind: noise, features: [carrier]}]",
            'looks at "carrier" (spec.gates[0].perturbations[1].features)',
        ),
        ("perturbations: [{kind: unseenCategories, features: [distance]}]", "there are: carrier"),
    ],
)
def test_features_that_the_model_lacks_are_told_at_its_line(written, said):
    (problem,) = problems(with_gate(f"{{type: robustness, {written}}}"))
    assert problem.startswith("models/flight-delay/model.yaml:21:10 spec.gates: ")
    assert said in problem


def test_several_classes_neither_rise_nor_fall():
    model = (
        ROOT[MODEL]
        .replace("task: binary", "task: multiclass")
        .replace("{atLeast: 15}", "{classes: [{name: early, below: 0}, {name: late}]}")
        .replace("[rocAuc, brier]", "[logLoss]")
    )
    told = problems(with_gate("{type: robustness, increasesWith: [distance]}", **{MODEL: model}))
    assert any("wants answers that rise or fall (spec.gates[0].increasesWith)" in one for one in told)
