"""One file that was read: its text, its data and the spec in it, and problems that know where in the file they are."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from reconciler.errors import Problem
from reconciler.rules.fields import Written
from reconciler.specs.places import Place
from reconciler.specs.positions import place_of_key, place_of_value
from reconciler.specs.syntax import Data, Path, field_of

S_co = TypeVar("S_co", bound=Written, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A file whose YAML is well formed, whatever it says."""

    place: Place
    text: str
    data: Data

    def problem(self, path: Path, message: str, hint: str = "") -> Problem:
        """A problem with the value at the path."""
        return self.at_place(place_of_value(self.text, path), path, message, hint)

    def problem_with_key(self, path: Path, message: str, hint: str = "") -> Problem:
        """A problem with the last key of the path."""
        return self.at_place(place_of_key(self.text, path), path, message, hint)

    def at_place(self, place: tuple[int, int], path: Path, message: str, hint: str) -> Problem:
        """A problem at a line and column."""
        line, column = place
        return Problem(file=self.place.path, line=line, column=column, field=field_of(path), message=message, hint=hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Text, Generic[S_co]):
    """A file with a valid spec."""

    spec: S_co
