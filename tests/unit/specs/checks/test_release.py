"""A release is of a model and an environment that there are, and what its path and its digest say."""

import pytest

from tests.cases import each
from tests.specs import a_release_document, a_repository, as_text, problems

RELEASE = "models/flight-delay/releases/production.yaml"


def test_a_release_of_no_model_is_refused():
    release = as_text(a_release_document(model="flight-dealy"))
    (said,) = problems(a_repository(**{"models/flight-dealy/releases/production.yaml": release}))
    assert 'no models/flight-dealy/model.yaml, so this file is about nothing (did you mean "flight-delay"?)' in said


@pytest.mark.parametrize(
    ("document", "fragments"),
    [
        (a_release_document(digest="sha256:" + "0" * 64), ["spec.digest", "0" * 64, "revert the edit"]),
        (
            a_release_document(environment="staging") | {"metadata": {"name": "production"}},
            ["spec.environment", 'expected "production"'],
        ),
        (a_release_document(model="other"), ["spec.model", 'expected "flight-delay"', 'got "other"']),
    ],
)
def test_a_release_that_is_not_what_its_path_says_is_refused(document, fragments):
    (said,) = problems(a_repository(**{RELEASE: as_text(document)}))
    assert all(fragment in said for fragment in fragments), said


@each("path", ["/etc/passwd", "../model.skops", "runs/../../x", "runs\\..\\x"])
def test_an_artifact_outside_the_repository_is_refused(path):
    document = a_release_document()
    document["spec"]["artifact"]["path"] = path
    (said,) = problems(a_repository(**{RELEASE: as_text(document)}))
    assert "leads out of the repository" in said


def test_a_release_in_an_environment_that_the_model_does_not_have():
    document = as_text(a_release_document(environment="canary"))
    (said,) = problems(a_repository(**{"models/flight-delay/releases/canary.yaml": document}))
    assert "has no environment canary (it has staging, production" in said
