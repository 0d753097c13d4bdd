"""Parts of the rows that are judged together: which are large enough, and what is wrong with the others."""

import math
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from reconciler.domain.known import Known, Missing
from reconciler.statistics.groups import deviations

CHANCE = 0.05
"""That a healthy part is refused if it is judged alone, or any of all parts if they are judged together."""
INTERVAL = deviations(0.025)
"""Standard errors from a number to an end of its two-sided 95 % interval."""
MISSING = "(missing)"
"""The name of the rows without a value in the column that groups them."""
_UNDEFINED = frozenset({"oneClass", "undefined", "noRows"})
"""Codes of metrics that a part's rows do not have, however well they were measured."""


class Counted(Protocol):
    """Numbers with the rows behind them, in a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def rows(self) -> int:
        """How many."""
        ...


N = TypeVar("N", bound=Counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts(Generic[N]):
    """The numbers of all parts by name: those that can be judged, those of too few rows, and what went wrong in others."""

    judged: Mapping[str, N]
    small: tuple[str, ...]
    broken: tuple[str, ...]

    @classmethod
    def of(cls, found: Mapping[str, Known[N]], minimum_rows: int, *, enough: Callable[[N], bool] = bool) -> "Parts[N]":
        """Part by part. A metric that a part's rows do not have, such as of one class only, is as good as too few rows.

        `enough` may tell of a part that its rows are too few in another way.
        """
        judged, small, broken = {}, [], []
        for name, value in found.items():
            if isinstance(value, Missing) and value.code not in _UNDEFINED:
                broken.append(f"{name}: {value.why}")
            elif isinstance(value, Missing) or value.rows < minimum_rows or not enough(value):
                small.append(name)
            elif not all(math.isfinite(number) for number in astuple(value) if isinstance(number, float)):
                broken.append(f"{name}: its numbers are not all finite")
            else:
                judged[name] = value
        return cls(judged=judged, small=tuple(small), broken=tuple(broken))
