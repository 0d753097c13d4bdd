"""Keys that are no texts, orders that do not matter, definitions that say little: what is wrong is told, nothing is raised."""

import pytest
import yaml

from reconciler.render.crds import manifest_problems
from reconciler.render.definitions import closed, schemas_of
from tests.cases import each

SPEC = {"type": "object", "properties": {"a": {"type": "string"}, "kind": {"type": "string", "enum": ["x"], "nullable": True}}}


def definition(kind="Thing", **version):
    root = {"type": "object", "properties": {"spec": SPEC}}
    versions = [{"name": "v1", "served": True, "schema": {"openAPIV3Schema": root}, **version}]
    spec = {"group": "example.com", "names": {"kind": kind}, "versions": versions}
    return yaml.safe_dump({"kind": "CustomResourceDefinition", "spec": spec}, sort_keys=False)


def manifest(spec, kind="Thing"):
    return f"apiVersion: example.com/v1\nkind: {kind}\nmetadata: {{name: a}}\nspec: {spec}\n"


def fields(spec):
    return [problem.field for problem in manifest_problems({"a.yaml": manifest(spec)}, {"d.yaml": definition()})]


@each(
    ("spec", "found"),
    [
        ("{on: 1, zed: 2}", ["spec[True]", "spec.zed"]),
        ("{2: a, b: c}", ["spec[2]", "spec.b"]),
        ("{null: a, b: c}", ["spec.None", "spec.b"]),
        ("{zed: 1, bad: 2}", ["spec.bad", "spec.zed"]),
    ],
)
def test_keys_of_any_kind_are_told_in_one_order(spec, found):
    assert fields(spec) == found


@each("spec", ["{}", "{kind: null}", "{kind: x}", "{a: ''}"])
def test_what_may_be_null_or_absent_is_fine(spec):
    assert fields(spec) == []


@each(("spec", "found"), [("{a: null}", "spec.a"), ("{kind: y}", "spec.kind"), ("[]", "spec"), ("", "spec")])
def test_what_has_another_type_is_told_where_it_stands(spec, found):
    assert fields(spec) == [found]


def test_the_order_of_definitions_and_of_texts_about_others_does_not_matter():
    texts = {"d.yaml": definition(), "e.yaml": definition("Other"), "f.yaml": "kind: ConfigMap\n"}
    files = {"a.yaml": manifest("{b: 1}"), "b.yaml": manifest("{a: 1}", "Other"), "readme.md": "{{"}
    assert manifest_problems(files, texts) == manifest_problems(files, dict(reversed(texts.items())))
    assert len(manifest_problems(files, texts)) == 2


@pytest.mark.parametrize("version", [{"served": False}, {"schema": {}}, {"schema": {"openAPIV3Schema": {}}}])
def test_a_version_that_is_not_served_or_has_no_schema_defines_nothing(version):
    assert schemas_of({"d.yaml": definition(**version)}, ["Thing"]) == {}


def test_nothing_to_look_at_is_no_problem():
    assert manifest_problems({}, {}) == ()
    assert manifest_problems({"notes.txt": "kind: ["}, {}) == ()


@each("value", [None, True, 3, "object", [], ["object"]])
def test_what_is_no_schema_is_left_as_it_is(value):
    assert closed(value) == value


def test_closing_twice_is_closing_once():
    assert closed(closed(SPEC)) == closed(SPEC)


def test_objects_in_lists_are_closed_and_those_in_rules_on_values_are_not():
    inner = {"type": "object", "properties": {"a": {}}}
    made = closed({"type": "array", "items": inner, "anyOf": [inner]})
    assert made["items"]["additionalProperties"] is False
    assert made["anyOf"] == [inner]
