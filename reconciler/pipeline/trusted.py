"""Used by canonical: the closed list of what a model file may be made of, per estimator. Nothing else is ever loaded."""

from collections.abc import Mapping

from reconciler.specs.training import Estimator

_PLAIN = (
    "DictNode builtins.dict",
    "JsonNode builtins.str",
    "ListNode builtins.list",
    "SetNode builtins.set",
    "SliceNode builtins.slice",
    "TupleNode builtins.tuple",
    "DTypeNode numpy.dtype",
    "NdArrayNode numpy.ndarray",
    "NdArrayNode numpy.bool",
    "NdArrayNode numpy.float64",
    "NdArrayNode numpy.int64",
    "NdArrayNode numpy.uint64",
    "TypeNode builtins.float",
    "TypeNode builtins.int",
    "TypeNode builtins.str",
    "TypeNode numpy.float64",
    "ObjectNode sklearn.compose._column_transformer.ColumnTransformer",
    "ObjectNode sklearn.pipeline.Pipeline",
    "ObjectNode sklearn.preprocessing._function_transformer.FunctionTransformer",
)

_SCALED = (
    "ObjectNode sklearn.impute._base.SimpleImputer",
    "ObjectNode sklearn.preprocessing._data.StandardScaler",
    "ObjectNode sklearn.preprocessing._encoders.OneHotEncoder",
)

_LOSSES = (
    "AbsoluteError",
    "HalfBinomialLoss",
    "HalfGammaLoss",
    "HalfMultinomialLoss",
    "HalfPoissonLoss",
    "HalfSquaredError",
    "PinballLoss",
)
_LINKS = ("IdentityLink", "Interval", "LogLink", "LogitLink", "MultinomialLogit")
_HIST = "sklearn.ensemble._hist_gradient_boosting"

_BOOSTING = (
    *(f"ObjectNode sklearn._loss.loss.{name}" for name in _LOSSES),
    *(f"LossNode sklearn._loss._loss.Cy{name}" for name in _LOSSES),
    *(f"ObjectNode sklearn._loss.link.{name}" for name in _LINKS),
    f"ObjectNode {_HIST}.binning._BinMapper",
    f"ObjectNode {_HIST}.predictor.TreePredictor",
    f"ObjectNode {_HIST}.gradient_boosting.HistGradientBoostingClassifier",
    f"ObjectNode {_HIST}.gradient_boosting.HistGradientBoostingRegressor",
    "ObjectNode sklearn.preprocessing._encoders.OrdinalEncoder",
    "ObjectNode sklearn.preprocessing._label.LabelEncoder",
    # Boosting checks its own input with functools.partial(check_array, ...); no other function may be named.
    "FunctionNode sklearn.utils.validation.check_array",
    "PartialNode functools.partial",
    "RandomGeneratorNode numpy.random._generator.Generator",
)

_TREES = (
    "ObjectNode sklearn.ensemble._forest.RandomForestClassifier",
    "ObjectNode sklearn.ensemble._forest.RandomForestRegressor",
    "ObjectNode sklearn.tree._classes.DecisionTreeClassifier",
    "ObjectNode sklearn.tree._classes.DecisionTreeRegressor",
    "TreeNode sklearn.tree._tree.Tree",
)

_STOCHASTIC = (
    "ObjectNode sklearn.linear_model._stochastic_gradient.SGDClassifier",
    "ObjectNode sklearn.linear_model._stochastic_gradient.SGDRegressor",
    "LossNode sklearn._loss._loss.CyHalfBinomialLoss",
    "LossNode sklearn.linear_model._sgd_fast.ModifiedHuber",
)
_LINEAR = ("ObjectNode sklearn.linear_model._logistic.LogisticRegression", "ObjectNode sklearn.linear_model._ridge.Ridge")

_BY_ESTIMATOR: Mapping[Estimator, frozenset[str]] = {
    Estimator.HIST_GRADIENT_BOOSTING: frozenset((*_PLAIN, *_BOOSTING)),
    Estimator.RANDOM_FOREST: frozenset((*_PLAIN, *_SCALED, *_TREES)),
    Estimator.LOGISTIC_REGRESSION: frozenset((*_PLAIN, *_SCALED, *_LINEAR)),
    Estimator.RIDGE: frozenset((*_PLAIN, *_SCALED, *_LINEAR)),
    Estimator.SGD: frozenset((*_PLAIN, *_SCALED, *_STOCHASTIC)),
    Estimator.COMMAND: frozenset(),  # only the team's own program opens what it left
}


def trusted_nodes(estimator: Estimator) -> frozenset[str]:
    """`<loader> <type>` of every node that a model of this estimator may hold.

    A team's own pipeline may use any estimator that ships with scikit-learn, and no other type, function or method.
    """
    if estimator is not Estimator.CUSTOM:
        return _BY_ESTIMATOR[estimator]
    from skops.io._trusted_types import SKLEARN_ESTIMATOR_TYPE_NAMES, SKLEARN_INTERNAL_TYPE_NAMES

    public = (f"ObjectNode {name}" for name in (*SKLEARN_ESTIMATOR_TYPE_NAMES, *SKLEARN_INTERNAL_TYPE_NAMES))
    return frozenset((*_PLAIN, *_SCALED, *_BOOSTING, *_TREES, *_LINEAR, *_STOCHASTIC, *public))


def trusted_types(estimator: Estimator) -> list[str]:
    """The same as skops wants it: type names alone, sorted."""
    return sorted({node.split(" ")[1] for node in trusted_nodes(estimator)})
