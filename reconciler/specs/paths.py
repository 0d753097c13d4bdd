"""Which files of a repository say what it wants: what is loaded, fingerprinted and rendered."""

from reconciler.domain.names import RUNS, WANTED_FILES, WANTED_FOLDERS, model_path
from reconciler.specs.model import Model

SPEC_PREFIXES = (*WANTED_FOLDERS, *WANTED_FILES, RUNS)


def spec_files(model: Model) -> tuple[str, ...]:
    """The files that say what is wanted of the model: its spec, its dataset's contract and its policies."""
    body = model.spec
    policies = (("retrain", body.retrain), ("gates", body.gates), ("rollout", body.rollout))
    return (
        model_path(model.name),
        f"datasets/{body.dataset}.yaml",
        *(f"policies/{kind}/{policy}.yaml" for kind, policy in policies),
    )
