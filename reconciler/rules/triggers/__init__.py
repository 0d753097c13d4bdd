"""Triggers ask for a retrain: YES is "fires". The union of all `type:`s, and their combinations `any` and `all`."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import Discriminator, Tag

from reconciler.rules.triggers.combination import AllOf, AnyOf
from reconciler.rules.triggers.data_drift import DataDrift
from reconciler.rules.triggers.max_age import MaxAge
from reconciler.rules.triggers.new_labels import NewLabels
from reconciler.rules.triggers.performance import Performance
from reconciler.rules.triggers.schedule import Schedule
from reconciler.rules.triggers.spec_changed import SpecChanged


def type_any_or_all(value: Any) -> str | None:
    """Which trigger a piece of YAML is: the key `any` or `all` it has, else the word in its `type`."""
    given = value if isinstance(value, Mapping) else {key: getattr(value, key, None) for key in ("any", "all", "type")}
    for key in ("any", "all"):
        if given.get(key) is not None:
            return key
    word = given.get("type")
    return word if isinstance(word, str) else None


Trigger: TypeAlias = Annotated[
    Annotated[AnyOf, Tag("any")]
    | Annotated[AllOf, Tag("all")]
    | Annotated[Schedule, Tag("schedule")]
    | Annotated[NewLabels, Tag("newLabels")]
    | Annotated[MaxAge, Tag("maxAge")]
    | Annotated[DataDrift, Tag("dataDrift")]
    | Annotated[Performance, Tag("performance")]
    | Annotated[SpecChanged, Tag("specChanged")],
    Discriminator(type_any_or_all),
]

AnyOf.model_rebuild(_types_namespace={"Trigger": Trigger})
AllOf.model_rebuild(_types_namespace={"Trigger": Trigger})
