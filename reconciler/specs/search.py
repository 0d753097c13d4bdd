"""The part `search` of a model's training: which parameters are tried, how often, and by what they are judged."""

from typing import Annotated, Self

from pydantic import Field, WithJsonSchema, model_validator

from reconciler.rules.fields import Count, Written

Number = Annotated[int | float, WithJsonSchema({"type": "number"})]
Scalar = Annotated[str | int | float | bool | None, WithJsonSchema({"not": {"type": ["array", "object"]}})]


class Span(Written):
    """The values that one parameter may take: a range, or a list. A range between whole numbers is one of whole numbers."""

    low: Number | None = None
    """The least value; write 1.0 rather than 1 where fractions are meant."""
    high: Number | None = None
    """The largest value."""
    log: bool = False
    """Try orders of magnitude alike: 0.01 to 0.1 as often as 0.1 to 1."""
    step: Number | None = None
    """Only every so many, from `low` on."""
    values: Annotated[tuple[Scalar, ...], Field(min_length=1, strict=False)] | None = None
    """In place of a range: the values themselves."""

    @property
    def is_whole(self) -> bool:
        """A range of whole numbers."""
        return isinstance(self.low, int) and isinstance(self.high, int)

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        ranged = {"low": self.low, "high": self.high, "step": self.step, "log": self.log or None}
        given = [key for key, value in ranged.items() if value is not None]
        if self.values is not None:
            if given:
                raise ValueError(f"expected a list of values or a range, got values and {', '.join(given)}")
            return self
        if self.low is None or self.high is None:
            raise ValueError("expected low and high, or a list of values")
        return self._range(self.low, self.high)

    def _range(self, low: float, high: float) -> Self:
        if low >= high:
            raise ValueError(f"expected low below high, got {low:g} and {high:g}")
        if self.log and low <= 0:
            raise ValueError(f"expected low above 0, because log compares orders of magnitude, got {low:g}")
        if self.log and self.step is not None:
            raise ValueError("expected log or step, got both")
        if self.step is not None and not 0 < self.step <= high - low:
            raise ValueError(f"expected step above 0 and at most {high - low:g}, got {self.step:g}")
        if self.step is not None and self.is_whole and not isinstance(self.step, int):
            raise ValueError(f"expected a whole step between the whole numbers {low:g} and {high:g}, got {self.step:g}")
        return self


class Search(Written):
    """Parameters tried before the model is trained, each judged on later rows than it learnt from, never on the hold-out."""

    trials: Annotated[Count, Field(le=1000)]
    """How many sets of parameters are tried."""
    space: Annotated[dict[str, Span], Field(min_length=1)]
    """The parameters that are searched, and the values that each may take."""
    metric: str | None = None
    """What the trials are judged by; none: the model's primary metric."""
    folds: Annotated[int, Field(ge=1, le=20)] = 3
    """How often each trial is judged: the training rows are cut by time, and each part is predicted from those before it."""
