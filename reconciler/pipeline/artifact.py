"""Used by evaluate, observe and serving: the packaged model, opened with care, and asked for predictions."""

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import Field, ValidationError

from reconciler.domain.names import Digest
from reconciler.domain.profiles import Profile
from reconciler.domain.releases import digest_of_bytes
from reconciler.errors import ReconcilerError
from reconciler.pipeline.archive import sha256_of, unpack
from reconciler.pipeline.fitted import FittedFiles, fitted_of, load_fitted
from reconciler.ports import Programs
from reconciler.rules.fields import Name, Written
from reconciler.specs.model import Features, Target, Task
from reconciler.specs.training import Estimator, RowFormat

if TYPE_CHECKING:
    import polars as pl

    from reconciler.pipeline.targets import Coding

PROFILE, CONTRACT, TRAINING = "profile.json", "contract.json", "training.json"
SAMPLES, ENVIRONMENT, MANIFEST = "samples.json", "environment.json", "MANIFEST.json"
DATA, LOCK = "data.json", "requirements.lock"
"""What the model was made from: its data with their licence, and the packages with their hashes, where there is a lock."""
_PARTS = (PROFILE, CONTRACT, TRAINING, SAMPLES, ENVIRONMENT)


class ProgramContract(Written):
    """How a model that a program made is asked: the command, the format of rows and answers, and what it may use."""

    command: tuple[str, ...] = Field(strict=False)
    rows: RowFormat = Field(strict=False)
    seconds: float
    memory: int | None = None


class Contract(Written):
    """What the model takes and what it answers. `bounds` cut a number into `classes`; `types` are of the features."""

    model: Name
    dataset: Name
    task: Task = Field(strict=False)
    estimator: Estimator = Field(strict=False)
    label: str
    target: Target = Target()
    classes: tuple[str, ...] = Field(default=(), strict=False)
    bounds: tuple[float, ...] = Field(default=(), strict=False)
    features: Features
    types: dict[str, str]
    program: ProgramContract | None = None

    def coding(self) -> "Coding":
        """How this model's labels become numbers."""
        from reconciler.pipeline.targets import Coding

        return Coding(classes=self.classes, bounds=self.bounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPackage:
    """An opened package. `sha256` is of its bytes, `fitted` the files of the model, not loaded before it is asked.

    `outcomes` is what pipeline.outcomes reads; None in packages that were made before there was any.
    """

    sha256: Digest
    contract: Contract
    reference: Profile
    fitted: FittedFiles
    programs: Programs | None = None
    outcomes: bytes | None = None

    def predict(self, frame: "pl.DataFrame") -> np.ndarray:
        """Predictions for the rows, float64: (n,) P(second class) if binary, (n, k) by the order of `classes`, (n,) values.

        Raises ReconcilerError when the frame lacks features, or when the model cannot be loaded safely or does not answer.
        """
        return predictions(load_fitted(self.fitted, self.contract, self.programs), self.contract, frame)


def predictions(estimator: Any, contract: Contract, frame: "pl.DataFrame") -> np.ndarray:
    """What `ModelPackage.predict` returns, for a pipeline that is not packaged yet. A class never trained on has share 0.

    Raises ReconcilerError when the estimator cannot answer for these rows, as a team's own one may for a missing value.
    """
    from reconciler.pipeline.columns import features_of

    rows = features_of(frame, contract.features)
    try:
        return _answers(estimator, contract, rows)
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        said = str(error).split("\n")[0]
        raise ReconcilerError(f"the model cannot answer for these {frame.height} rows: {type(error).__name__}: {said}") from error


def _answers(estimator: Any, contract: Contract, rows: "pl.DataFrame") -> np.ndarray:
    if contract.task is Task.REGRESSION:
        return np.asarray(estimator.predict(rows) if rows.height else [], dtype=np.float64)
    shares = np.zeros((rows.height, len(contract.classes)))
    if rows.height:  # scikit-learn refuses to predict nothing
        shares[:, np.asarray(estimator.classes_, dtype=np.int64)] = estimator.predict_proba(rows)
    return shares[:, 1] if contract.task is Task.BINARY else shares


def open_artifact(path: Path, expected: Digest | None = None, programs: Programs | None = None) -> ModelPackage:
    """The package in the file; `expected` is the SHA-256 that its bytes must have; `programs` runs what answers by one.

    Raises ReconcilerError when it is not a package, was altered, or was made with another minor version of scikit-learn.
    """
    from reconciler.statistics.profile_json import profile_from_json

    content = _read(path)
    sha256 = digest_of_bytes(content)
    if expected is not None and sha256 != expected:
        raise ReconcilerError(f"{path.name} has digest {sha256}, expected {expected}", help="dvc pull")
    files = packaged_files(content, path.name)
    contract = read_contract(files[CONTRACT], path.name)
    if contract.estimator is not Estimator.COMMAND:
        _check_versions(_object(files, ENVIRONMENT), path.name)
    try:
        reference = profile_from_json(files[PROFILE].decode())
    except ValueError as error:
        raise ReconcilerError(f"{path.name}: {PROFILE} cannot be understood: {error}") from error
    return ModelPackage(
        sha256=sha256,
        contract=contract,
        reference=reference,
        fitted=fitted_of(files, contract, path.name),
        programs=programs,
        outcomes=files.get("outcomes.json"),
    )


def packaged_files(content: bytes, what: str) -> Mapping[str, bytes]:
    """The files in a package, each as its manifest lists it. Raises ReconcilerError for what is none, or was altered."""
    files = unpack(content, what)
    _check_manifest(files, what)
    return files


def read_contract(content: bytes, where: str) -> Contract:
    """The contract in the bytes; `where` names their place in messages. Raises ReconcilerError when they hold none."""
    try:
        return Contract.model_validate_json(content)
    except ValidationError as error:
        raise ReconcilerError(f"{where}: {CONTRACT} cannot be understood: {error.errors()[0]['msg']}") from error


def environment_versions() -> dict[str, str]:
    """Versions of what a packaged model needs to be loaded again."""
    return {"python": platform.python_version(), **{name: version(name) for name in ("scikit-learn", "numpy", "skops")}}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReconcilerError(f"{path.name} cannot be read: {error.strerror}", help="dvc pull") from error


def _object(files: Mapping[str, bytes], name: str) -> Mapping[str, Any]:
    try:
        value = json.loads(files[name])
    except (ValueError, RecursionError) as error:
        raise ReconcilerError(f"{name} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise ReconcilerError(f"{name} is not a JSON object")
    return value


def _check_manifest(files: Mapping[str, bytes], what: str) -> None:
    absent = [name for name in (*_PARTS, MANIFEST) if name not in files]
    if absent:
        raise ReconcilerError(f"{what} is not a model package: it lacks {', '.join(absent)}")
    written = _object(files, MANIFEST).get("sha256")
    actual = {name: sha256_of(content) for name, content in files.items() if name != MANIFEST}
    if written != actual:
        raise ReconcilerError(f"{what} was altered: its files are not what {MANIFEST} lists", help="dvc pull")


def _check_versions(environment: Mapping[str, Any], what: str) -> None:
    made, here = str(environment.get("scikit-learn")), environment_versions()["scikit-learn"]
    if made.split(".")[:2] != here.split(".")[:2]:
        raise ReconcilerError(
            f"{what} was made with scikit-learn {made}, this environment has {here}",
            help="install the environment it was made in (requirements/lock.txt of its commit), or retrain",
        )
