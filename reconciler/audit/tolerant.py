"""Loads main's specs without the release files that cannot be believed: what is wrong with one must not hide the rest."""

from collections.abc import Mapping

from reconciler.errors import InvalidSpecsError, Problem
from reconciler.specs.load import load_specs
from reconciler.specs.places import place_of
from reconciler.specs.specs import Specs


def load_tolerant(files: Mapping[str, bytes]) -> tuple[Specs, Mapping[str, Problem]]:
    """The specs, and the first problem of each release file that was left out, by path.

    Raises InvalidSpecsError for problems elsewhere.
    """
    try:
        return load_specs(files), {}
    except InvalidSpecsError as error:
        wrong = {problem.file: problem for problem in reversed(error.problems) if is_release(problem.file)}
        if not wrong:
            raise
        specs, more = load_tolerant({path: content for path, content in files.items() if path not in wrong})
        return specs, {**wrong, **more}


def is_release(path: str) -> bool:
    """A release file lives at the path."""
    place = place_of(path)
    return place is not None and place.schema == "release"
