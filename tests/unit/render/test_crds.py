"""What a CustomResourceDefinition says of a manifest: misspelt keys are found, and what is left open stays so."""

import json

import pytest
import yaml

from reconciler.errors import InvalidSpecsError
from reconciler.render.crds import manifest_problems
from reconciler.render.definitions import closed, schemas_of
from tests.cases import each

SPEC = {
    "type": "object",
    "required": ["size"],
    "properties": {
        "size": {"type": "integer", "minimum": 1, "exclusiveMinimum": True},
        "note": {"type": "string", "nullable": True},
        "port": {"anyOf": [{"type": "integer"}, {"type": "string"}], "x-kubernetes-int-or-string": True},
        "flavour": {"type": "string", "pattern": "^(?i)a$"},
        "tags": {"type": "object", "additionalProperties": {"type": "string"}},
        "anything": {"type": "object", "x-kubernetes-preserve-unknown-fields": True, "properties": {"a": {"type": "string"}}},
        "pod": {"type": "object", "x-kubernetes-embedded-resource": True, "properties": {"spec": {"type": "object"}}},
        "properties": {"type": "object", "properties": {"type": {"type": "string"}}},
        "choice": {
            "type": "object",
            "properties": {"left": {"type": "string"}, "right": {"type": "string"}},
            "oneOf": [{"required": ["left"]}, {"required": ["right"], "properties": {"right": {"enum": ["r"]}}}],
        },
    },
}
VERSION = {
    "name": "v1",
    "served": True,
    "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": SPEC, "metadata": {"type": "object"}}}},
}
CRD = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "spec": {
        "group": "example.com",
        "names": {"kind": "Thing"},
        "versions": [VERSION, {**VERSION, "name": "v0", "served": False}],
    },
}
DEFINITION = yaml.safe_dump(CRD, sort_keys=False)


def problems(spec, api_version="example.com/v1", kind="Thing"):
    manifest = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "a", "labels": {"b": "c"}}, "spec": spec}
    return manifest_problems({"production/a.yaml": yaml.safe_dump(manifest, sort_keys=False)}, {"d.yaml": DEFINITION})


@each(
    "more",
    [
        {},
        {"note": None},
        {"port": "http"},
        {"port": 80},
        {"flavour": "A"},
        {"tags": {"any": "thing"}},
        {"anything": {"a": "b", "c": {"d": 1}}},
        {"pod": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}}},
        {"properties": {"type": "a"}},
        {"choice": {"left": "l"}},
        {"choice": {"right": "r"}},
    ],
)
def test_what_the_definition_takes_is_fine(more):
    assert problems({"size": 2, **more}) == ()


@each(
    ("more", "field", "said"),
    [
        ({"size": 1}, "spec.size", "1 is less than or equal to the minimum of 1"),
        ({"size": None}, "spec.size", "None is not of type 'integer'"),
        ({"tags": {"a": 1}}, "spec.tags.a", "1 is not of type 'string'"),
        ({"sise": 2}, "spec.sise", "Thing has no such field"),
        ({"pod": {"specs": {}}}, "spec.pod.specs", "Thing has no such field"),
        ({"properties": {"typo": "a"}}, "spec.properties.typo", "Thing has no such field"),
        ({"choice": {"left": "l", "middle": "m"}}, "spec.choice.middle", "Thing has no such field"),
        ({"choice": {"right": "x"}}, "spec.choice", "is not valid under any of the given schemas"),
        ({"port": []}, "spec.port", "is not valid under any of the given schemas"),
    ],
)
def test_what_it_does_not_take_is_told_with_its_place(more, field, said):
    (problem,) = problems({"size": 2, **more})
    assert (problem.file, problem.field) == ("rendered production/a.yaml", field)
    assert said in problem.message


def test_a_misspelt_key_is_told_with_line_and_the_right_word():
    (problem,) = problems({"size": 2, "flavor": "a"})
    assert str(problem) == (
        "rendered production/a.yaml:9:3 spec.flavor: Thing has no such field; the API server would drop it or refuse the object "
        '(did you mean "flavour"?)'
    )


def test_what_is_missing_is_told_where_it_should_be():
    (problem,) = problems({})
    assert (problem.field, problem.message) == ("spec", "'size' is a required property")


def test_metadata_are_looked_at_though_no_definition_has_them():
    metadata = {"nam": "a", "labels": {"b": 1}}
    manifest = {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": metadata, "spec": {"size": 2}}
    found = manifest_problems({"a.yaml": yaml.safe_dump(manifest)}, {"d.yaml": DEFINITION})
    assert sorted(problem.field for problem in found) == ["metadata.labels.b", "metadata.nam"]


@pytest.mark.parametrize(
    ("api_version", "kind"), [("example.com/v0", "Thing"), ("example.com/v1", "Other"), ("gateway.networking.k8s.io/v1", "G")]
)
def test_a_custom_kind_that_nobody_defines_is_a_problem(api_version, kind):
    (problem,) = problems({}, api_version, kind)
    assert problem.message in {
        f"no definition of {kind} in {api_version} was given, so nobody can say whether it is right",
        "Thing is defined in example.com/v1, and not in example.com/v0",
    }
    assert problem.hint == "ask the cluster for its definitions: kubectl get crd -o yaml"


@each("api_version", ["v1", "apps/v1", "networking.k8s.io/v1", "rbac.authorization.k8s.io/v1"])
def test_kinds_of_kubernetes_itself_are_passed_over(api_version):
    assert problems({"any": "thing"}, api_version) == ()


def test_only_what_is_asked_for_is_read():
    assert schemas_of({"d.yaml": DEFINITION, "e.yaml": "kind: [broken"}, ["Thing"]).keys() == {("example.com/v1", "Thing")}
    assert schemas_of({"d.yaml": DEFINITION}, ["Other"]) == {}


@each("text", [json.dumps(CRD), json.dumps(CRD, indent=2), f"{DEFINITION}---\n{DEFINITION}", f"---\n---\n{DEFINITION}"])
def test_definitions_may_be_json_and_several(text):
    assert schemas_of({"d.json": text}, ["Thing"]).keys() == {("example.com/v1", "Thing")}


@each(
    ("text", "said"),
    [
        (DEFINITION + "  names: [", "d.yaml:77:1 is no YAML: "),
        (DEFINITION.replace("group:", "troop:"), "d.yaml:1:1 a definition has no group"),
        (DEFINITION.replace("versions:", "version:"), "d.yaml:1:1 a definition has no versions"),
        (
            "kind: CustomResourceDefinition\nspec: {versions: {kind: Thing}}\n",
            "d.yaml:1:1 a definition is not of the form that a cluster gives",
        ),
    ],
)
def test_a_definition_that_cannot_be_read_is_told_with_its_file(text, said):
    with pytest.raises(InvalidSpecsError, match="1 problem in the definitions") as caught:
        schemas_of({"d.yaml": text}, ["Thing"])
    assert str(caught.value.problems[0]).startswith(said)


def test_a_type_that_there_is_not_is_told_where_it_is_wanted():
    files = {"a.yaml": "apiVersion: example.com/v1\nkind: Thing\nmetadata: {}\nspec: {size: 2}\n"}
    (problem,) = manifest_problems(files, {"d.yaml": DEFINITION.replace("type: integer", "type: whole", 1)})
    assert (problem.field, problem.message) == ("spec.size", "the definition wants the type 'whole', which there is not")


def test_closing_leaves_the_schema_itself_alone():
    before = yaml.safe_dump(SPEC)
    assert closed(SPEC)["additionalProperties"] is False
    assert yaml.safe_dump(SPEC) == before


def test_definitions_may_come_in_a_list():
    listed = yaml.safe_dump({"apiVersion": "v1", "kind": "List", "items": [CRD, {"kind": "Other"}]}, sort_keys=False)
    assert schemas_of({"d.yaml": listed}, ["Thing"]).keys() == {("example.com/v1", "Thing")}


@each(
    "text",
    [
        "apiVersion: {}\nkind: Thing\n",
        "# said first\n---\napiVersion: '{}'\nkind: Thing\n",
        "kind: Thing\nmetadata: {{apiVersion: v1}}\napiVersion: {}\n",
        '{{"kind": "Thing", "apiVersion": "{}"}}\n',
    ],
)
def test_what_is_kubernetes_own_is_passed_over_and_the_rest_is_not_wherever_the_version_stands(text):
    assert manifest_problems({"a.yaml": text.format("apps/v1")}, {}) == ()
    (problem,) = manifest_problems({"a.yaml": text.format("example.com/v1")}, {})
    assert problem.message.startswith("no definition of Thing in example.com/v1")
