"""People edit YAML badly in these ways; each gets one clear message with the right place, and never a traceback."""

import pytest

from reconciler.errors import InvalidSpecsError
from reconciler.specs.load import load_specs
from tests.cases import each
from tests.specs import edited, problems

DATASET = "datasets/flights.yaml"
MODEL = "models/flight-delay/model.yaml"
RETRAIN = "policies/retrain/standard.yaml"
GATES = "policies/gates/strict.yaml"
ROLLOUT = "policies/rollout/direct.yaml"
PARAMS = "params.yaml"
PROJECT = "pyproject.toml"

EDITS = [
    # what a value may be
    (
        MODEL,
        "holdout: 2w",
        "holdout: 7 days",
        "19:14 spec.training.holdout",
        'a duration such as 30m, 12h, 7d or 2w, got "7 days"',
    ),
    (MODEL, "holdout: 2w", "holdout: 9999w", "19:14 spec.training.holdout", 'got "9999w"'),
    (MODEL, "atLeast: 15", "atLeast: fifteen", "11:14 spec.target.atLeast", 'expected a number, got "fifteen"'),
    (MODEL, "holdout: 2w", "holdout: 2w\n    limits: {memory: 4GB}", "20:22 spec.training.limits.memory", 'got "4GB"'),
    (MODEL, "holdout: 2w", "holdout: 2w\n    limits: {tyme: 1h}", "20:14 spec.training.limits.tyme", 'did you mean "time"?'),
    (MODEL, "holdout: 2w", "holdout: 2w\n    retries: {limit: 11}", "20:22 spec.training.retries.limit", "at most 10, got 11"),
    (MODEL, "[rocAuc, brier]", "rocAuc", "24:12 spec.metrics", 'expected a list of at least 1 item, got "rocAuc"'),
    (MODEL, "[staging, production]", "[]", "23:17 spec.environments", "got an empty list"),
    (
        MODEL,
        "[staging, production]",
        "[Prod, staging]",
        "23:18 spec.environments[0]",
        'lower-case letters, digits and inner hyphens, got "Prod"',
    ),
    (MODEL, "{max_iter: 50}", "50", "17:17 spec.training.parameters", "expected a mapping, got 50"),
    (MODEL, "perennial/v1", "perennial/v2", "2:13 apiVersion", 'expected perennial/v1, got "perennial/v2"'),
    (RETRAIN, "rows: 20000", "rows: -5", "9:15 spec.triggers.any[0].rows", "expected a whole number of at least 1, got -5"),
    (RETRAIN, "rows: 20000", "rows: '20000'", "9:15 spec.triggers.any[0].rows", 'got "20000"'),
    (RETRAIN, "rows: 20000", "rows: 0.5", "9:15 spec.triggers.any[0].rows", "whole number"),
    (RETRAIN, "rows: 20000", "rows:", "9:14 spec.triggers.any[0].rows", "got nothing"),
    (RETRAIN, "rows: 20000", "rows: yes", "9:15 spec.triggers.any[0].rows", 'got "yes"'),
    (RETRAIN, "below: 0.68", "below: .nan", "11:52 spec.triggers.any[2].below", ".nan is not a number"),
    (RETRAIN, "0 3 * * 1", "0 3 * *", "10:32 spec.triggers.any[1].cron", "five cron fields"),
    (
        RETRAIN,
        "{type: cooldown, period: 24h, exempt: [specChanged]}",
        "cooldown",
        "13:7 spec.guards[0]",
        "a mapping with `type:` one of cooldown",
    ),
    (RETRAIN, "below: 0.68, ", "", "11:9 spec.triggers.any[2]", "exactly one of below, above"),
    (RETRAIN, "below: 0.68", "below: 0.68, above: 1", "11:9 spec.triggers.any[2]", "exactly one of below, above"),
    (DATASET, "delay: 1d", "delay: 1", "13:12 spec.label.delay", "expected a duration"),
    (DATASET, "datasets.flights:flights", "datasets.flights", "9:15 spec.source.function", "expected module:function"),
    (PARAMS, '"2013-03-01"', "2013-02-30", "4:11 models.flight-delay.asOf", 'a day that the calendar has, got "2013-02-30"'),
    (PARAMS, "seed: 7", "seed: -1", "5:11 models.flight-delay.seed", "at least 0 and at most 4294967295, got -1"),
    (
        PROJECT,
        '"https://git.example.com/shop.git"',
        "5",
        "5:1 tool.perennial.repositoryUrl",
        "expected text that is not empty, got 5",
    ),
    # words out of a list
    (MODEL, "task: binary", "task: binery", "9:9 spec.task", 'got "binery" (did you mean "binary"?)'),
    (MODEL, "histGradientBoosting", "xgboost", "16:16 spec.training.estimator", "one of histGradientBoosting, randomForest"),
    (RETRAIN, "type: newLabels", "type: newLabel", "8:15 spec.triggers.any[0].type", 'did you mean "newLabels"?'),
    (RETRAIN, "metric: rocAuc", "metric: aucRoc", "11:37 spec.triggers.any[2].metric", "one of rocAuc"),
    (DATASET, "distance, type: integer", "distance, type: int", "16:30 spec.columns[1].type", 'did you mean "integer"?'),
    (DATASET, "type: python", "type: pyton", "8:11 spec.source.type", 'did you mean "python"?'),
    (ROLLOUT, "type: direct", "type: canery", "5:14 spec.type", 'bandit, got "canery" (did you mean "canary"?)'),
    # keys
    (MODEL, "holdout: 2w", "holdou: 2w", "19:5 spec.training.holdou", 'unknown key (did you mean "holdout"?)'),
    (MODEL, "    holdout: 2w\n", "", "16:5 spec.training.holdout", "is missing (expected a duration"),
    (MODEL, "atLeast: 15", "at_least: 15", "11:5 spec.target.at_least", 'did you mean "atLeast"?'),
    (
        MODEL,
        "owner: airport team",
        "colour: red",
        "6:3 metadata.colour",
        "(known keys: name, owner, description, tier)",
    ),
    (MODEL, "kind: Model\n", "", "2:1 kind", "is missing (expected Model)"),
    # who must agree
    (MODEL, "owner: airport team", "tier: hihg", "6:9 metadata.tier", 'did you mean "high"?'),
    (MODEL, "owner: airport team", "tier: high", "6:9 metadata.tier", "0 owners are named"),
    (
        MODEL,
        "  task: binary\n",
        "  task: binary\n  promotion: {approvals: 0}\n",
        "10:26 spec.promotion.approvals",
        "needs an approval, and 0 are asked for",
    ),
    (MODEL, "  task: binary\n", "  task: binary\n  promotion: {owners: [a b]}\n", "10:24 spec.promotion.owners[0]", 'got "a b"'),
    (MODEL, "  task: binary\n", "  task: binary\n  task: binary\n", "10:3 spec.task", "stands twice, first on line 9"),
    (MODEL, "parameters: {max_iter: 50}", "<<: {max_iter: 50}", "17:5 spec.training.<<", "merge keys are not read"),
    (RETRAIN, "    any:\n", "    anny:\n", "7:5 spec.triggers.anny", 'did you mean "any"?'),
    (
        RETRAIN,
        "      - type: newLabels\n",
        "      - kind: newLabels\n",
        "8:9 spec.triggers.any[0].type",
        "or the key any, all, not or atLeast",
    ),
    (GATES, "atLeast: 0.6", "atleast: 0.6", "7:37 spec.gates[0].atleast", 'did you mean "atLeast"?'),
    (PARAMS, "  flight-delay:", "  Flight_delay:", "2:3 models.Flight_delay", 'got "Flight_delay"'),
    (PROJECT, "repositoryUrl", "repository-url", "5:1 tool.perennial.repository-url", 'did you mean "repositoryUrl"?'),
    (
        PROJECT,
        'namespace = "shop"',
        'name = "shop"',
        "8:1 tool.perennial.environments.production.name",
        'did you mean "namespace"?',
    ),
    # syntax
    (MODEL, "  task: binary\n", "\ttask: binary\n", "9:1 ", "a tab indents this line"),
    (MODEL, "task: binary", "task: binary: x", "9:15 ", "quote text that contains `: `"),
    (MODEL, "[staging, production]", "[staging", "24:10 ", "what is not finished starts on line 23"),
    (MODEL, "spec:\n", "spec: !!python/object:os.system\n", "7:7 spec", "the tag !!python/object:os.system is not allowed"),
    (PROJECT, 'namespace = "shop"', "namespace = shop", "8:13 ", "not valid TOML"),
    # frames
    (
        MODEL,
        "kind: Model",
        "kind: Dataset",
        "3:7 kind",
        "expected Model here, got Dataset (move the file to datasets/<name>.yaml)",
    ),
    (MODEL, "kind: Model", "kind: Modle", "3:7 kind", 'did you mean "Model"?'),
    (MODEL, "name: flight-delay", "name: other", "5:9 metadata.name", 'expected "flight-delay" as in the path'),
    (MODEL, "name: flight-delay", "name: Flight Delay", "5:9 metadata.name", 'got "Flight Delay"'),
]


@each(("path", "old", "new", "place", "fragment"), EDITS)
def test_a_bad_edit_has_one_clear_message(path, old, new, place, fragment):
    with pytest.raises(InvalidSpecsError) as caught:
        load_specs(edited(path, old, new))
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"{path}:{place}")
    assert fragment in str(problem)


def test_problems_of_all_files_come_at_once():
    files = edited(MODEL, "task: binary", "task: binery") | {PARAMS: b"models: 5\n", DATASET: b"a: [\n", "policies/x.yml": b""}
    with pytest.raises(InvalidSpecsError) as caught:
        load_specs(files)
    assert {problem.file for problem in caught.value.problems} == {MODEL, PARAMS, DATASET, "policies/x.yml"}
    assert caught.value.exit_code == 3


def test_a_number_without_a_fraction_is_whole():
    trigger = load_specs(edited(RETRAIN, "rows: 20000", "rows: 2e4")).retrain["standard"].spec.triggers
    assert trigger.any[0].rows == 20_000


ONE = "      - type: newLabels\n        rows: 20000\n"


@each(
    ("trigger", "place", "fragment"),
    [
        ("{of: [{type: manual}]}", "8:9 spec.triggers.any[0].atLeast", "is missing (expected a whole number of at least 1"),
        ("{atLeast: 2}", "8:9 spec.triggers.any[0].of", "is missing (expected a list of at least 1 item)"),
        ("{atLeast: 2, of: [{type: manual}]}", "8:19 spec.triggers.any[0].atLeast", "2 of 1 triggers can never fire"),
        ("{atLeast: 1, of: []}", "8:26 spec.triggers.any[0].of", "at least one trigger, not 0"),
        ("{atLeast: 1, of: [{type: newRows}]}", "8:27 spec.triggers.any[0].of[0].rows", "is missing"),
        ("{atleast: 1, of: [{type: manual}]}", "8:10 spec.triggers.any[0].atleast", 'did you mean "atLeast"?'),
        ("{nott: {type: manual}}", "8:10 spec.triggers.any[0].nott", 'did you mean "not"?'),
        ("{not: {type: manuel}}", "8:22 spec.triggers.any[0].not.type", 'did you mean "manual"?'),
        ("{not: {}}", "8:15 spec.triggers.any[0].not.type", "or the key any, all, not or atLeast"),
        ("{not: null}", "8:15 spec.triggers.any[0].not", "got nothing"),
        ("{type: dataQuality, checks: [nulspike]}", "8:38 spec.triggers.any[0].checks[0]", 'did you mean "nullSpike"?'),
        ("{type: dataQuality, checks: []}", "8:37 spec.triggers.any[0].checks", "at least one item, not 0"),
        ("{type: specChanged, parts: [speck]}", "8:37 spec.triggers.any[0].parts[0]", 'did you mean "spec"?'),
        ("{type: promql, query: up, below: 1, step: 1m}", "8:9 spec.triggers.any[0]", "step means nothing without over"),
        ("{type: promql, query: up, below: 1, over: 5}", "8:51 spec.triggers.any[0].over", "expected a duration"),
        ("{type: conceptDrift, detector: ddm, sensitivity: 0.1}", "8:9 spec.triggers.any[0]", "nothing with detector ddm"),
        (
            "{type: dataDrift, statistic: domainClassifier, features: [a]}",
            "8:9 spec.triggers.any[0]",
            "features means nothing with statistic domainClassifier",
        ),
        ("{type: labelDrift, statistic: domainClassifier}", "8:39 spec.triggers.any[0].statistic", "expected one of psi"),
        ("{type: dataDrift, slice: {column: a, value: 5}}", "8:53 spec.triggers.any[0].slice.value", "expected text, got 5"),
        (
            "{type: sloBurnRate, objective: 0.9, errorRatio: up}",
            "8:57 spec.triggers.any[0].errorRatio",
            "expected PromQL that holds $window",
        ),
    ],
)
def test_a_bad_trigger_has_one_clear_message(trigger, place, fragment):
    (problem,) = problems(edited(RETRAIN, ONE, f"      - {trigger}\n"))
    assert problem.startswith(f"{RETRAIN}:{place}:")
    assert fragment in problem
