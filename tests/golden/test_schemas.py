"""The committed schemas are the generated ones, and shipped specs name theirs in the first line."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.adapters.worktree import read_tree
from reconciler.render.release import release_yaml
from reconciler.specs.places import place_of, schema_comment
from reconciler.specs.schemas import schema_files, schema_of
from reconciler.specs.syntax import parse
from tests.builders import a_release

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize(("path", "text"), schema_files().items())
def test_the_committed_schema_is_current(path, text):
    assert (REPOSITORY / path).read_text() == text, "run: perennial schema --write"


def test_no_schema_is_left_over():
    assert {path.name for path in (REPOSITORY / "schemas").iterdir()} == {Path(path).name for path in schema_files()}


SHIPPED = {path: content.decode() for path, content in read_tree(REPOSITORY).items() if place_of(path)}


def test_specs_are_shipped():
    assert {"params.yaml", "datasets/flights.yaml"} < set(SHIPPED)


@pytest.mark.parametrize("path", SHIPPED)
def test_a_shipped_spec_starts_with_the_comment_of_its_schema_and_keeps_it(path):
    place = place_of(path)
    assert place is not None
    assert SHIPPED[path].split("\n")[0] == schema_comment(path)
    Draft202012Validator(schema_of(place.kind)).validate(parse(path, SHIPPED[path].encode())[1])


def test_a_written_release_starts_with_the_comment_of_its_schema():
    assert release_yaml(a_release()).startswith(schema_comment("models/x/releases/production.yaml") + "\n")


def test_there_is_no_comment_where_no_spec_lives():
    with pytest.raises(ValueError, match=r"models/x/notes\.yaml"):
        schema_comment("models/x/notes.yaml")


def test_objects_are_closed_and_properties_carry_their_docstrings():
    text = schema_files()["schemas/params.json"]
    assert text.count('"additionalProperties": false') == 3
    assert "Nothing later than this is known to the run" in text
    assert '"$id"' not in "".join(schema_files().values())
