"""Pydantic's complaints in our words: at the right path, once, with what is there and what may be meant."""

import pytest

from reconciler.errors import InvalidSpecsError
from reconciler.specs.complaints import plain_path
from reconciler.specs.load import read_document
from reconciler.specs.places import Place
from tests.cases import each
from tests.specs import ROOT, as_text

FRAME = {"apiVersion": "perennial/v1", "metadata": {"name": "x"}}


def told(schema: str, document) -> list[str]:
    with pytest.raises(InvalidSpecsError) as caught:
        read_document(Place(path="x.yaml", schema=schema, name="x"), as_text(document).encode())
    return [f"{problem.field}: {problem.message} [{problem.hint}]" for problem in caught.value.problems]


def retrain(trigger) -> list[str]:
    return told("retrain-policy", FRAME | {"kind": "RetrainPolicy", "spec": {"triggers": trigger}})


@each(
    ("data", "loc", "kind", "path"),
    [
        ({"a": [{"b": 1}]}, ("a", 0, "b"), "int_type", ("a", 0, "b")),
        ({"a": {"type": "x", "b": 1}}, ("a", "x", "b"), "int_type", ("a", "b")),
        ({"a": {"any": [{"type": "x"}]}}, ("a", "any", "any", 0, "x", "rows"), "missing", ("a", "any", 0, "rows")),
        ({"a": {"type": "x"}}, ("a", "x", "b"), "missing", ("a", "b")),
        ({"a": 5}, ("a", "b"), "int_type", ("a",)),
        ({"models": {"Bad": {}}}, ("models", "Bad", "[key]"), "string_pattern_mismatch", ("models", "Bad")),
        ({}, ("a",), "missing", ("a",)),
        ([], (), "dict_type", ()),
        ({"type": {"type": 1}}, ("type", "type"), "int_type", ("type", "type")),
    ],
)
def test_the_tags_of_unions_are_no_keys(data, loc, kind, path):
    assert plain_path(data, loc, kind) == path


@each(
    ("trigger", "said"),
    [
        ({}, "spec.triggers.type: is missing [one of schedule,"),
        ({"type": "newLable", "rows": 5}, 'got "newLable" [did you mean "newLabels"?]'),
        ({"type": None}, "spec.triggers.type: expected one of schedule"),
        ({"type": ["newLabels"]}, "got a list"),
        (5, "spec.triggers: expected a mapping with `type:` one of"),
        ("newLabels", 'got "newLabels"'),
        ([{"type": "specChanged"}], "got a list"),
        (None, "got nothing"),
        ({"any": {"type": "specChanged"}}, "spec.triggers.any: expected a list of at least 1 item, got a mapping"),
        ({"any": []}, "spec.triggers.any: expected at least one trigger, not 0"),
        ({"any": [5]}, "spec.triggers.any[0]: expected a mapping"),
        ({"any": [{"all": [{"type": "newLabels"}]}]}, "spec.triggers.any[0].all[0].rows: is missing [expected a whole number"),
        ({"any": [{"type": "specChanged"}], "all": []}, "spec.triggers.all: unknown key"),
        ({"type": "schedule", "cron": "0 0 31 2 *"}, "never comes: no such month has such a day"),
        (
            {"type": "schedule", "cron": "0 3 * * 1", "timezone": "Mars/Base"},
            'IANA time zone such as Europe/Berlin, got "Mars/Base"',
        ),
        ({"type": "newLabels", "rows": 1e400}, "spec.triggers.rows"),
    ],
)
def test_a_trigger_that_is_wrong_has_one_message(trigger, said):
    if trigger == {"type": "newLabels", "rows": 1e400}:
        trigger = {"type": "newLabels", "rows": "1e400"}
    (message,) = retrain(trigger)
    assert said in message


def test_every_item_of_a_list_is_told():
    items = [{"type": "newLabels", "rows": 0}, {"type": "maxAge"}, {"type": "magic"}, {"type": "specChanged", "x": 1}]
    assert [message.split(":")[0] for message in retrain({"any": items})] == [
        "spec.triggers.any[0].rows",
        "spec.triggers.any[1].age",
        "spec.triggers.any[2].type",
        "spec.triggers.any[3].x",
    ]


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"reasn": "audit", "owner": "ann"}, ["spec.reasn"]),
        ({"reason": "", "owner": "ann"}, ["spec.reason"]),
        ({"reason": "audit", "owner": "x" * 101}, ["spec.owner"]),
        ({"reason": "audit", "owner": "ann", "until": "soon"}, ["spec.until"]),
        ({"colour": "red"}, ["spec.colour", "spec.owner", "spec.reason"]),
        ({}, ["spec.owner", "spec.reason"]),
    ],
    ids=["a misspelt key is not also missing", "empty", "too long", "no time", "an unknown key hides nothing", "nothing at all"],
)
def test_a_hold_that_is_wrong(spec, said):
    messages = told("hold", FRAME | {"kind": "Hold", "spec": spec})
    assert sorted(message.split(":")[0] for message in messages) == said


def test_keys_with_dots_and_brackets_stay_one_key():
    (message,) = told("hold", FRAME | {"kind": "Hold", "spec": {"reason": "a", "owner": "b", "x.y[0]": 1}})
    assert message.startswith("spec.x.y[0]: unknown key")


def test_a_long_value_is_cut_in_the_message():
    (message,) = told("hold", FRAME | {"kind": "Hold", "spec": {"reason": "r" * 501, "owner": "b"}})
    assert "of at most 500 characters" in message
    assert len(message) < 200


@each("number", ["2000.0", "2e3", "+2000", "0x7D0"])
def test_a_whole_number_may_be_written_in_any_way(number):
    text = ROOT["policies/retrain/standard.yaml"].replace("rows: 20000", f"rows: {number}")
    document = read_document(Place(path="x.yaml", schema="retrain-policy", name="standard"), text.encode())
    assert document.spec.spec.triggers.any[0].rows == 2000


@each("number", ["2000.5", "-2000.0", '"2000"', "2_000", "2,000"])
def test_other_numbers_are_not_rounded_to_one(number):
    text = ROOT["policies/retrain/standard.yaml"].replace("rows: 20000", f"rows: {number}")
    with pytest.raises(InvalidSpecsError) as caught:
        read_document(Place(path="x.yaml", schema="retrain-policy", name="standard"), text.encode())
    assert caught.value.problems[0].field == "spec.triggers.any[0].rows"
