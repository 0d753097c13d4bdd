"""Whether what templates printed is one manifest each. Pure.

Parsing is most of the cost of rendering, and the models of a fleet print the same lines with other values. Values are always in
double quotes, so a text is looked at with the quotes emptied, its shape, and every shape is parsed only once.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import yaml

from reconciler.errors import Problem

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_REQUIRED = frozenset({"apiVersion", "kind", "metadata"})
_QUOTED = re.compile(
    r'"(?:[ !#-\[\]-~\xa0-\u2027\u2030-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]'
    r'|\\["\\bfnrt]|\\u[0-9a-f]{4}|\\U[0-9a-f]{8}){0,900}"'
)
"""Exactly what `quote` makes of a text, so that in place of one such scalar any other is as good. Longer ones could be no key."""


@lru_cache(maxsize=20_480)
def problems_of(path: str, text: str) -> tuple[Problem, ...]:
    """What makes the text no manifest: it is no YAML, or not one object with apiVersion, kind and metadata."""
    shape, count = _QUOTED.subn('""', text)
    return () if _is_manifest(shape, count) else _problems(path, text)


@lru_cache(maxsize=2048)
def _is_manifest(shape: str, count: int) -> bool:
    """Whether every text of this shape is a manifest; False also where the shape does not tell.

    It tells only when all the emptied quotes are scalars: within other scalars or comments, what they held would matter, or
    would not have been a scalar.
    """
    try:
        node = yaml.compose(shape, Loader=_Loader)
    except yaml.YAMLError:
        return False
    return _plain_keys(node) >= _REQUIRED and sum(one.style == '"' for one in _scalars(node)) == count


def _plain_keys(node: yaml.Node | None) -> set[str]:
    """Keys that are not in double quotes, which could be others in another text of the same shape."""
    return {key.value for key, _ in node.value if key.style != '"'} if isinstance(node, yaml.MappingNode) else set()


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _scalars(item)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(key)
            yield from _scalars(value)


def _problems(path: str, text: str) -> tuple[Problem, ...]:
    """The same of one text, with the line."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        message = f"the template does not print YAML: {getattr(error, 'problem', None) or 'it cannot be read'}"
        hint = "a value is quoted where it is printed: join texts inside the braces, {{ a ~ '-b' }}, not beside them"
        return (Problem(file=f"rendered {path}", line=line, column=1, field="", message=message, hint=hint),)
    keys = {key.value for key, _ in node.value} if isinstance(node, yaml.MappingNode) else set()
    if not keys >= _REQUIRED:
        message = "the template does not print one object with apiVersion, kind and metadata"
        return (Problem(file=f"rendered {path}", line=1, column=1, field="", message=message),)
    return ()
