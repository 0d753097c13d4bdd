"""From a method and a path to the function that answers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.github.answers import Answer, Page, missing
from tests.github.shapes import Shapes
from tests.github.world import Issue, Pull, World

PERMISSIONS = {"admin": 3, "write": 2, "read": 1, "none": 0}


@dataclass
class Call:
    """One request: who asks, for what, with what. `parts` are the named pieces of the path."""

    world: World
    shapes: Shapes
    login: str
    parts: dict[str, str]
    query: dict[str, str]
    body: dict[str, Any]

    def issue(self) -> Issue:
        found = self.world.issues.get(int(self.parts["number"]))
        if found is None:
            raise missing()
        return found

    def pull(self) -> Pull:
        found = self.world.pulls.get(int(self.parts["number"]))
        if found is None:
            raise missing()
        return found


Handler = Callable[[Call], Answer | Page]
ROUTES: list[tuple[str, str, re.Pattern[str], Handler]] = []


def route(method: str, template: str) -> Callable[[Handler], Handler]:
    """Register the handler. `{name}` is one piece of the path, `{name:path}` all that is left."""
    pattern = re.sub(r"\{(\w+):path\}", r"(?P<\1>.+)", template)
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)

    def register(handler: Handler) -> Handler:
        ROUTES.append((method, template.replace(":path", ""), re.compile(f"{pattern}$"), handler))
        return handler

    return register


def find(method: str, path: str) -> tuple[str, Handler, dict[str, str]]:
    """The route's template, as GitHub's description has it, its handler, and the pieces of the path."""
    for known, template, pattern, handler in ROUTES:
        if known == method and (found := pattern.match(path)):
            return template, handler, found.groupdict()
    raise missing()
