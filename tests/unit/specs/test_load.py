"""Valid files make Specs; everything that is no spec is only carried along."""

from datetime import UTC, datetime, timedelta

from reconciler.specs.load import load_specs
from tests.specs import a_release_document, a_repository, as_text


def test_a_valid_repository_is_read_whole():
    specs = load_specs(a_repository())
    assert (list(specs.models), list(specs.datasets)) == (["flight-delay"], ["flights"])
    assert (list(specs.retrain), list(specs.gates), list(specs.rollouts)) == (["standard"], ["strict"], ["direct"])
    assert specs.models["flight-delay"].spec.training.holdout == timedelta(weeks=2)
    assert specs.parameters["flight-delay"].as_of == datetime(2013, 3, 1, tzinfo=UTC)
    assert specs.settings.environment("production").namespace == "shop"
    assert specs.settings.environment("staging").namespace == "staging"


def test_an_empty_repository_is_valid():
    specs = load_specs({})
    assert not specs.models
    assert specs.settings.forge.type == "local"


def test_other_files_are_carried():
    files = a_repository(**{"models/flight-delay/CARD.md": "# card\n", "templates/deployment.yaml": "{{ nothing }}: ["})
    assert load_specs(files).files == files


def test_a_release_hold_and_quarantine_are_read():
    digest = "sha256:" + "c" * 64
    frame = "apiVersion: perennial/v1\nmetadata: {name: flight-delay}\n"
    folder = "models/flight-delay"
    specs = load_specs(
        a_repository(
            **{
                f"{folder}/releases/production.yaml": as_text(a_release_document()),
                f"{folder}/hold.yaml": f"{frame}kind: Hold\nspec: {{reason: audit, owner: ann, until: 2013-05-01}}\n",
                f"{folder}/quarantine.yaml": f"{frame}kind: Quarantine\nspec:\n  digests: [{{digest: {digest}, reason: bad}}]\n",
            }
        )
    )
    assert specs.releases["flight-delay"]["production"].version == "1.0.0"
    assert specs.holds["flight-delay"].until == datetime(2013, 5, 1, tzinfo=UTC)
    assert specs.quarantine == {"flight-delay": {digest: "bad"}}


def test_the_order_of_files_does_not_matter():
    files = a_repository()
    assert load_specs(dict(reversed(files.items()))) == load_specs(files)
