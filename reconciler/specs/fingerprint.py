"""Digests of what Git says a model is made from. Observing compares them with a release; a stage writes them into its build."""

from collections.abc import Mapping
from typing import Any

from reconciler.domain.names import Digest, is_program
from reconciler.domain.releases import Fingerprint, digest_of, digest_of_bytes
from reconciler.specs.dataset import Dataset, PythonSourceSpec, module_path
from reconciler.specs.model import Model
from reconciler.specs.parameters import RunParameters
from reconciler.specs.training import STEERS, Estimator

MAKES_THE_MODEL = frozenset({"dataset", "task", "target", "features", "protected", "training", "metrics", "bootstrap"})
"""Keys of a model's spec that a change of retrains, but for what of `training` steers; the others only steer it."""
LOCK_FILE = "requirements/lock.txt"
PERENNIAL_FILE = "requirements/perennial.txt"
_PROJECT = "pyproject.toml"


def fingerprint(files: Mapping[str, bytes], model: Model, dataset: Dataset, parameters: RunParameters | None) -> Fingerprint:
    """The four digests. `files` maps paths from the repository's root to contents, and must hold the code that trains.

    Of the parameters only the seed counts: `asOf` and the champion say which data a run sees, not how it works.
    """
    return Fingerprint(
        spec=digest_of(
            {
                "model": what_makes(model),
                "dataset": dataset.spec.model_dump(mode="json", by_alias=True),
            }
        ),
        code=digest_of([[path, digest_of_bytes(files[path])] for path in code_paths(files, model, dataset)]),
        parameters=digest_of({"seed": parameters.seed if parameters else 0}),
        environment=environment_of(files),
    )


def environment_of(files: Mapping[str, bytes]) -> Digest:
    """Of the pinned packages; where Perennial is one of them and not code of the repository, of its version, too."""
    lock = digest_of_bytes(files.get(LOCK_FILE, files.get(_PROJECT, b"")))
    return digest_of([lock, digest_of_bytes(files[PERENNIAL_FILE])]) if PERENNIAL_FILE in files else lock


def what_makes(model: Model) -> dict[str, Any]:
    """The part of the model's spec that a change of retrains, as plain values."""
    steers = {"training": set(STEERS)}
    return model.spec.model_dump(mode="json", by_alias=True, include=set(MAKES_THE_MODEL), exclude=steers)


def code_paths(files: Mapping[str, bytes], model: Model, dataset: Dataset) -> list[str]:
    """The files that a training of the model runs, sorted: Python's, and all of `models/<name>` that a program may need."""
    folders = ("reconciler/pipeline/", "reconciler/statistics/", f"models/{model.name}/")
    source = dataset.spec.source
    module = module_path(source.function) if isinstance(source, PythonSourceSpec) else None
    own = model.name if model.spec.training.estimator is Estimator.COMMAND else ""
    ours = {path for path in files if path == module or (path.startswith(folders) and path.endswith(".py"))}
    return sorted(ours | {path for path in files if own and is_program(path, own)})
