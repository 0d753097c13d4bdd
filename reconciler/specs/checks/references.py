"""Names in one document that stand for another document."""

from collections.abc import Iterator

from reconciler.errors import Problem
from reconciler.specs.document import Text
from reconciler.specs.guide import did_you_mean, shown
from reconciler.specs.loaded import Loaded
from reconciler.specs.places import home_of
from reconciler.specs.syntax import Path


def check_reference(text: Text, path: Path, name: str, schema: str, loaded: Loaded) -> Iterator[Problem]:
    """The file that the name stands for is there, be it valid or not."""
    known = sorted(loaded.names.get(schema, ()))
    if name in known:
        return
    home = home_of(schema).replace("<name>", name)
    hint = did_you_mean(name, known) or (f"there are: {', '.join(known[:20])}" if known else "there are none yet")
    yield text.problem(path, f"{shown(name)} does not exist: there is no {home}", hint)


def check_unique(text: Text, path: Path, names: tuple[str, ...], what: str, *, key: str = "") -> Iterator[Problem]:
    """No name stands twice in the list at the path; `key` is where in each item it stands."""
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in first:
            yield text.problem(
                (*path, index, *filter(None, [key])), f"the {what} {shown(name)} stands twice, first as number {first[name] + 1}"
            )
        first.setdefault(name, index)
