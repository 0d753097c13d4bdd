"""Hints: what a schema wants in words, and which word was probably meant."""

from reconciler.rules.fields import DURATION_PATTERN
from reconciler.specs.dataset import Dataset
from reconciler.specs.guide import at, child, closest, did_you_mean, expected, keys_instead_of_type, keys_of, shown, types_of
from reconciler.specs.model import Model
from reconciler.specs.policies import GatePolicy, RetrainPolicy
from reconciler.specs.schemas import schema_of
from tests.cases import each


@each(
    ("value", "text"),
    [
        (None, "nothing"),
        ({}, "a mapping"),
        ({"a": 1}, "a mapping"),
        ([], "an empty list"),
        ([1], "a list"),
        ((1,), "a list"),
        (True, "true"),
        (5, "5"),
        (2.5, "2.5"),
        ("ä", '"ä"'),
        ('say "hi"', '"say \\"hi\\""'),
        ("a\nb", '"a\\nb"'),
        ("x" * 78, '"' + "x" * 78 + '"'),
        ("x" * 79, '"' + "x" * 75 + "..."),
        ("x" * 10**6, '"' + "x" * 75 + "..."),
    ],
)
def test_a_value_is_shown_short(value, text):
    assert shown(value) == text
    assert len(shown(value)) <= 80


@each(
    ("word", "meant"),
    [
        ("rocauc", "rocAuc"),
        ("roc-auc", "rocAuc"),
        ("ROCAUC", "rocAuc"),
        ("rocAcu", "rocAuc"),
        ("brierr", "brier"),
        ("xyz", ""),
        ("", ""),
        (5, ""),
        (None, ""),
        ({"a": 1}, ""),
        ("a" * 100_000, ""),
    ],
)
def test_the_nearest_word_is_meant(word, meant):
    words = ["rocAuc", "brier", "logLoss"]
    assert closest(word, words) == meant
    assert did_you_mean(word, words) == (f'did you mean "{meant}"?' if meant else "")
    assert closest(word, []) == ""


@each(
    ("data", "part", "found"),
    [
        ({"a": 1}, "a", 1),
        ({"a": 1}, "b", None),
        ({"a": 1}, 0, None),
        ([5, 6], 1, 6),
        ([5], 1, None),
        ([5], "0", None),
        ("text", 0, None),
        (None, "a", None),
    ],
)
def test_a_step_down_leads_to_a_value_or_nowhere(data, part, found):
    assert child(data, part) == found


@each(
    ("kind", "data", "path", "words"),
    [
        (Model, {}, ("spec", "task"), "one of binary, multiclass, regression"),
        (Model, {}, ("spec", "training", "holdout"), "a duration such as 30m, 12h, 7d or 2w"),
        (Model, {}, ("spec", "training", "window"), "a duration such as 30m, 12h, 7d or 2w"),
        (Model, {}, ("spec", "environments"), "a list of at least 1 item"),
        (Model, {}, ("spec", "environments", 0), "a name of at most 52 lower-case letters, digits and inner hyphens"),
        (Model, {}, ("spec", "serve", "port"), "a whole number of at least 1024 and at most 65535"),
        (Model, {}, ("spec", "serve", "resources", "cpu"), "an amount of CPU such as 500m or 2"),
        (Model, {}, ("spec", "serve", "image"), "a container image such as registry.example.com/team/serve:1.4.0"),
        (Model, {}, ("spec", "serve", "resources", "memory"), "an amount of memory such as 512Mi or 2Gi"),
        (Model, {}, ("metadata", "owner"), "text of at most 100 characters"),
        (Model, {}, ("spec", "features"), "a mapping with the keys numeric, categorical"),
        (Model, {}, ("spec", "training", "parameters"), "a mapping"),
        (Model, {}, ("apiVersion",), "perennial/v1"),
        (Dataset, {}, ("spec", "columns", 3, "nullable"), "true or false"),
        (Dataset, {}, ("spec", "columns", 0, "minimum"), "a number"),
        (Dataset, {}, ("spec", "source"), "a mapping with `type:` one of file, sql, python"),
        (Dataset, {"spec": {"source": {"type": "sql"}}}, ("spec", "source", "query"), "text that is not empty"),
        (Dataset, {}, ("spec", "expectations", 0, "type"), "the name of an expectation, such as"),
        (GatePolicy, {"spec": {"gates": [{"type": "beatsLive"}]}}, ("spec", "gates", 0, "minGain"), "a number of at least 0"),
        (RetrainPolicy, {"spec": {"triggers": {"type": "dataDrift"}}}, ("spec", "triggers", "shareOfFeatures"), "more than 0"),
    ],
)
def test_what_is_wanted_is_told_in_words(kind, data, path, words):
    assert words in expected(at(schema_of(kind), data, path), path[-1])


@each(
    ("node", "words"),
    [
        ({}, "another value"),
        ({"const": 5}, "5"),
        ({"enum": ["a", 1]}, "one of a, 1"),
        ({"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 9}, "a whole number of more than 0 and less than 9"),
        ({"pattern": DURATION_PATTERN, "type": "string"}, "a duration such as 30m, 12h, 7d or 2w"),
        ({"pattern": "^x$", "type": "string"}, "text that matches ^x$"),
        ({"type": "array"}, "a list"),
        ({"type": "null"}, "nothing"),
        ({"type": "object"}, "a mapping"),
        ({"type": "odd"}, "odd"),
    ],
)
def test_every_kind_of_schema_has_words(node, words):
    assert expected(node) == words


def test_a_path_that_leads_nowhere_has_no_schema():
    assert at(schema_of(Model), {}, ("spec", "nothing", 0, "there")) == {}
    assert keys_of({}) == []


def test_a_trigger_is_a_type_or_one_of_four_keys():
    node = at(schema_of(RetrainPolicy), {}, ("spec", "triggers"))
    assert {"schedule", "newLabels", "dataDrift"} < set(types_of(node))
    assert keys_instead_of_type(node) == ["any", "all", "not", "atLeast"]


@each(
    ("data", "keys"),
    [
        ({"any": []}, ["any"]),
        ({"all": []}, ["all"]),
        ({"not": {}}, ["not"]),
        ({"atLeast": 1}, ["atLeast", "of"]),
        ({"of": []}, ["atLeast", "of"]),
        ({"type": "specChanged"}, ["type", "parts"]),
        ({"type": "manual"}, ["type"]),
    ],
)
def test_data_choose_their_alternative(data, keys):
    assert keys_of(at(schema_of(RetrainPolicy), {"spec": {"triggers": data}}, ("spec", "triggers"))) == keys


def test_nested_triggers_are_followed():
    data = {"spec": {"triggers": {"any": [{"all": [{"type": "maxAge", "age": 5}]}]}}}
    node = at(schema_of(RetrainPolicy), data, ("spec", "triggers", "any", 0, "all", 0, "age"))
    assert expected(node) == "a duration such as 30m, 12h, 7d or 2w"
