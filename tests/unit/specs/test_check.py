"""What holds only between documents: each break is one problem, at its line."""

from typing import Any

import pytest

from reconciler.errors import InvalidSpecsError
from reconciler.specs.load import load_specs
from tests.specs import ROOT, a_release_document, a_repository, as_text, edited, problems

DATASET = "datasets/flights.yaml"
MODEL = "models/flight-delay/model.yaml"
RETRAIN = "policies/retrain/standard.yaml"
PARAMS = "params.yaml"
RELEASE = "models/flight-delay/releases/production.yaml"
QUARANTINE = "models/flight-delay/quarantine.yaml"


def changed(*edits: tuple[str, str, str], **more: str) -> dict[str, bytes]:
    """The repository after several edits of (path, old, new)."""
    texts = dict(ROOT)
    for path, old, new in edits:
        assert texts[path].count(old) == 1
        texts[path] = texts[path].replace(old, new)
    return a_repository(**{path: texts[path] for path, _, _ in edits}, **more)


EXPECTS = """\
  expectations:
    - {type: expect_column_mean_to_be_betwen, arguments: {column: distance}}
    - {type: expect_column_median_to_be_between, arguments: {column: distance, minvalue: 500}}
    - {type: expect_column_max_to_be_between, arguments: {min_value: 500}}
    - {type: expect_column_to_exist}
    - {type: expect_column_pair_values_to_be_equal, arguments: {column_A: distance, column_B: distanc, severity: warn}}
    - {type: expect_compound_columns_to_be_unique, arguments: {column_list: [distance, delai]}}
    - {type: unexpected_rows_expectation, arguments: {unexpected_rows_query: SELECT 1, severity: info}}
"""


def test_expectations_are_those_of_great_expectations_and_so_are_their_arguments():
    before, _, _ = ROOT[DATASET].partition("  expectations:")
    dataset = before + EXPECTS
    with pytest.raises(InvalidSpecsError) as caught:
        load_specs(a_repository(**{DATASET: dataset}))
    told = [f"{problem.field}: {problem.message} ({problem.hint})" for problem in caught.value.problems]
    assert told == [
        'spec.expectations[0].type: there is no expectation "expect_column_mean_to_be_betwen" in Great Expectations '
        '(did you mean "expect_column_mean_to_be_between"?)',
        'spec.expectations[1].arguments.minvalue: expect_column_median_to_be_between takes no argument "minvalue" '
        '(did you mean "min_value"?)',
        'spec.expectations[2].arguments: expect_column_max_to_be_between needs the argument "column" '
        "(add column to its arguments)",
        'spec.expectations[3]: expect_column_to_exist needs the argument "column" (add column to its arguments)',
        'spec.expectations[4].arguments.column_B: "distanc" is not a column of this dataset (did you mean "distance"?)',
        'spec.expectations[4].arguments.severity: "warn" is no severity (did you mean "warning"?)',
        'spec.expectations[5].arguments.column_list[1]: "delai" is not a column of this dataset (did you mean "delay"?)',
    ]


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


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
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


def test_a_sources_file_is_read_and_never_run():
    loud = a_repository(**{"datasets/flights.py": "raise SystemExit(1)\nflights = print\n"})
    assert load_specs(loud).datasets
    broken = a_repository(**{"datasets/flights.py": "def flights(:\n"})
    with pytest.raises(InvalidSpecsError, match="1 problem"):
        load_specs(broken)


@pytest.mark.parametrize(
    ("path", "old", "new", "place", "fragment"),
    [
        # words of the libraries
        (MODEL, "max_iter: 50", "max_itr: 50", "17:18 spec.training.parameters.max_itr", 'did you mean "max_iter"?'),
        (MODEL, "max_iter: 50", "random_state: 5", "17:18 spec.training.parameters.random_state", "the seed is in params.yaml"),
        (
            DATASET,
            "flights:flights",
            "flights:flihgts",
            "9:15 spec.source.function",
            'no function flihgts (did you mean "flights"?)',
        ),
        # references
        (MODEL, "retrain: standard", "retrain: standart", "20:12 spec.retrain", 'standart.yaml (did you mean "standard"?)'),
        (MODEL, "gates: strict", "gates: lenient", "21:10 spec.gates", "there are: strict"),
        (MODEL, "dataset: flights", "dataset: trains", "8:12 spec.dataset", "there is no datasets/trains.yaml"),
        (PARAMS, "flight-delay:", "flight-dealy:", "2:3 models.flight-dealy", 'did you mean "flight-delay"?'),
        (PARAMS, "dataset: flights", "dataset: other", "3:14 models.flight-delay.dataset", 'expected "flights"'),
        (
            DATASET,
            "datasets.flights:flights",
            "datasets.flight:flights",
            "9:15 spec.source.function",
            'did you mean "datasets/flights.py"?',
        ),
        (DATASET, "datasets.flights:flights", "os:system", "9:15 spec.source.function", "not under datasets/"),
        (MODEL, "histGradientBoosting", "custom", "16:16 spec.training.estimator", "pipeline.py, which does not exist"),
        (RETRAIN, "[specChanged]", "[specChange]", "13:46 spec.guards[0].exempt[0]", 'did you mean "specChanged"?'),
        # features
        (MODEL, "[distance]", "[distanse]", "13:15 spec.features.numeric[0]", 'did you mean "distance"?'),
        (MODEL, "[distance]", "[distance, delay]", "13:25 spec.features.numeric[1]", '"delay" leaks the future: it is the label'),
        (MODEL, "[distance]", "[airTime]", "13:15 spec.features.numeric[0]", "known only after the event"),
        (MODEL, "[carrier]", "[departure]", "14:19 spec.features.categorical[0]", "it is the event time"),
        (MODEL, "[distance]", "[remarks]", "13:15 spec.features.numeric[0]", "of type text, so it cannot be numeric"),
        (MODEL, "[distance]", "[distance, distance]", "13:25 spec.features.numeric[1]", "stands twice"),
        (MODEL, "[carrier]", "[distance]", "14:19 spec.features.categorical[0]", '"distance" is numeric already'),
        # metrics and policies
        (MODEL, "[rocAuc, brier]", "[rocAuc, bier]", "24:21 spec.metrics[1]", 'did you mean "brier"?'),
        (MODEL, "[rocAuc, brier]", "[rocAuc, rmse]", "24:21 spec.metrics[1]", "rmse is no metric of a binary task"),
        (MODEL, "[rocAuc, brier]", "[rocAuc, rocAuc]", "24:21 spec.metrics[1]", "stands twice, first as number 1"),
        (RETRAIN, "metric: rocAuc", "metric: accuracy", "20:12 spec.retrain", "accuracy (spec.triggers.any[2].metric)"),
        (RETRAIN, "metric: rocAuc", "metric: mae", "20:12 spec.retrain", "choose another policy"),
        # environments, training
        (MODEL, "[staging, production]", "[staging, staging]", "23:27 spec.environments[1]", "stands twice"),
        (MODEL, "[staging, production]", "[candidate, production]", "23:18 spec.environments[0]", '"candidate" is taken'),
        (MODEL, "[staging, production]", "[hold, production]", "23:18 spec.environments[0]", '"hold" is taken'),
        (
            MODEL,
            "[staging, production]",
            "[rollback-production, production]",
            "23:18 spec.environments[0]",
            "is the branch of going back in production",
        ),
        (MODEL, "window: 90d", "window: 7d", "19:14 spec.training.holdout", "14d is longer than the training window of 7d"),
        (MODEL, "histGradientBoosting", "ridge", "16:16 spec.training.estimator", "use logisticRegression"),
        # the contract
        (DATASET, "minimum: 0", "minimum: 9000", "16:48 spec.columns[1].minimum", "9000 is above the maximum 5000"),
        (
            DATASET,
            "{name: remarks, type: text}",
            "{name: carrier, type: text}",
            "18:14 spec.columns[3].name",
            "first as number 3",
        ),
        (DATASET, "remarks, type: text", "remarks, type: text, minimum: 1", "18:35 spec.columns[3].minimum", "has no minimum"),
        (DATASET, "[AA, UA, DL]", "[AA, UA, AA]", "17:60 spec.columns[2].categories[2]", "stands twice"),
        (DATASET, "[AA, UA, DL]", "[]", "17:51 spec.columns[2].categories", "allows no value"),
        (
            DATASET,
            "remarks, type: text",
            "remarks, type: text, categories: [a]",
            "18:35 spec.columns[3].categories",
            "use type: category",
        ),
        (DATASET, "eventTime: departure", "eventTime: arrival", "10:14 spec.eventTime", '"arrival" is not a column'),
        (DATASET, "eventTime: departure", "eventTime: remarks", "10:14 spec.eventTime", "an event time is of type time"),
        (DATASET, "departure, type: time", "departure, type: time, known: after", "10:14 spec.eventTime", "cannot be its time"),
        (DATASET, "column: delay", "column: delai", "12:13 spec.label.column", 'did you mean "delay"?'),
        (
            DATASET,
            "column: distance",
            "column: distanc",
            "23:27 spec.expectations[0].arguments.column",
            'did you mean "distance"?',
        ),
    ],
)
def test_a_break_between_documents_has_one_message(path, old, new, place, fragment):
    (said,) = problems(edited(path, old, new))
    assert place in said
    assert fragment in said


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


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
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


def test_no_model_takes_the_name_of_the_ledgers_branch():
    (said,) = problems(a_repository(**{"models/ledger/model.yaml": ROOT[MODEL].replace("name: flight-delay", "name: ledger")}))
    assert '"ledger" is taken: perennial/ledger is the branch of the record' in said


def test_a_model_without_features_is_refused():
    said = problems(
        changed((MODEL, "    numeric: [distance]\n", ""), (MODEL, "    categorical: [carrier]\n", "    numeric: []\n"))
    )
    assert said == [f"{MODEL}:13:5 spec.features: names no feature, so there is nothing to learn from"]


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("postgresql://bob:hunter2@db/shop", True),
        ("postgresql://bob:${PASSWORD}@db/shop", False),
        ("${SHOP_URL}", False),
        ("sqlite:///shop.db", False),
    ],
)
def test_a_password_in_a_url_is_refused_and_not_repeated(url, refused):
    source = "    type: python\n    function: datasets.flights:flights\n"
    files = edited(DATASET, source, f"    type: sql\n    url: {url}\n    query: flights\n")
    if not refused:
        assert load_specs(files).datasets
        return
    (said,) = problems(files)
    assert "the URL holds a password" in said
    assert "hunter2" not in said


def test_a_reference_to_a_broken_spec_is_not_dangling():
    said = problems(edited(DATASET, "eventTime: departure", "eventTime: 5"))
    assert len(said) == 1


def test_two_specs_with_one_name():
    (said,) = problems(a_repository(**{"policies/rollout/fast.yaml": ROOT["policies/rollout/direct.yaml"]}))
    assert said == (
        'policies/rollout/fast.yaml:4:18 metadata.name: expected "fast" as in the path, got "direct" '
        "(policies/rollout/direct.yaml has this name)"
    )


@pytest.mark.parametrize(
    ("path", "fragment"),
    [
        ("models/flight-delay/model.yml", "not .yml"),
        ("models/flight-delay/modle.yaml", "no spec lives here"),
        ("policies/standard.yaml", "policies/gates/<name>.yaml, policies/retrain/<name>.yaml"),
        ("policies/retrian/standard.yaml", "no spec lives here"),
        ("datasets/old/flights.yaml", "datasets/<name>.yaml"),
    ],
)
def test_a_file_that_nothing_reads_is_refused(path, fragment):
    (said,) = problems(a_repository(**{path: "a: 1\n"}))
    assert said.startswith(f"{path}:1:1 ")
    assert fragment in said


def test_hostile_names_stay_text_in_messages():
    hostile = "\x1b[2J\u202e\n::error::"
    files = edited(DATASET, "column: distance", f"column: {as_text(hostile)}") | {
        f"models/{hostile}/x.yaml": b"",
        "datasets/\udcff.yaml": b"a",
    }
    files[MODEL] = ROOT[MODEL].replace("owner: airport", f"{as_text(hostile)}: airport").encode()
    said = problems(files)
    assert len(said) == 4
    assert all(one.isprintable() for one in said)


def test_a_release_of_no_model_is_refused():
    release = as_text(a_release_document(model="flight-dealy"))
    (said,) = problems(a_repository(**{"models/flight-dealy/releases/production.yaml": release}))
    assert 'no models/flight-dealy/model.yaml, so this file is about nothing (did you mean "flight-delay"?)' in said


@pytest.mark.parametrize(
    ("document", "fragments"),
    [
        (a_release_document(digest="sha256:" + "0" * 64), ["spec.digest", "0" * 64, "revert the edit"]),
        (
            a_release_document(environment="staging") | {"metadata": {"name": "production"}},
            ["spec.environment", 'expected "production"'],
        ),
        (a_release_document(model="other"), ["spec.model", 'expected "flight-delay"', 'got "other"']),
    ],
)
def test_a_release_that_is_not_what_its_path_says_is_refused(document, fragments):
    (said,) = problems(a_repository(**{RELEASE: as_text(document)}))
    assert all(fragment in said for fragment in fragments), said


@pytest.mark.parametrize("path", ["/etc/passwd", "../model.skops", "runs/../../x", "runs\\..\\x"])
def test_an_artifact_outside_the_repository_is_refused(path):
    document = a_release_document()
    document["spec"]["artifact"]["path"] = path
    (said,) = problems(a_repository(**{RELEASE: as_text(document)}))
    assert "leads out of the repository" in said


def test_a_release_in_an_environment_that_the_model_does_not_have():
    document = as_text(a_release_document(environment="canary"))
    (said,) = problems(a_repository(**{"models/flight-delay/releases/canary.yaml": document}))
    assert "has no environment canary (it has staging, production" in said


def test_a_digest_is_quarantined_once():
    item = {"digest": "sha256:" + "1" * 64, "reason": "bad"}
    frame = {"apiVersion": "perennial/v1", "kind": "Quarantine", "metadata": {"name": "flight-delay"}}
    (said,) = problems(a_repository(**{QUARANTINE: as_text({**frame, "spec": {"digests": [item, item]}})}))
    assert "spec.digests[1].digest" in said


CHECKS = "policies/gates/checks.py"


def with_checks(*gates: str) -> dict[str, bytes]:
    """The repository with these gates `custom` too, and one function for them."""
    files = a_repository(**{CHECKS: "def judge(given): ...\n"})
    path = "policies/gates/strict.yaml"
    return files | {path: files[path] + "".join(f"    - {{type: custom, {gate}}}\n" for gate in gates).encode()}


def test_checks_that_are_well():
    load_specs(with_checks("name: one, function: 'policies.gates.checks:judge'", "name: two, command: [sh, x.sh]"))


@pytest.mark.parametrize(
    ("gate", "fragment"),
    [
        ("name: one, function: 'policies.gates.chekcs:judge'", "there is no file policies/gates/chekcs.py"),
        ("name: one, function: 'policies.gates.checks:juge'", 'checks.py has no function juge (did you mean "judge"?)'),
        ("name: one, function: 'checks.smoke:judge'", "checks/smoke.py is not under models/ or policies/gates/"),
    ],
)
def test_the_function_of_a_check_is_there(gate, fragment):
    (said,) = problems(with_checks(gate))
    assert fragment in said, said


def test_checks_of_one_policy_have_different_names():
    (said,) = problems(with_checks("name: one, command: [sh]", "name: one, command: [bash]"))
    assert 'the check "one" stands twice, first as number ' in said


OVERRIDE = "models/flight-delay/override.yaml"


def an_override(**spec: Any) -> str:
    usual = {"gates": ["floor"], "champion": "sha256:" + "1" * 64, "owner": "ann", "reason": "it loads nowhere"}
    frame = {"apiVersion": "perennial/v1", "kind": "Override", "metadata": {"name": "flight-delay"}}
    return as_text({**frame, "spec": usual | {"from": "2013-03-01", "until": "2013-03-31"} | spec})


def test_an_override_that_is_well():
    assert load_specs(a_repository(**{OVERRIDE: an_override()})).overrides["flight-delay"].owner == "ann"


@pytest.mark.parametrize(
    ("spec", "fragments"),
    [
        ({"gates": ["flor"]}, ["spec.gates[0]", 'policy strict has no gate "flor"', 'did you mean "floor"?']),
        ({"gates": ["floor", "floor"]}, ["spec.gates[1]", "stands twice"]),
        ({"until": "2013-04-01"}, ["spec.until", "more than 30 days after it begins", "2013-03-31 at the latest"]),
        ({"until": "2013-03-01"}, ["spec.until", "it ends at 2013-03-01, before it begins at 2013-03-01"]),
    ],
)
def test_an_override_is_of_gates_that_there_are_and_does_not_last(spec, fragments):
    (said,) = problems(a_repository(**{OVERRIDE: an_override(**spec)}))
    assert all(fragment in said for fragment in fragments), said


def test_an_override_is_about_one_thing():
    (said,) = problems(a_repository(**{OVERRIDE: an_override(candidate="sha256:" + "2" * 64)}))
    assert "exactly one of candidate and champion" in said


def test_an_override_of_no_model():
    (said,) = problems(a_repository(**{"models/other/override.yaml": an_override().replace("flight-delay", "other")}))
    assert "there is no models/other/model.yaml" in said


ONE = ("policies/retrain/standard.yaml", "      - type: newLabels\n        rows: 20000\n")
BUSINESS = (
    MODEL,
    "  metrics: [rocAuc, brier]\n",
    "  metrics: [rocAuc, brier]\n  business: [{name: revenue, column: distance}]\n",
)


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(("short", "wrong"), [("5m", False), ("59m", False), ("1h", True), ("60m", True), ("1d", True)])
def test_the_short_window_of_a_burn_rate_is_shorter_than_the_long_one(short, wrong):
    pair = f"{{long: 1h, short: {short}, rate: 2}}"
    files = changed((*ONE, f"      - {{type: sloBurnRate, objective: 0.9, errorRatio: 'x[$window]', windows: [{pair}]}}\n"))
    if not wrong:
        assert load_specs(files).retrain
        return
    (problem,) = problems(files)
    assert "spec.triggers.any[0].windows[0].short: the short window of" in problem
    assert "is not shorter than the long one of 1h" in problem


PROTECTS = "  protected: {}\n  task: binary"


@pytest.mark.parametrize(
    ("protected", "where", "message"),
    [
        ("[carrier, remark]", "[1]", '"remark" is not a column of dataset flights'),
        ("[remarks, remarks]", "[1]", 'the column "remarks" stands twice'),
        ("[delay]", "[0]", '"delay" is the label'),
        ("[departure]", "[0]", '"departure" is of type time'),
    ],
)
def test_protected_columns_make_groups(protected, where, message):
    (problem,) = problems(edited(MODEL, "  task: binary", PROTECTS.format(protected)))
    assert f"spec.protected{where}: {message}" in problem


GATE = ("policies/gates/strict.yaml", "    - {type: beatsLive, metric: rocAuc}\n")
REGRESSION = [
    (MODEL, "task: binary\n  target:\n    atLeast: 15", "task: regression"),
    (MODEL, "[rocAuc, brier]", "[mae]"),
    (RETRAIN, "      - {type: performance, metric: rocAuc, below: 0.68, window: 7d}\n", ""),
    ("policies/gates/strict.yaml", "    - {type: floor, metric: rocAuc, atLeast: 0.6}\n", ""),
]
SEVERAL = [
    (
        MODEL,
        "task: binary\n  target:\n    atLeast: 15",
        "task: multiclass\n  target: {classes: [{name: a, below: 0}, {name: b}]}",
    ),
    (MODEL, "[rocAuc, brier]", "[logLoss]"),
    *REGRESSION[2:],
]


@pytest.mark.parametrize(
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
