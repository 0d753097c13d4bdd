"""What `validate` counts, and that it reports specs and templates together."""

import pytest

from reconciler.cli.validate import counted, plural, valid_specs
from reconciler.errors import InvalidSpecsError
from tests.builders import a_model, shipped_templates, specs_of
from tests.cases import each
from tests.specs import ROOT, a_repository

MODEL = "models/flight-delay/model.yaml"
SERVICE = "templates/deployment/service.yaml.j2"


def problems(**changes: str | None) -> list[str]:
    """What is wrong in the small repository with the shipped templates and these changes."""
    with pytest.raises(InvalidSpecsError) as caught:
        valid_specs(shipped_templates() | a_repository(**changes))
    return [str(problem) for problem in caught.value.problems]


def test_specs_and_shipped_templates_are_valid():
    assert list(valid_specs(shipped_templates() | a_repository()).models) == ["flight-delay"]


def test_a_broken_template_alone_is_a_problem():
    (problem,) = problems(**{SERVICE: "kind: Service\nname: {{ model \n"})
    assert problem.startswith(f"{SERVICE}:2:1 unexpected end of template")


def test_specs_and_templates_are_reported_in_one_go_by_file_and_line():
    broken = {
        MODEL: ROOT[MODEL].replace("task: binary", "task: guess"),
        "params.yaml": "models: [\n",
        SERVICE: "{% for a in b %}",
        "templates/card.md.j2": "\n\n{{ x | nothing }}",
    }
    found = problems(**broken)
    assert [problem.split(":")[0] for problem in found] == [MODEL, "params.yaml", "templates/card.md.j2", SERVICE]
    assert found[2] == "templates/card.md.j2:3:1 No filter named 'nothing'."


def test_two_templates_that_are_no_text_are_both_reported():
    files = a_repository() | {SERVICE: b"a\n\xff", "templates/card.md.j2": b"\xfe", "templates/pull-request.md.j2": b"{% if %}"}
    with pytest.raises(InvalidSpecsError) as caught:
        valid_specs(files)
    assert [(one.file, one.line, one.message) for one in caught.value.problems] == [
        ("templates/card.md.j2", 1, "is not UTF-8"),
        (SERVICE, 2, "is not UTF-8"),
        ("templates/pull-request.md.j2", 1, "Expected an expression, got 'end of statement block'"),
    ]


@each("path", ["templates/notes.txt", "templates/readme.md", "other/a.yaml.j2", "templates/a.json.j2"])
def test_files_that_are_no_templates_are_left_alone(path):
    assert valid_specs(shipped_templates() | a_repository(**{path: "{% broken"}))


def test_policies_of_all_kinds_are_counted_together():
    assert counted(specs_of(a_model(), a_model("other"))) == {"models": 2, "datasets": 1, "policies": 3}


@each(
    ("word", "count", "said"),
    [
        ("models", 1, "model"),
        ("models", 0, "models"),
        ("policies", 1, "policy"),
        ("policies", 2, "policies"),
        ("datasets", 1, "dataset"),
    ],
)
def test_one_is_singular(word, count, said):
    assert plural(word, count) == said
