"""What a repository is given: a pipeline without Perennial's own code, settings, and owners that GitHub knows."""

import tomllib

import pytest
import yaml

from reconciler.specs.draft.code_owners import BEGIN, END, code_owner, code_owners
from reconciler.specs.draft.repository import PERENNIAL, repository_files, with_lines, with_settings, without_own_code
from reconciler.specs.model import Model
from tests.builders import a_model, specs_of
from tests.cases import each
from tests.teams import ROOT

PIPELINE = (ROOT / "dvc.yaml").read_text()


def test_stages_depend_on_the_version_where_they_depended_on_the_code() -> None:
    before, after = yaml.safe_load(PIPELINE)["stages"], yaml.safe_load(without_own_code(PIPELINE))
    assert set(after) == {"stages"}
    for name, stage in after["stages"].items():
        deps = before[name]["do"]["deps"]
        assert [dep for dep in deps if not dep.startswith("reconciler/")] == [
            dep for dep in stage["do"]["deps"] if dep != PERENNIAL
        ]
        assert stage["do"]["deps"].count(PERENNIAL) == 1
        assert {**before[name]["do"], "deps": 0} == {**stage["do"], "deps": 0}


def test_for_the_local_forge_there_are_no_workflows() -> None:
    shipped = {".github/workflows/gate.yml": "x", "dvc.yaml": PIPELINE, ".gitignore": "/a\n"}

    assert ".github/workflows/gate.yml" in repository_files(shipped, "perennial==1", github=True)
    local = repository_files(shipped, "perennial==1", github=False)
    assert not [path for path in local if path.startswith(".github")]
    assert local[PERENNIAL].endswith("\nperennial==1\n")


@pytest.mark.parametrize(
    ("text", "after"),
    [("", "# c\n/a\n/b\n"), ("/b\n/mine", "/b\n/mine\n/a\n"), ("/a\n/b\n", "/a\n/b\n")],
)
def test_missing_lines_are_added_and_none_is_taken(text: str, after: str) -> None:
    assert with_lines(text, "# c\n/a\n/b\n") == after


def test_settings_are_added_to_what_is_there_and_never_changed() -> None:
    project = with_settings('[project]\nname = "x"\n', "github", "acme/models")

    table = tomllib.loads(project)
    assert table["project"] == {"name": "x"}
    assert table["tool"]["perennial"]["forge"] == {"type": "github", "repository": "acme/models"}
    assert with_settings(project, "local", "") == project
    assert tomllib.loads(with_settings("", "local", ""))["tool"]["perennial"] == {"forge": {"type": "local"}}


@each(
    ("owner", "known"),
    [
        ("@ann", "@ann"),
        ("@acme/ml", "@acme/ml"),
        ("acme/ml", "@acme/ml"),
        ("ann@example.com", "ann@example.com"),
        ("airport-operations", "@acme/airport-operations"),
        ("Airport operations", ""),
        ("@ann\n* @mallory", ""),
        ("ann #", ""),
        ("@ann @mallory", ""),
        ("", ""),
    ],
)
def test_an_owner_is_one_that_github_knows_or_none(owner: str, known: str) -> None:
    assert code_owner(owner, "acme") == known
    assert code_owner("airport-operations", "") == ""


def owned(owner: str) -> Model:
    model = a_model("alpha")
    return model.model_copy(update={"metadata": model.metadata.model_copy(update={"owner": owner})})


def test_peoples_lines_stay_and_perennials_are_written_again() -> None:
    specs = specs_of(owned("ml"))
    text = code_owners("* @boss\n", specs, "acme")
    assert text == f"* @boss\n\n{BEGIN}\n/models/alpha/ @acme/ml\n{END}\n"

    assert code_owners(text + "/docs/ @writer\n", specs, "other") == text.replace("@acme", "@other") + "/docs/ @writer\n"
    assert code_owners(text, specs, "acme") == text
    assert "mallory" not in code_owners("", specs_of(owned("x\n* @mallory")), "acme")
