"""The last part of LOAD: everything that holds only between documents, each break a Problem with its line. Pure."""

from collections.abc import Iterator

from reconciler.errors import Problem
from reconciler.specs.checks.custom import check_custom
from reconciler.specs.checks.dataset import check_dataset
from reconciler.specs.checks.model import check_model
from reconciler.specs.checks.override import check_override
from reconciler.specs.checks.parameters import check_parameters
from reconciler.specs.checks.policies import check_policies, metrics_judged
from reconciler.specs.checks.release import check_quarantine, check_release
from reconciler.specs.checks.rollouts import check_rollouts
from reconciler.specs.guide import did_you_mean, shown
from reconciler.specs.loaded import Loaded
from reconciler.specs.places import home_of


def check(loaded: Loaded) -> list[Problem]:
    """All problems between the documents; empty when they are valid as a whole."""
    problems = [*_names(loaded), *_orphans(loaded), *check_policies(loaded), *check_rollouts(loaded), *check_parameters(loaded)]
    for dataset in loaded.datasets.values():
        problems += check_dataset(dataset, loaded)
    for policy in loaded.gates.values():
        problems += check_custom(policy, loaded)
    judged = metrics_judged(loaded)
    for model in loaded.models.values():
        problems += check_model(model, loaded, judged)
    for release in loaded.releases:
        problems += check_release(release, loaded)
    for quarantine in loaded.quarantine:
        problems += check_quarantine(quarantine)
    for override in loaded.overrides:
        problems += check_override(override, loaded)
    return problems


def _names(loaded: Loaded) -> Iterator[Problem]:
    """Each spec carries the name that its path says, so no two of a kind can have one name."""
    for document in loaded.framed():
        wanted, found = document.place.name, document.spec.metadata.name
        if wanted == found:
            continue
        taken = found in loaded.names.get(document.place.schema, ()) and document.place.schema != "release"
        hint = f"{home_of(document.place.schema).replace('<name>', found)} has this name" if taken else "rename one of the two"
        yield document.problem(("metadata", "name"), f"expected {shown(wanted)} as in the path, got {shown(found)}", hint)


def _orphans(loaded: Loaded) -> Iterator[Problem]:
    """A release, hold, quarantine or override belongs to a model."""
    models = loaded.names.get("model", frozenset())
    for document in loaded.beside_models():
        if document.place.model not in models:
            message = f"there is no models/{document.place.model}/model.yaml, so this file is about nothing"
            yield document.problem((), message, did_you_mean(document.place.model, models) or "remove the file")
