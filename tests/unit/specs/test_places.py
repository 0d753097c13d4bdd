"""Which kind of spec lives where; and a file that nothing reads is told, not ignored."""

import pytest

from reconciler.specs.places import home_of, misplaced, place_of, schema_comment
from reconciler.specs.schemas import SCHEMAS
from tests.cases import each
from tests.specs import ROOT

HOMES = [
    ("models/m/model.yaml", "model", "m", "m"),
    ("models/m/hold.yaml", "hold", "m", "m"),
    ("models/m/quarantine.yaml", "quarantine", "m", "m"),
    ("models/m/override.yaml", "override", "m", "m"),
    ("models/m/releases/staging.yaml", "release", "staging", "m"),
    ("datasets/d.yaml", "dataset", "d", ""),
    ("policies/retrain/p.yaml", "retrain-policy", "p", ""),
    ("policies/gates/p.yaml", "gate-policy", "p", ""),
    ("policies/rollout/p.yaml", "rollout-policy", "p", ""),
    ("params.yaml", "params", "", ""),
]


@each(("path", "schema", "name", "model"), HOMES)
def test_each_kind_has_its_place(path, schema, name, model):
    place = place_of(path)
    assert place is not None
    assert (place.path, place.schema, place.name, place.model) == (path, schema, name, model)
    assert place.kind is SCHEMAS[schema]
    assert misplaced(path) == ""


def test_every_schema_has_a_place():
    assert {schema for _, schema, *_ in HOMES} == set(SCHEMAS)


@each(
    "path",
    [
        *("models/model.yaml", "models/a/b/model.yaml", "models//model.yaml", "models/m/releases/a/b.yaml", "datasets/a/b.yaml"),
        *("models/m/model.yml", "models/m/model.yaml.bak", "xmodels/m/model.yaml", "policies/p.yaml", "datasets/.yaml/x"),
        *("a/params.yaml", "params.yml", "", "/models/m/model.yaml", "models/m/Model.yaml", "models/m/modelxyaml"),
    ],
)
def test_no_spec_lives_anywhere_else(path):
    assert place_of(path) is None


@each(
    ("path", "said"),
    [
        ("models/m/model.yml", "specs end in .yaml, not .yml"),
        ("models/m/model.YML", "specs end in .yaml, not .yml"),
        ("models/m/model.YAML", "no spec lives here"),
        ("models/m/modle.yaml", "no spec lives here"),
        ("models/m/evidence/x.yaml", "no spec lives here"),
        ("policies/other/p.yaml", "no spec lives here"),
        ("datasets/old/d.yaml", "no spec lives here"),
    ],
)
def test_yaml_that_nothing_reads_is_told(path, said):
    assert said in misplaced(path)


@each(
    "path",
    [
        *("models/m/CARD.md", "models/m/evidence/abc.json", "models/m/pipeline.py", "datasets/d.py", "datasets/data.csv"),
        *(".github/workflows/ci.yaml", "dvc.yaml", "docker-compose.yml", "templates/deployment.yaml", "modelsx/a.yaml"),
    ],
)
def test_other_files_are_not_our_business(path):
    assert misplaced(path) == ""


@each("path", sorted(path for path, text in ROOT.items() if "yaml-language-server" in text))
def test_the_schema_comment_is_what_shipped_specs_start_with(path):
    assert ROOT[path].startswith(schema_comment(path) + "\n")


def test_a_file_that_is_no_spec_has_no_schema():
    with pytest.raises(ValueError, match=r"no spec lives at README\.md"):
        schema_comment("README.md")


def test_a_home_names_its_variable_part():
    assert home_of("release") == "models/<model>/releases/<name>.yaml"
