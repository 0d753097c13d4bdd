"""The first reading of a file: bytes to plain JSON-like data, or every problem of its YAML with line and column.

Events of the parser are read one by one and turned into data at once: no tag can build an object, no alias can
blow up, and no nesting can exhaust the stack.
"""

import re
from typing import Any, NoReturn

import yaml

from reconciler.errors import InvalidSpecsError, Problem
from reconciler.specs.scalars import CORE_TAGS, convert, resolve

Data = Any
"""None, bool, int, float, str, list and dict with text keys, as JSON has them."""

PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Path = tuple[str | int, ...]
"""Keys and indexes from the root of a document to a value."""

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 40
MAX_NODES = 50_000
MAX_ALIASES = 100
_CORE = "tag:yaml.org,2002:"
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_TAB = re.compile(r"^ *\t", re.MULTILINE)
_NO_COLON = "could not find expected ':'"
_PLAINER = {
    "mapping values are not allowed in this context": "a second `: ` stands on this line, or its indentation is wrong; "
    "quote text that contains `: `",
    _NO_COLON: "this line is no `key: value`",
    "did not find expected key": "the indentation differs from the keys above, or a bracket or quote is not closed",
    "did not find expected '-' indicator": "the indentation differs from the list items above",
    "did not find expected ',' or ']'": "a list that was opened with [ is not closed",
    "did not find expected ',' or '}'": "a mapping that was opened with { is not closed",
    "found character that cannot start any token": "text may not start with this character here: quote it, and use no tabs",
    "found unexpected end of stream": "the file ends inside a quoted text",
    "did not find expected node content": "a value is expected here",
    "block sequence entries are not allowed in this context": "a list may not start here: put it on a line of its own",
}


def decode(file: str, content: bytes) -> str:
    """The text of a file. Raises InvalidSpecsError when it is too large, not UTF-8, or has characters that nobody can see."""
    if len(content) > MAX_BYTES:
        _refuse(file, "", 0, f"the file has {len(content):,} bytes, and {MAX_BYTES:,} are allowed")
    if content.startswith(b"\xef\xbb\xbf"):
        _refuse(file, "", 0, "the file starts with a byte order mark: save it as UTF-8 without one")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        _refuse(file, before, len(before), f"byte 0x{content[error.start]:02x} is not UTF-8")
    if found := _UNSEEN.search(text):
        _refuse(file, text, found.start(), f"the invisible character U+{ord(found[0]):04X} is not allowed")
    return text


def parse(file: str, content: bytes) -> tuple[str, Data]:
    """The text and the data of a YAML file with one document, a mapping. Raises InvalidSpecsError with every problem found."""
    text = decode(file, content)
    if found := _TAB.search(text):
        _refuse(file, text, found.end() - 1, "a tab indents this line: indent with spaces")
    builder = _Builder(file, text)
    try:
        data = builder.document()
    except yaml.YAMLError as error:
        builder.problems.append(_explain(file, text, error))
    if builder.problems:
        raise InvalidSpecsError(builder.problems)
    return text, data


class _Builder:
    """Turns one stream of events into data; keeps what is wrong but does not hinder reading on in `problems`."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._next = PARSER(text).get_event
        self._anchors: dict[str, tuple[Data, int]] = {}
        self._nodes = 0
        self._aliases = 0
        self._anchored = 0
        self._path: list[str | int] = []

    def document(self) -> Data:
        """The mapping that the file holds."""
        self._next()
        event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            _refuse(self.file, "", 0, "the file is empty")
        first = self._next()
        data = self._node(first, 0)
        self._next()
        event = self._next()
        if not isinstance(event, yaml.StreamEndEvent):
            self._complain(event, "a second document starts here: one file holds one document", stop=True)
        if data is None and not self.problems:
            _refuse(self.file, "", 0, "the file is empty")
        if not isinstance(data, dict):
            self._complain(first, "expected `key: value` lines", stop=True)
        return data

    def _node(self, event: Any, depth: int) -> Data:
        """The data of one node, from its first event to its last."""
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        self._count(event, 1)
        if depth > MAX_DEPTH:
            self._complain(event, f"nested more than {MAX_DEPTH} deep", stop=True)
        if event.tag not in (None, "!") and event.tag not in CORE_TAGS:
            self._complain(event, f"the tag {event.tag.replace(_CORE, '!!')} is not allowed: only plain values are read")
        anchor, before = event.anchor, self._nodes
        if anchor in self._anchors:
            self._complain(event, f"the anchor &{anchor} stands twice", stop=True)
        if anchor is None:
            return self._value(event, depth)
        self._anchors[anchor] = (None, 0)
        self._anchored += 1
        value = self._value(event, depth)
        self._anchored -= 1
        self._anchors[anchor] = (value, self._nodes - before + 1)
        return value

    def _value(self, event: Any, depth: int) -> Data:
        """What the node holds, its anchor and tag aside."""
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Data] = []
            while not isinstance(item := self._next(), yaml.SequenceEndEvent):
                self._path.append(len(items))
                items.append(self._node(item, depth + 1))
                self._path.pop()
            return items
        return self._mapping(depth)

    def _mapping(self, depth: int) -> dict[str, Data]:
        """Keys are text, and each stands once."""
        result: dict[str, Data] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, str):
                self._complain(event, "a key must be text: put it in quotes")
                key = "?"
            self._path.append(key)
            value = self._node(self._next(), depth + 1)
            if key in result:
                self._complain(event, f"the key stands twice, first on line {lines[key]}")
            else:
                result[key] = value
                lines[key] = event.start_mark.line + 1
            self._path.pop()
        return result

    def _scalar(self, event: Any) -> Data:
        """Quoted words are text; plain ones are resolved."""
        try:
            if event.tag in CORE_TAGS:
                return convert(event.value, event.tag)
            return resolve(event.value) if event.implicit[0] else event.value
        except ValueError as error:
            self._complain(event, str(error))
            return event.value

    def _alias(self, event: Any) -> Data:
        """The anchored value again, as long as the sum stays small."""
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            self._complain(event, f"more than {MAX_ALIASES} aliases", stop=True)
        if self._anchored:
            self._complain(event, f"the alias *{event.anchor} stands inside a value that is anchored itself", stop=True)
        if event.anchor not in self._anchors:
            self._complain(event, f"the alias *{event.anchor} has no anchor before it", stop=True)
        value, size = self._anchors[event.anchor]
        self._count(event, size)
        return value

    def _count(self, event: Any, nodes: int) -> None:
        """Refuse what is too much to read."""
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            self._complain(event, f"more than {MAX_NODES:,} values, aliases counted in full", stop=True)

    def _complain(self, event: Any, message: str, *, stop: bool = False) -> None:
        """Note a problem at the event's start; raise when reading on makes no sense."""
        mark = event.start_mark
        self.problems.append(
            Problem(
                file=self.file, line=mark.line + 1, column=mark.column + 1, field=field_of(tuple(self._path)), message=message
            )
        )
        if stop:
            raise InvalidSpecsError(self.problems)


def _explain(file: str, text: str, error: yaml.YAMLError) -> Problem:
    """The parser's complaint in plainer words, where it saw it, or where the unfinished key stands."""
    context = getattr(error, "context_mark", None)
    mark = getattr(error, "problem_mark", None) or context
    said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed")
    if said == _NO_COLON and context:
        mark = context
    end = position(text, len(text))
    line, column = min((mark.line + 1, mark.column + 1), end) if mark else end
    message = f"not valid YAML: {_PLAINER.get(said, said)}"
    hint = f"what is not finished starts on line {context.line + 1}" if context and context.line + 1 != line else ""
    return Problem(file=file, line=line, column=column, field="", message=message, hint=hint)


def field_of(path: Path) -> str:
    """The path as people write it: `spec.triggers.any[2].above`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of a character offset."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _refuse(file: str, text: str, offset: int, message: str) -> NoReturn:
    """Stop reading at the offset of the text."""
    line, column = position(text, offset)
    raise InvalidSpecsError([Problem(file=file, line=line, column=column, field="", message=message)])
