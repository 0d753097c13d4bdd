"""Two environments of one model are two places in a cluster."""

import pytest

from reconciler.errors import InvalidSpecsError
from reconciler.specs.load import load_specs
from tests.specs import ROOT, a_repository

MODEL = "models/flight-delay/model.yaml"


def problems(pyproject: str, **changes: str) -> list[str]:
    files = a_repository(**{"pyproject.toml": pyproject} | changes)
    try:
        load_specs(files)
    except InvalidSpecsError as error:
        return [str(problem) for problem in error.problems]
    return []


def environments(**tables: str) -> str:
    """A pyproject.toml with a table per environment."""
    return "".join(f"[tool.perennial.environments.{name}]\n{text}\n" for name, text in tables.items())


@pytest.mark.parametrize(
    "settings",
    [
        environments(production='namespace = "shop"', staging='namespace = "shop"'),
        environments(production='namespace = "staging"'),
        environments(staging='namespace = "production"'),
        environments(
            production='namespace = "shop"\ncluster = "https://k.example.com/"',
            staging='namespace = "shop"\ncluster = "https://k.example.com"',
        ),
    ],
    ids=["both say so", "the default namespace of the first", "the default namespace of the second", "but for a slash"],
)
def test_one_place_for_two_environments_of_a_model_is_refused_where_the_model_names_the_second(settings):
    (problem,) = problems(settings)
    line = ROOT[MODEL].split("\n").index("  environments: [staging, production]") + 1

    assert problem.startswith(f"{MODEL}:{line}:27 spec.environments[1]: staging and production are both namespace ")
    assert "each would overwrite the other's flight-delay" in problem
    assert "[tool.perennial.environments.production] in pyproject.toml" in problem


@pytest.mark.parametrize(
    "settings",
    [
        "",
        environments(production='namespace = "shop"', staging='namespace = "shop-staging"'),
        environments(
            production='namespace = "shop"\ncluster = "https://live.example.com"',
            staging='namespace = "shop"\ncluster = "https://try.example.com"',
        ),
        environments(production='namespace = "shop"', elsewhere='namespace = "shop"'),
    ],
    ids=["defaults", "two namespaces", "two clusters", "an environment that the model does not name"],
)
def test_two_places_are_fine(settings):
    assert problems(settings) == []


def test_different_models_may_share_a_place():
    second = ROOT[MODEL].replace("name: flight-delay", "name: other").replace("[staging, production]", "[elsewhere]")
    shared = environments(production='namespace = "shop"', elsewhere='namespace = "shop"')
    assert problems(shared, **{"models/other/model.yaml": second}) == []


def test_three_environments_in_one_place_are_two_problems():
    three = ROOT[MODEL].replace("[staging, production]", "[a, b, c]")
    shared = environments(a='namespace = "x"', b='namespace = "x"', c='namespace = "x"')
    assert len(problems(shared, **{MODEL: three})) == 2


def test_an_environment_that_stands_twice_is_told_once():
    twice = ROOT[MODEL].replace("[staging, production]", "[staging, staging]")
    (problem,) = problems("", **{MODEL: twice})
    assert "stands twice" in problem


def test_broken_settings_raise_no_second_alarm():
    (problem,) = problems('[tool.perennial.environments.production]\nnamespace = "Bad Name"\n')
    assert problem.startswith("pyproject.toml:2:1 ")
