"""Cuts: the number that a value must be past, said and judged alike by every rule that has `below` or `above`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Values `below` (or else above) `at` are past it; `at` itself is not."""

    at: float
    below: bool

    @classmethod
    def of(cls, below: float | None, above: float | None) -> "Cut":
        """The one of both that is given. Raises ValueError when none is."""
        if below is not None:
            return cls(at=below, below=True)
        if above is not None:
            return cls(at=above, below=False)
        raise ValueError("0 of below and above are given, 1 needed")

    def is_passed_by(self, value: float) -> bool:
        """Whether the value is past the cut; NaN never is."""
        return value < self.at if self.below else value > self.at

    def __str__(self) -> str:
        """As people say it: `below 0.68`."""
        return f"{'below' if self.below else 'above'} {self.at:.6g}"
