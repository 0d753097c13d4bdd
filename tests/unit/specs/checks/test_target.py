"""A target fits the task and the label's type."""

from reconciler.specs.load import load_specs
from tests.cases import each
from tests.specs import ROOT, changed, problems

DATASET = "datasets/flights.yaml"
MODEL = "models/flight-delay/model.yaml"
RETRAIN = "policies/retrain/standard.yaml"
LABEL = "{name: delay, type: number, known: after}"
TARGET = "    atLeast: 15\n"
MULTICLASS = [(MODEL, "task: binary", "task: multiclass"), (MODEL, "[rocAuc, brier]", "[macroF1]")]
REGRESSION = [(MODEL, "task: binary", "task: regression"), (MODEL, "[rocAuc, brier]", "[mae]")]
NO_METRICS = {
    RETRAIN: ROOT[RETRAIN].split("      - {type: perf")[0],
    "policies/gates/strict.yaml": ROOT["policies/gates/strict.yaml"].split("    - ")[0].replace("gates:", "gates: []"),
}


def bands(*items: str) -> tuple[str, str, str]:
    return (MODEL, TARGET, "    classes:\n" + "".join(f"    - {{{item}}}\n" for item in items))


def label(text: str) -> tuple[str, str, str]:
    return (DATASET, LABEL, f"{{name: delay, {text}}}")


@each(
    "edits",
    [
        [label("type: integer"), (MODEL, f"  target:\n{TARGET}", "")],
        [label("type: boolean"), (MODEL, f"  target:\n{TARGET}", "")],
        [label("type: number, minimum: 0, maximum: 1"), (MODEL, f"  target:\n{TARGET}", "")],
        [label("type: category, categories: [on, late]"), (MODEL, TARGET, "    positive: late\n")],
        [*MULTICLASS, bands("name: early, below: 0", "name: fine, below: 15", "name: late")],
        [*MULTICLASS, label("type: category"), (MODEL, f"  target:\n{TARGET}", "")],
        [*REGRESSION, (MODEL, f"  target:\n{TARGET}", "")],
        [*REGRESSION, (MODEL, f"  target:\n{TARGET}", ""), (MODEL, "histGradientBoosting", "ridge")],
    ],
)
def test_a_target_that_fits(edits):
    assert load_specs(changed(*edits, **NO_METRICS)).models


@each(
    ("edits", "fragment"),
    [
        ([(MODEL, f"  target:\n{TARGET}", "")], "`atLeast` must say from where on it counts"),
        ([label("type: integer, minimum: 0, maximum: 9"), (MODEL, f"  target:\n{TARGET}", "")], "`atLeast` must say"),
        ([label("type: category, categories: [on, late]"), (MODEL, f"  target:\n{TARGET}", "")], "(one of on, late)"),
        ([label("type: category, categories: [on, late]"), (MODEL, TARGET, "    positive: lat\n")], 'did you mean "late"?'),
        ([label("type: category")], "atLeast cuts numbers"),
        ([(MODEL, TARGET, "    positive: late\n")], "positive names a category"),
        ([(MODEL, TARGET, "    atLeast: 1\n    positive: late\n")], "both given"),
        ([bands("name: a, below: 1", "name: b")], "classes means nothing for a binary task (it takes atLeast or positive)"),
        ([label("type: text")], "a label is one of"),
        ([*MULTICLASS], "atLeast means nothing for a multiclass task"),
        ([*MULTICLASS, (MODEL, f"  target:\n{TARGET}", "")], "`classes` must say how"),
        ([*MULTICLASS, bands("name: a")], "at least 2 classes, got 1"),
        ([*MULTICLASS, bands("name: a, below: 5", "name: b, below: 5", "name: c")], "must ascend, and 5 comes after 5"),
        ([*MULTICLASS, bands("name: a", "name: b")], "class a needs `below`"),
        ([*MULTICLASS, bands("name: a, below: 1", "name: b, below: 2")], "takes all that is left"),
        ([*MULTICLASS, bands("name: a, below: 1", "name: a")], 'the class "a" stands twice'),
        ([*MULTICLASS, bands("name: a, below: 1", "name: b"), label("type: boolean")], "classes cut numbers"),
        ([*REGRESSION], "atLeast means nothing for a regression task (it takes no key at all)"),
        ([*REGRESSION, (MODEL, f"  target:\n{TARGET}", ""), label("type: boolean")], "regression predicts a number"),
        ([*REGRESSION, (MODEL, f"  target:\n{TARGET}", ""), (MODEL, "histGradientBoosting", "logisticRegression")], "use ridge"),
    ],
)
def test_a_target_that_does_not_fit(edits, fragment):
    said = problems(changed(*edits, **NO_METRICS))
    assert any(fragment in one for one in said), said
