"""Rollout policies that make no sense are refused at their line, with both numbers."""

from reconciler.specs.load import load_specs
from tests.cases import each
from tests.specs import ROOT, a_repository, problems

POLICY = "policies/rollout/direct.yaml"
CHECKS = "  analysis:\n    - {type: errors}\n    - {type: latency}\n"
CANARY = f"type: canary\n  steps:\n    - {{weight: 5}}\n    - {{weight: 50}}\n{CHECKS}"
BANDIT = "type: bandit\n  metric: revenue\n  margin: 1\n  floor: 5\n  releases: 3\n"
SHADOW = f"type: shadow\n  sample: 0.1\n{CHECKS}"
TEST = "type: abTest\n  unit: customer\n  metric: revenue\n  gain: 1\n"


def spec_of(text):
    """The policy of the repository with this rollout instead of `direct`."""
    return ROOT[POLICY].replace("spec: {type: direct}", f"spec:\n  {text}")


def with_rollout(text, old="", new=""):
    """The repository with this rollout policy, beside the one that the models use."""
    assert old in text
    body = spec_of(text.replace(old, new, 1)).replace("name: direct", "name: tried")
    return a_repository(**{"policies/rollout/tried.yaml": body})


@each("text", [CANARY, BANDIT, SHADOW, TEST])
def test_what_makes_sense_is_read(text):
    assert load_specs(with_rollout(text)).rollouts["tried"].spec.type in text


@each(
    ("text", "old", "new", "place", "fragment"),
    [
        (CANARY, "weight: 50", "weight: 5", "spec.steps[1].weight", "the weight 5 is not above 5"),
        (CANARY, "weight: 50", "weight: 2", "spec.steps[1].weight", "the weight 2 is not above 5, the one of the step before"),
        (CANARY, "weight: 50", "weight: 100", "spec.steps[1].weight", "at least 1 and at most 99, got 100"),
        (CANARY, "weight: 50", "weight: 50, prove: [errors]", "spec.steps[1].prove", "after the last step latency would never"),
        (CANARY, "weight: 5", "weight: 5, prove: [metric]", "spec.steps[0].prove[0]", 'no check "metric"'),
        (CANARY, "weight: 5", "weight: 5, prove: []", "spec.steps[0].prove", "at least one item, not 0"),
        (CANARY, "weight: 5", "weight: 5, pause: 3d", "spec", "within 3d is not longer than a pause of 3d"),
        (CANARY, "{type: latency}", "{type: errors}", "spec.analysis[1]", "errors is analysed twice, first by analysis[0]"),
        (CANARY, "{type: latency}", "{type: answers}", "spec.analysis[1].type", 'got "answers"'),
        (CANARY, "{type: latency}", "{type: metric, metric: rocAuc, margin: 1}", "spec.analysis[1].metric", "accuracy, brier"),
        (CANARY, CHECKS, "  analysis: []\n", "spec.analysis", "at least one item, not 0"),
        (CANARY, CHECKS, "", "spec.analysis", "is missing"),
        (BANDIT, "floor: 5", "floor: 40", "spec.floor", "3 releases with 40 % each are 120 %, at most 100 %"),
        (SHADOW, "sample: 0.1", "sample: 0", "spec.sample", "at least 0.0001"),
        (SHADOW, "sample: 0.1", "sample: 0.1\n  cap: 0", "spec.cap", "at least 1, got 0"),
        (SHADOW, "sample: 0.1", "within: 1d", "spec.within", "within 1d is not longer than atLeast of 1d"),
        (SHADOW, "{type: latency}", "{type: businessMetric, metric: x, margin: 1}", "spec.analysis[1].type", "businessMetric"),
        (TEST, "gain: 1", "gain: 0", "spec.gain", "more than 0"),
        (TEST, "gain: 1", "gain: 1\n  weight: 0", "spec.weight", "at least 1"),
        (TEST, "gain: 1", "gain: 1\n  within: 7d", "spec.within", "not longer than run of 7d"),
        (TEST, "gain: 1", "gain: 1\n  decide: peeking", "spec.decide", 'got "peeking"'),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_line(text, old, new, place, fragment):
    (problem,) = problems(with_rollout(text, old, new))
    path, _, rest = problem.partition(":")
    assert path == "policies/rollout/tried.yaml"
    assert rest.split(": ")[0].split(" ")[1] == place
    assert fragment in problem


SEGMENTS = "  segments: {column: carrer, values: [AA]}\n"
DECLARED = "  business: [{name: revenue, column: distance}]\n"


@each(
    ("text", "more", "fragments"),
    [
        (BANDIT, "", ['business metric "revenue", which this model does not declare (spec.metric)']),
        (BANDIT, DECLARED, []),
        (TEST, DECLARED, ['column "customer", which is not in dataset flights (spec.unit)']),
        (
            TEST.replace("customer", "carrier") + SEGMENTS,
            DECLARED,
            ['column "carrer", which is not in dataset flights (spec.segments.column) (did you mean "carrier"?)'],
        ),
        (
            CANARY.replace("{type: latency}", "{type: businessMetric, metric: revenu, margin: 1}"),
            DECLARED,
            ['business metric "revenu", which this model does not declare (spec.analysis[1].metric) (did you mean "revenue"?)'],
        ),
        (
            SHADOW.replace("{type: latency}", "{type: metric, metric: mae, margin: 1}"),
            "",
            ["mae, which no binary model has (spec.analysis[1].metric) (there are: accuracy, brier, logLoss)"],
        ),
    ],
)
def test_a_model_has_what_its_rollout_looks_at(text, more, fragments):
    model = ROOT["models/flight-delay/model.yaml"] + more
    said = problems(a_repository(**{POLICY: spec_of(text), "models/flight-delay/model.yaml": model}))
    lacks = [one for one in said if " looks at " in one]
    assert len(lacks) == len(fragments), said
    for one, fragment in zip(lacks, fragments, strict=True):
        assert one.startswith("models/flight-delay/model.yaml:")
        assert fragment in one
