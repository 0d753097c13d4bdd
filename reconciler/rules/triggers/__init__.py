"""Triggers ask for a retrain: YES is "fires". The union of all `type:`s and of `any`, `all`, `not` and `atLeast`."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias, get_args

from pydantic import Discriminator, Tag

from reconciler.rules.base import Rule
from reconciler.rules.triggers.alert import Alert
from reconciler.rules.triggers.business_metric import BusinessMetric
from reconciler.rules.triggers.combination import AllOf, AnyOf, AtLeast, Not
from reconciler.rules.triggers.concept_drift import ConceptDrift
from reconciler.rules.triggers.data_drift import DataDrift
from reconciler.rules.triggers.data_quality import DataQuality
from reconciler.rules.triggers.label_drift import LabelDrift
from reconciler.rules.triggers.manual import Manual
from reconciler.rules.triggers.max_age import MaxAge
from reconciler.rules.triggers.new_labels import NewLabels
from reconciler.rules.triggers.new_rows import NewRows
from reconciler.rules.triggers.performance import Performance
from reconciler.rules.triggers.prediction_drift import PredictionDrift
from reconciler.rules.triggers.promql import Promql
from reconciler.rules.triggers.schedule import Schedule
from reconciler.rules.triggers.slo_burn_rate import SloBurnRate
from reconciler.rules.triggers.spec_changed import SpecChanged

_KEYS = {"any": "any", "all": "all", "not": "not", "atLeast": "atLeast", "of": "atLeast"}
"""A key that makes a mapping a combination, to the combination's tag."""
_CLASSES: Mapping[type[Rule], str] = {AnyOf: "any", AllOf: "all", Not: "not", AtLeast: "atLeast"}


def type_or_combination(value: Any) -> str | None:
    """Which trigger a piece of YAML is: the combination whose key it has, else the word in its `type`."""
    if not isinstance(value, Mapping):
        return _CLASSES.get(type(value)) or getattr(value, "type", None)
    word, present = value.get("type"), [key for key in _KEYS if key in value]
    given = next((key for key in present if value[key] is not None), None)
    if given is None and isinstance(word, str):
        return word
    return _KEYS[given or present[0]] if present else None


Trigger: TypeAlias = Annotated[
    Annotated[AnyOf, Tag("any")]
    | Annotated[AllOf, Tag("all")]
    | Annotated[Not, Tag("not")]
    | Annotated[AtLeast, Tag("atLeast")]
    | Annotated[Schedule, Tag("schedule")]
    | Annotated[NewRows, Tag("newRows")]
    | Annotated[NewLabels, Tag("newLabels")]
    | Annotated[MaxAge, Tag("maxAge")]
    | Annotated[DataDrift, Tag("dataDrift")]
    | Annotated[PredictionDrift, Tag("predictionDrift")]
    | Annotated[LabelDrift, Tag("labelDrift")]
    | Annotated[ConceptDrift, Tag("conceptDrift")]
    | Annotated[Performance, Tag("performance")]
    | Annotated[BusinessMetric, Tag("businessMetric")]
    | Annotated[SloBurnRate, Tag("sloBurnRate")]
    | Annotated[DataQuality, Tag("dataQuality")]
    | Annotated[SpecChanged, Tag("specChanged")]
    | Annotated[Promql, Tag("promql")]
    | Annotated[Alert, Tag("alert")]
    | Annotated[Manual, Tag("manual")],
    Discriminator(type_or_combination),
]

_MEMBERS = get_args(get_args(Trigger)[0])
TYPES: tuple[str, ...] = tuple(tag.tag for _, tag in map(get_args, _MEMBERS) if tag.tag not in _CLASSES.values())
"""All that `type:` may say of a trigger."""

for _combination in _CLASSES:
    _combination.model_rebuild(_types_namespace={"Trigger": Trigger})
