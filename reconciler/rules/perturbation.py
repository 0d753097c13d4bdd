"""What the gate `robustness` does to the inputs of the hold-out, and how much the metric may lose by it."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from reconciler.rules.choices import Names, OptionalCut, at_most_one, check_at_most_one, not_null
from reconciler.rules.fields import Share, Written

USUAL_LOSS = 0.1
"""The share of the metric that may be lost where no bound is given."""
_FEW = 0.05


class Kind(StrEnum):
    """What happens to values."""

    NOISE = "noise"
    MISSING = "missing"
    PERMUTED_CATEGORIES = "permutedCategories"
    UNSEEN_CATEGORIES = "unseenCategories"
    OUT_OF_RANGE = "outOfRange"


class Relation(StrEnum):
    """What must hold between a feature and the answer."""

    INVARIANT = "invariantTo"
    INCREASING = "increasesWith"
    DECREASING = "decreasesWith"


_SHARES = {Kind.NOISE: 1.0, Kind.OUT_OF_RANGE: 0.01}
_STRENGTHS = {Kind.NOISE: 0.1, Kind.OUT_OF_RANGE: 1.0}
"""Of the kinds that have one: standard deviations of the noise, and how many training ranges beyond the range."""
OF_CATEGORIES = frozenset({Kind.PERMUTED_CATEGORIES, Kind.UNSEEN_CATEGORIES})
OF_NUMBERS = frozenset(_STRENGTHS)

OptionalShare = Annotated[Annotated[Share, Field(gt=0)] | SkipJsonSchema[None], BeforeValidator(not_null)]


class Perturbation(Written):
    """One way to spoil inputs. What is left out takes the usual value of the kind."""

    model_config = ConfigDict(
        json_schema_extra={
            **at_most_one("atMostDrop", "atMostDropShare"),
            "if": {"properties": {"kind": {"enum": [str(kind) for kind in Kind if kind not in OF_NUMBERS]}}},
            "then": {"not": {"required": ["strength"]}},
        }
    )

    kind: Kind = Field(strict=False)
    """What happens to the values."""
    share: OptionalShare = None
    """Of the values of each feature, those that are spoiled; left out: 1 for noise, 0.01 for outOfRange, else 0.05."""
    strength: OptionalCut = None
    """Of noise: standard deviations, 0.1 if left out. Of outOfRange: training ranges beyond the range, 1 if left out."""
    features: Names = ()
    """Only these; left out: all that the kind is for."""
    one_by_one: bool = False
    """Spoil one feature at a time, and judge the worst, instead of all at once."""
    at_most_drop: OptionalCut = None
    """How much worse the metric may become, in its own unit."""
    at_most_drop_share: OptionalCut = None
    """The same as a share of what it usually is; 0.1 when neither is given."""

    @model_validator(mode="after")
    def _fits_the_kind(self) -> Self:
        if self.strength is not None and self.kind not in OF_NUMBERS:
            raise ValueError(f"strength means nothing with kind {self.kind}")
        check_at_most_one(self, at_most_drop="atMostDrop", at_most_drop_share="atMostDropShare")
        return self

    @property
    def taken_share(self) -> float:
        """The share of the values that are spoiled."""
        return _SHARES.get(self.kind, _FEW) if self.share is None else self.share

    @property
    def taken_strength(self) -> float:
        """How strongly; 0 for a kind that has no strength."""
        return _STRENGTHS.get(self.kind, 0.0) if self.strength is None else self.strength

    @property
    def key(self) -> str:
        """All that changes what is measured, and nothing that only changes how it is judged."""
        where = ",".join(sorted(self.features)) or "all"
        how = f"{self.taken_share:g}x{self.taken_strength:g}" if self.kind in OF_NUMBERS else f"{self.taken_share:g}"
        return f"{self.kind}/{how}/{where}{'/oneByOne' if self.one_by_one else ''}"

    def allowed(self, usual: float) -> float:
        """How much of a metric that is usually so much may be lost."""
        if self.at_most_drop is not None:
            return self.at_most_drop
        return abs(usual) * (USUAL_LOSS if self.at_most_drop_share is None else self.at_most_drop_share)

    def __str__(self) -> str:
        """For messages."""
        strength = f" of {self.taken_strength:g}" if self.kind in OF_NUMBERS else ""
        where = f" of {', '.join(self.features)}" if self.features else ""
        alone = ", one feature at a time" if self.one_by_one else ""
        return f"{self.kind}{strength} in {100 * self.taken_share:.3g} % of the values{where}{alone}"


USUAL = tuple(Perturbation(kind=kind) for kind in Kind)
