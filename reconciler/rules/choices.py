"""Values that people choose from a short list, or of which exactly one is given; refused alike by code and by JSON Schema."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from reconciler.domain.metrics import METRICS
from reconciler.rules.fields import Duration, Share


def one_of(words: tuple[Any, ...]) -> Callable[[Any], Any]:
    """A validator that refuses everything but the words."""

    def check(value: Any) -> Any:
        if value not in words:
            raise ValueError(f"expected one of {', '.join(map(str, words))}")
        return value

    return check


def not_null(value: Any) -> Any:
    """Refuses null, so that a key is written with a value or not at all. Raises ValueError."""
    if value is None:
        raise ValueError("expected a value; leave the key out when there is none")
    return value


def not_empty(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Refuses the empty list. Raises ValueError."""
    # Not min_length: pydantic counts only the valid items, so one bad item would be reported as a short list too.
    if not values:
        raise ValueError("expected at least one item, not 0; leave the key out to take the usual ones")
    return values


INTERVAL_CONFIDENCE = 0.95
"""The confidence of the intervals that `Measured` carries, two-sided."""

GAIN_CONFIDENCES = (0.9, 0.95, 0.975, 0.99, 0.995)
"""The one-sided confidences for which the paired bootstrap keeps a quantile."""

MetricName = Annotated[str, AfterValidator(one_of(tuple(METRICS))), WithJsonSchema({"type": "string", "enum": list(METRICS)})]
OptionalMetric = Annotated[MetricName | SkipJsonSchema[None], BeforeValidator(not_null)]
"""A metric that may be left out, which then is the model's primary one."""
OptionalNumber = Annotated[float | SkipJsonSchema[None], BeforeValidator(not_null)]
"""A number that may be left out, but not written as null."""
OptionalCut = Annotated[Annotated[float, Field(ge=0)] | SkipJsonSchema[None], BeforeValidator(not_null)]
"""The same, from 0 on."""
OptionalShare = Annotated[Share | SkipJsonSchema[None], BeforeValidator(not_null)]
"""A share that may be left out, but not written as null."""
OptionalName = Annotated[Annotated[str, Field(min_length=1)] | SkipJsonSchema[None], BeforeValidator(not_null)]
"""A name that may be left out, but not written as null."""
OptionalDuration = Annotated[Duration | SkipJsonSchema[None], BeforeValidator(not_null)]
"""A duration that may be left out, but not written as null."""
Names = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...],
    Field(strict=False, json_schema_extra={"minItems": 1}),
    AfterValidator(not_empty),
]
"""A list of names, one at least."""
OptionalNames = Annotated[Names | SkipJsonSchema[None], BeforeValidator(not_null)]
"""A list of names that may be left out, but not written as null."""
Windows = Annotated[int, Field(ge=1, le=100)]
"""How many adjacent windows must all agree."""

IntervalConfidence = Annotated[
    float | SkipJsonSchema[None],
    BeforeValidator(not_null),
    AfterValidator(one_of((INTERVAL_CONFIDENCE,))),
    WithJsonSchema({"type": "number", "enum": [INTERVAL_CONFIDENCE]}),
]
GainConfidence = Annotated[
    float,
    AfterValidator(one_of(GAIN_CONFIDENCES)),
    WithJsonSchema({"type": "number", "enum": list(GAIN_CONFIDENCES)}),
]


def at_most_one(first: str, second: str) -> dict[str, Any]:
    """The piece of JSON Schema that refuses both keys together."""
    return {"not": {"required": [first, second]}}


def exactly_one(*keys: str) -> dict[str, Any]:
    """The piece of JSON Schema that wants exactly one of the keys."""
    return {"oneOf": [{"required": [key]} for key in keys]}


def check_at_most_one(model: BaseModel, **keys: str) -> None:
    """The same in code: `keys` maps attributes to how people write them. Raises ValueError."""
    given = [key for attribute, key in keys.items() if getattr(model, attribute) is not None]
    if len(given) > 1:
        raise ValueError(f"give at most one of {' and '.join(given)}, not {len(given)}")


def check_exactly_one(model: BaseModel, **keys: str) -> None:
    """The same in code: `keys` maps attributes to how people write them. Raises ValueError."""
    given = [key for attribute, key in keys.items() if getattr(model, attribute) is not None]
    if len(given) != 1:
        *all_but, last = keys.values()
        raise ValueError(f"give exactly one of {', '.join(all_but)} and {last}, not {len(given)}")
