"""What holds only between documents: each break is one problem, at its line."""

from tests.cases import each
from tests.specs import ROOT, a_repository, as_text, edited, problems

DATASET = "datasets/flights.yaml"
MODEL = "models/flight-delay/model.yaml"
RETRAIN = "policies/retrain/standard.yaml"
PARAMS = "params.yaml"
QUARANTINE = "models/flight-delay/quarantine.yaml"


@each(
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


def test_a_reference_to_a_broken_spec_is_not_dangling():
    said = problems(edited(DATASET, "eventTime: departure", "eventTime: 5"))
    assert len(said) == 1


def test_two_specs_with_one_name():
    (said,) = problems(a_repository(**{"policies/rollout/fast.yaml": ROOT["policies/rollout/direct.yaml"]}))
    assert said == (
        'policies/rollout/fast.yaml:4:18 metadata.name: expected "fast" as in the path, got "direct" '
        "(policies/rollout/direct.yaml has this name)"
    )


@each(
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


def test_a_digest_is_quarantined_once():
    item = {"digest": "sha256:" + "1" * 64, "reason": "bad"}
    frame = {"apiVersion": "perennial/v1", "kind": "Quarantine", "metadata": {"name": "flight-delay"}}
    (said,) = problems(a_repository(**{QUARANTINE: as_text({**frame, "spec": {"digests": [item, item]}})}))
    assert "spec.digests[1].digest" in said
