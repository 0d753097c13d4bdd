"""The committed schemas are the generated ones, and shipped specs name theirs in the first line."""

from pathlib import Path

import pytest

from reconciler.adapters.worktree import read_tree
from reconciler.render.release import release_yaml
from reconciler.specs.places import place_of, schema_comment
from reconciler.specs.schemas import schema_files
from tests.builders import a_release
from tests.specs import ROOT

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize(("path", "text"), schema_files().items())
def test_the_committed_schema_is_current(path, text):
    assert (REPOSITORY / path).read_text() == text, "run: perennial schema --write"


def test_no_schema_is_left_over():
    assert {path.name for path in (REPOSITORY / "schemas").iterdir()} == {Path(path).name for path in schema_files()}


def test_shipped_specs_start_with_the_comment_of_their_schema():
    shipped = {path: content.decode() for path, content in read_tree(REPOSITORY).items() if place_of(path)} | ROOT
    for path in filter(place_of, shipped):
        if path != "params.yaml":
            assert shipped[path].split("\n")[0] == schema_comment(path), path


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
