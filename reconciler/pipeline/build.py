"""Used by train: the spec becomes an unfitted scikit-learn Pipeline; every transformation lives inside it."""

import inspect
import traceback
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconciler.domain.names import model_path
from reconciler.errors import ReconcilerError
from reconciler.specs.model import Model, ModelBody, Task
from reconciler.specs.training import Estimator
from reconciler.specs.vocabulary import SET_BY_US

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

_MOST_COLUMNS_PER_CATEGORY = 100


def build_pipeline(model: Model, seed: int, root: Path) -> "Pipeline":
    """The unfitted pipeline; it takes what `features_of` makes. Raises ReconcilerError for a spec that cannot be built."""
    if model.spec.training.estimator is Estimator.CUSTOM:
        return _custom(model, seed, root)
    from sklearn.pipeline import Pipeline

    estimator = _estimator(model, seed)
    return Pipeline([("features", _transformer(model.spec, estimator)), ("estimator", estimator)])


def _transformer(body: ModelBody, estimator: Any) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

    numeric: Any = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler())
    categorical: Any = OneHotEncoder(
        handle_unknown="infrequent_if_exist", max_categories=_MOST_COLUMNS_PER_CATEGORY, sparse_output=False
    )
    if body.training.estimator is Estimator.HIST_GRADIENT_BOOSTING:
        # Trees take missing values and codes as they are; codes beyond the number of bins would be refused.
        numeric = "passthrough"
        categorical = OrdinalEncoder(
            handle_unknown="use_encoded_value",
            unknown_value=float("nan"),
            encoded_missing_value=float("nan"),
            max_categories=max(2, estimator.max_bins - 1),
        )
    return ColumnTransformer(
        [("numeric", numeric, list(body.features.numeric)), ("categorical", categorical, list(body.features.categorical))],
        verbose_feature_names_out=False,
    )


def _estimator(model: Model, seed: int) -> Any:
    training = model.spec.training
    kind = _estimator_class(model)
    _check_parameters(model, kind)
    fixed: dict[str, Any] = {"random_state": seed}
    if training.estimator is Estimator.HIST_GRADIENT_BOOSTING:
        features = model.spec.features
        fixed["categorical_features"] = list(range(len(features.numeric), len(features.names))) or None
    if training.estimator is Estimator.LOGISTIC_REGRESSION:
        fixed["max_iter"] = 1000
    if training.estimator is Estimator.SGD and model.spec.task is not Task.REGRESSION:
        fixed["loss"] = "log_loss"  # its own default gives no shares
    estimator = kind(**(fixed | dict(training.parameters)))
    try:
        estimator._validate_params()
    except ValueError as error:  # scikit-learn's InvalidParameterError
        raise ReconcilerError(f"{model_path(model.name)} spec.training.parameters: {error}", help="perennial validate") from error
    return estimator


def _estimator_class(model: Model) -> Any:
    from sklearn import ensemble, linear_model

    regression = model.spec.task is Task.REGRESSION
    match model.spec.training.estimator:
        case Estimator.HIST_GRADIENT_BOOSTING:
            return ensemble.HistGradientBoostingRegressor if regression else ensemble.HistGradientBoostingClassifier
        case Estimator.RANDOM_FOREST:
            return ensemble.RandomForestRegressor if regression else ensemble.RandomForestClassifier
        case Estimator.LOGISTIC_REGRESSION if not regression:
            return linear_model.LogisticRegression
        case Estimator.SGD:
            return linear_model.SGDRegressor if regression else linear_model.SGDClassifier
        case Estimator.RIDGE if regression:
            return linear_model.Ridge
        case other:
            fits = "logisticRegression" if other is Estimator.RIDGE else "ridge"
            raise ReconcilerError(
                f"{model_path(model.name)} spec.training.estimator: {other} does not fit the task {model.spec.task}",
                help=f"use {fits}, histGradientBoosting or randomForest",
            )


def _check_parameters(model: Model, kind: Any) -> None:
    valid = [name for name in inspect.signature(kind).parameters if name not in SET_BY_US]
    where = f"{model_path(model.name)} spec.training.parameters"
    for name in model.spec.training.parameters:
        if name in SET_BY_US:
            raise ReconcilerError(f"{where}.{name}: is set by Perennial (the seed is in params.yaml)")
        if name not in valid:
            raise ReconcilerError(f"{where}.{name}: {kind.__name__} has no such parameter", help=_hint(name, valid))


def _hint(name: str, valid: Sequence[str]) -> str:
    near = get_close_matches(name, valid, n=1)
    return f"did you mean {near[0]}?" if near else f"use one of {', '.join(valid)}"


def _custom(model: Model, seed: int, root: Path) -> "Pipeline":
    """The pipeline that the team's own `build(spec, seed)` returns; `spec` is the model's spec as plain camelCase values."""
    path = f"models/{model.name}/pipeline.py"
    file = (root / path).resolve()
    if not file.is_file() or not file.is_relative_to((root / "models" / model.name).resolve()):
        raise ReconcilerError(f"{path} does not exist, but spec.training.estimator of {model.name} is custom")
    specification = spec_from_file_location(f"perennial_model_{model.name.replace('-', '_')}", file)
    if specification is None or specification.loader is None:
        raise ReconcilerError(f"{path} cannot be imported")
    module = module_from_spec(specification)
    try:
        specification.loader.exec_module(module)
        value: Mapping[str, Any] = model.spec.model_dump(mode="json", by_alias=True)
        built = module.build(value, seed)
    except Exception as error:  # the team's own code may raise anything, and they need its place
        raise ReconcilerError(_place(path, file, error)) from error
    if not (hasattr(built, "fit") and hasattr(built, "predict")):
        raise ReconcilerError(f"{path}: build returned {type(built).__name__}, which has no fit and predict")
    pipeline: Pipeline = built
    return pipeline


def _place(path: str, file: Path, error: Exception) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == file]
    line = frames[-1].lineno if frames else getattr(error, "lineno", None) or 1
    return f"{path}:{line} {type(error).__name__}: {error}"
