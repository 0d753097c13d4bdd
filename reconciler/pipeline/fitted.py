"""Between train and everybody who asks a model: the files of `runs/<model>/fitted`, and what answers from them.

Whatever made the model, what is loaded looks like a fitted estimator of scikit-learn: `predict`, and for classes `predict_proba`
and `classes_`. That is all that evaluating, comparing and live scoring know of it.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reconciler.domain.names import Digest
from reconciler.domain.releases import digest_of
from reconciler.errors import ReconcilerError
from reconciler.pipeline.archive import sha256_of
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.files import read_folder, write_folder
from reconciler.pipeline.program import PARTS, ProgramModel
from reconciler.ports import Programs
from reconciler.specs.training import Estimator

if TYPE_CHECKING:
    from reconciler.pipeline.artifact import Contract

FITTED = "fitted"
MODEL = "model.skops"
"""The one file of a model that scikit-learn fitted."""
FittedFiles = Mapping[str, bytes]
"""Path under `fitted` to content."""


def write_fitted(context: StageContext, files: FittedFiles) -> None:
    """Have exactly these files in `runs/<model>/fitted`."""
    write_folder(context.path(FITTED), files)


def read_fitted(context: StageContext) -> FittedFiles:
    """What the stage `train` left. Raises ReconcilerError when it left nothing, or what cannot be packaged."""
    folder = context.path(FITTED)
    if not folder.is_dir():
        raise ReconcilerError(f"runs/{context.model.name}/{FITTED} does not exist", help="dvc repro")
    return read_folder(folder, f"runs/{context.model.name}/{FITTED}", linked=True)


def fitted_of(files: Mapping[str, bytes], contract: "Contract", what: str) -> FittedFiles:
    """The files of a package that are the model's. Raises ReconcilerError when there are none."""
    starts = PARTS if contract.estimator is Estimator.COMMAND else (MODEL,)
    found = {name: content for name, content in files.items() if name.startswith(starts)}
    if not found:
        raise ReconcilerError(f"{what} is not a model package: it lacks {starts[0]}")
    return found


def fitted_digest(files: FittedFiles) -> Digest:
    """One digest over the files and their names."""
    return digest_of({name: sha256_of(content) for name, content in files.items()})


def load_fitted(files: FittedFiles, contract: "Contract", programs: Programs | None) -> Any:
    """What answers. Raises ReconcilerError for files that are no model of this kind, or that may not be loaded."""
    if contract.estimator is Estimator.COMMAND:
        return ProgramModel(contract=contract, files=files, programs=programs)
    if MODEL not in files:
        raise ReconcilerError(f"the model lacks {MODEL}", help="dvc repro")
    return _loaded(files[MODEL], contract.estimator)


@lru_cache(maxsize=8)
def _loaded(model: bytes, kind: Estimator) -> Any:
    """The pipeline in the bytes; the newest few stay loaded, because a pass asks for them again and again."""
    from reconciler.pipeline.canonical import load

    return load(model, kind)
