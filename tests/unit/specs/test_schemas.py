"""The generated JSON Schemas: closed, tidy, documented, and what is shipped for editors."""

import json

import pytest
from jsonschema import Draft202012Validator

from reconciler.domain.names import NAME_PATTERN
from reconciler.specs.parameters import ParametersFile
from reconciler.specs.schemas import DIALECT, SCHEMAS, schema_files, schema_of
from reconciler.specs.settings import Settings
from tests.cases import each


def objects(node, path=""):
    """Every mapping that people write, with the place of its schema."""
    if isinstance(node, dict):
        if "properties" in node and isinstance(node["properties"], dict):
            yield path, node
        for key, child in node.items():
            if key != "if":  # a condition, which closes nothing
                yield from objects(child, f"{path}/{key}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from objects(child, f"{path}/{index}")


@each("name", sorted(SCHEMAS))
def test_a_schema_is_valid_and_names_its_dialect(name):
    Draft202012Validator.check_schema(schema_of(SCHEMAS[name]))
    assert schema_of(SCHEMAS[name])["$schema"] == DIALECT


@each("name", sorted(SCHEMAS))
def test_no_mapping_takes_unknown_keys(name):
    assert [path for path, node in objects(schema_of(SCHEMAS[name])) if node.get("additionalProperties") is not False] == []


@each("name", sorted(SCHEMAS))
def test_keys_are_in_camel_case(name):
    keys = {key for _, node in objects(schema_of(SCHEMAS[name])) for key in node["properties"]}
    assert [key for key in keys if "_" in key or not key[0].islower()] == []


@each("name", sorted(set(SCHEMAS) - {"release", "params"}))
def test_every_mapping_is_described_for_editors(name):
    assert [path for path, node in objects(schema_of(SCHEMAS[name])) if not node.get("description")] == []


@each("name", sorted(set(SCHEMAS) - {"params"}))
def test_every_kind_says_which_it_is(name):
    properties = schema_of(SCHEMAS[name])["properties"]
    assert properties["kind"]["const"]
    assert properties["apiVersion"]["const"] == "perennial/v1"
    assert set(schema_of(SCHEMAS[name])["required"]) == {"apiVersion", "kind", "metadata", "spec"}


@pytest.mark.parametrize("name", ["models", "environments"])
def test_a_mapping_of_names_takes_nothing_but_names(name):
    mapping = {"models": schema_of(ParametersFile), "environments": schema_of(Settings)}[name]["properties"][name]
    assert list(mapping["patternProperties"]) == [NAME_PATTERN]
    assert mapping["additionalProperties"] is False


def test_titles_that_only_repeat_a_name_are_left_out():
    features = schema_of(SCHEMAS["model"])["$defs"]["Features"]
    assert features["title"] == "Features"
    assert "title" not in features["properties"]["numeric"]


def test_a_property_that_is_called_title_would_stay():
    """Names of properties are not words of JSON Schema."""
    assert set(schema_of(SCHEMAS["dataset"])["$defs"]["Column"]["properties"]) >= {
        "name",
        "type",
        "minimum",
        "maximum",
        "description",
    }


def test_files_have_a_line_end_and_are_the_same_each_time():
    files = schema_files()
    assert sorted(files) == [f"schemas/{name}.json" for name in sorted(SCHEMAS)]
    for text in files.values():
        assert text.endswith("}\n")
        assert json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n" == text
    assert files == schema_files()
