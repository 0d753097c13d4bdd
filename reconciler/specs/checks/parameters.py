"""Checks of params.yaml: its entries are about models that exist, on the dataset that they want."""

from collections.abc import Iterator

from reconciler.errors import Problem
from reconciler.specs.guide import did_you_mean, shown
from reconciler.specs.loaded import Loaded


def check_parameters(loaded: Loaded) -> Iterator[Problem]:
    """Each entry has a model; a model without an entry never ran, which is fine."""
    document = loaded.parameters
    if document is None:
        return
    models = loaded.names.get("model", frozenset())
    for name, parameters in document.spec.models.items():
        if name not in models:
            hint = did_you_mean(name, models) or "remove the entry"
            yield document.problem_with_key(("models", name), f"there is no models/{name}/model.yaml", hint)
        model = loaded.models.get(name)
        wanted = model.spec.spec.dataset if model else parameters.dataset
        if model is not None and wanted != parameters.dataset and wanted in loaded.names.get("dataset", ()):
            message = f"expected {shown(wanted)} as in {model.place.path}, got {shown(parameters.dataset)}"
            yield document.problem(("models", name, "dataset"), message)
