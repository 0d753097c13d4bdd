"""What checks of policies are made of: walking everything written, the metrics that rules name, references, repeated names."""

import pytest

from reconciler.rules.base import Exemptible
from reconciler.rules.triggers import TYPES
from reconciler.specs.checks.policies import metrics_judged, metrics_named, nested
from reconciler.specs.checks.references import check_reference, check_unique
from reconciler.specs.document import Text
from reconciler.specs.guide import at, types_of
from reconciler.specs.loaded import Loaded
from reconciler.specs.places import Place
from reconciler.specs.policies import GatePolicy, RetrainPolicy
from reconciler.specs.schemas import schema_of
from tests.builders import a_policy
from tests.cases import each

SCORE = {"type": "performance", "metric": "rocAuc", "below": 0.6, "window": "7d"}
DEEP = {"any": [{"type": "specChanged"}, {"all": [SCORE, {"any": [SCORE | {"metric": "brier", "window": "1d"}]}]}]}
TEXT = Text(place=Place(path="x.yaml", schema="model", name="x"), text="names:\n- a\n- b\n- a\n", data={"names": ["a", "b", "a"]})


def test_everything_written_is_walked_parents_first():
    policy = a_policy(RetrainPolicy, triggers=DEEP, guards=[{"type": "cooldown", "period": "1d"}])
    paths = [path for path, _ in nested(policy)]
    assert paths[0] == ()
    assert ("spec", "triggers", "any", 1, "all", 1, "any", 0) in paths
    assert ("spec", "guards", 0) in paths
    assert all(path[:-1] in paths or path[:-2] in paths for path in paths[1:] if len(path) > 1)


def test_guards_are_found_wherever_they_stand():
    policy = a_policy(RetrainPolicy, guards=[{"type": "hold"}, {"type": "minimumNewLabels", "rows": 5, "exempt": ["maxAge"]}])
    assert [path for path, rule in nested(policy) if isinstance(rule, Exemptible)] == [("spec", "guards", 1)]


@each("value", [None, 5, "text", (), [], {}])
def test_what_is_not_written_holds_nothing(value):
    assert list(nested(value)) == []


def test_metrics_are_named_once_at_their_first_place():
    assert metrics_named(a_policy(RetrainPolicy, triggers=DEEP)) == {
        "rocAuc": "spec.triggers.any[1].all[0].metric",
        "brier": "spec.triggers.any[1].all[1].any[0].metric",
    }


@each(
    ("gates", "metrics"),
    [
        ([], []),
        ([{"type": "dataQuality"}], []),
        ([{"type": "floor", "metric": "f1", "atLeast": 0.5}, {"type": "beatsLive", "metric": "f1"}], ["f1"]),
        ([{"type": "floor", "metric": "f1", "atLeast": 0.5}, {"type": "beatsLive", "metric": "mae"}], ["f1", "mae"]),
    ],
)
def test_metrics_of_gates(gates, metrics):
    assert list(metrics_named(a_policy(GatePolicy, gates=gates))) == metrics


def test_a_business_metric_is_no_metric_of_the_model():
    revenue = {"type": "businessMetric", "metric": "revenue", "below": 1}
    named = metrics_named(a_policy(RetrainPolicy, triggers={"atLeast": 1, "of": [{"not": SCORE}, revenue]}))
    assert named == {"rocAuc": "spec.triggers.of[0].not.metric"}


def test_no_policies_judge_nothing():
    assert metrics_judged(Loaded.of([], {})) == {}


def test_trigger_types_are_the_words_of_the_yaml():
    assert list(TYPES) == types_of(at(schema_of(RetrainPolicy), {}, ("spec", "triggers")))
    assert {"schedule", "newLabels", "maxAge", "dataDrift", "performance", "specChanged"} <= set(TYPES)
    assert not {"any", "all", "not", "atLeast"} & set(TYPES)


@each(
    ("names", "repeated"),
    [
        ((), []),
        (("a", "b"), []),
        (("a", "b", "a"), ["names[2]"]),
        (("a", "a", "a"), ["names[1]", "names[2]"]),
        (("a", "A"), []),
    ],
)
def test_each_repetition_is_told_and_the_first_is_not(names, repeated):
    problems = list(check_unique(TEXT, ("names",), names, "name"))
    assert [problem.field for problem in problems] == repeated
    assert all("first as number 1" in problem.message for problem in problems)


def test_repeated_items_point_at_their_key():
    (problem,) = check_unique(TEXT, ("names",), ("a", "b", "a"), "name", key="id")
    assert problem.field == "names[2].id"


@pytest.mark.parametrize(
    ("files", "name", "hint"),
    [
        ({}, "standard", "there are none yet"),
        ({"policies/gates/strict.yaml": b""}, "lenient", "there are: strict"),
        ({"policies/gates/strict.yaml": b""}, "strikt", 'did you mean "strict"?'),
        ({f"policies/gates/p{n:02}.yaml": b"" for n in range(30)}, "other", "there are: p00, p01"),
    ],
    ids=["nothing there", "one other", "a near one", "many"],
)
def test_a_dangling_reference_names_what_there_is(files, name, hint):
    (problem,) = check_reference(TEXT, ("names",), name, "gate-policy", Loaded.of([], files))
    assert f"there is no policies/gates/{name}.yaml" in problem.message
    assert problem.hint.startswith(hint)
    assert len(problem.hint) < 200


def test_a_reference_to_a_file_that_is_there_is_fine_though_it_may_be_broken():
    loaded = Loaded.of([], {"policies/gates/strict.yaml": b"broken: ["})
    assert list(check_reference(TEXT, ("names",), "strict", "gate-policy", loaded)) == []
