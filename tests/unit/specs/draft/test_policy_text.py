"""The drafted policies fit the data that they were drafted from, and are valid."""

import pytest

from reconciler.rules.gates import BeatsLive, Floor
from reconciler.specs.draft.draft import draft
from reconciler.specs.draft.wishes import Wishes
from reconciler.specs.load import load_specs
from reconciler.specs.specs import Specs
from tests.cases import each
from tests.surveys import a_number, a_table, a_text


def loaded(**changes: object) -> Specs:
    made = draft(a_table(**changes), Wishes(model="m", dataset="d"))
    return load_specs({path: text.encode() for path, text in made.files.items()})


@pytest.mark.parametrize(
    ("label", "metric", "bound"),
    [
        (a_text("y", "no", "yes"), "rocAuc", ("at_least", 0.55)),
        (a_text("y", "a", "b", "c", "d"), "macroF1", ("at_least", 0.1)),
        (a_number("y"), "mae", ("at_most", 10.5)),
    ],
    ids=["binary", "multiclass", "regression"],
)
def test_gates_ask_for_what_a_trivial_model_cannot_do(label, metric, bound):
    gates = loaded(label=label).gates["m"].spec.gates
    assert [gate.type for gate in gates] == ["dataQuality", "floor", "beatsLive"]
    floor, beats = gates[1:]
    assert isinstance(floor, Floor)
    assert isinstance(beats, BeatsLive)
    assert (floor.metric, beats.metric) == (metric, metric)
    assert getattr(floor, bound[0]) == bound[1]
    assert beats.bound < 0, "non-inferiority: a margin below zero"


@pytest.mark.parametrize(
    ("label", "further"),
    [
        (a_text("y", "no", "yes"), ["schema", "leakage", "labelAnomaly", "slices", "calibration"]),
        (a_number("y"), ["schema", "leakage", "labelAnomaly", "slices"]),
    ],
    ids=["binary", "regression"],
)
def test_what_more_can_be_asked_is_valid_once_its_comment_sign_is_gone(label, further):
    columns = (a_text("colour: #1", "red", "blue"), a_text("size", "s", "m"), a_text("place", "x", "y"))
    made = draft(a_table(*columns, label=label), Wishes(model="m", dataset="d"))
    files = dict(made.files)
    files["policies/gates/m.yaml"] = files["policies/gates/m.yaml"].replace("    # - {", "    - {")
    gates = load_specs({path: text.encode() for path, text in files.items()}).gates["m"].spec.gates
    assert [gate.type for gate in gates] == ["dataQuality", "floor", "beatsLive", *further]
    slices = next(gate for gate in gates if gate.type == "slices")
    assert slices.columns == ("colour: #1", "size")
    assert slices.margin == -gates[2].bound


@pytest.mark.parametrize(
    ("label", "cut"),
    [(a_text("y", "no", "yes"), ("below", 0.55)), (a_number("y"), ("above", 10.5))],
    ids=["a score fires below", "an error fires above"],
)
def test_the_alarm_is_what_the_gate_asks_of_a_new_model(label, cut):
    triggers = {trigger.type: trigger for trigger in loaded(label=label).retrain["m"].spec.triggers.any}
    assert list(triggers) == ["specChanged", "newLabels", "maxAge", "dataDrift", "conceptDrift", "performance"]
    assert getattr(triggers["performance"], cut[0]) == cut[1]
    assert triggers["dataDrift"].window == triggers["performance"].window
    assert triggers["newLabels"].rows == 3000


def test_a_change_of_the_spec_need_not_wait_for_data():
    guards = {guard.type: guard for guard in loaded().retrain["m"].spec.guards}
    assert list(guards) == ["cooldown", "minimumNewLabels", "oneChangeOpen", "hold"]
    assert guards["cooldown"].exempt == guards["minimumNewLabels"].exempt == ("specChanged",)


@each("days", [1 / 24, 2, 30, 365, 36_500])
@each("rows", [120, 20_000])
def test_whatever_the_span_and_the_size_the_draft_is_valid(days, rows):
    """A century of monthly rows and an hour of sensor data are both tables."""
    specs = loaded(days=days, label=a_text("y", "no", "yes", present=rows, values=(("no", rows // 2), ("yes", rows // 2))))
    assert specs.models["m"].spec.training.holdout.total_seconds() > 0
