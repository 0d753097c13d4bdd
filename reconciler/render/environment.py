"""The frame of rendering: templates as text become functions from values to text, in a sandbox. Pure.

A template is input like any spec. What it prints is quoted (`.yaml.j2`) or escaped (`.md.j2`) whether it asks for it
or not; it may loop, test, include and filter, but not call methods, and it reaches nothing but the values it is given.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import TracebackType

from jinja2 import FunctionLoader, StrictUndefined, Template, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reconciler.errors import InvalidSpecsError, Problem
from reconciler.render.markdown import code, prose
from reconciler.render.quoting import label, quote

RANGE_LIMIT = 1_000
OUTPUT_LIMIT = 1_000_000
"""Characters of one rendered file."""
FILTERS = ("default", "first", "items", "join", "last", "length", "list", "lower", "map", "round", "sort", "upper")
REFUSED_OPERATORS = frozenset({"*", "**", "%"})
_FAILURES = (
    *(TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError),
    *(SyntaxError, NameError, RecursionError, MemoryError),
)
"""What a template can provoke. Jinja makes Python of it, which is where the last four come from."""


def bounded_range(*bounds: int) -> range:
    """Python's range, of at most 1,000 numbers. Raises SecurityError for more."""
    numbers = range(*bounds)
    if len(numbers) > RANGE_LIMIT:
        raise SecurityError(f"a range of {len(numbers)} numbers is more than the {RANGE_LIMIT} that a template may have")
    return numbers


class _Sandbox(ImmutableSandboxedEnvironment):
    """No calls but range, no operators that grow text, no attributes of text."""

    intercepted_binops = REFUSED_OPERATORS

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:  # noqa: ARG002
        raise SecurityError(f"a template may not use the operator {operator}")

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        return not isinstance(obj, str) and super().is_safe_attribute(obj, attr, value)

    def call(__self, __context: Context, __obj: object, *args: object, **kwargs: object) -> object:  # noqa: N805
        if __obj is not bounded_range:
            raise SecurityError("a template may call nothing but range(...)")
        return super().call(__context, __obj, *args, **kwargs)


class Templates:
    """The templates of one revision, compiled once."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        loader = FunctionLoader(self._source)
        self._environments = {"yaml": _sandbox(loader, quote), "md": _sandbox(loader, prose)}

    def render(self, path: str, values: Mapping[str, object]) -> str:
        """The template's output for the values; ends with one newline.

        Raises InvalidSpecsError with the template's path and line for a template that is missing, does not parse, uses
        what is not defined or not allowed, or prints more than 1,000,000 characters.
        """
        parts: list[str] = []
        size = 0
        try:
            for part in self._template(path).generate(values):
                size += len(part)
                if size > OUTPUT_LIMIT:
                    raise SecurityError(f"it prints more than the {OUTPUT_LIMIT} characters that a file may have")
                parts.append(part)
        except _FAILURES as error:
            raise InvalidSpecsError([_problem(path, error, self._texts)]) from error
        return "".join(parts).strip("\n") + "\n"

    def compile(self, path: str) -> None:
        """Only see whether the template can be compiled. Raises InvalidSpecsError when it cannot."""
        try:
            self._template(path)
        except _FAILURES as error:
            raise InvalidSpecsError([_problem(path, error, self._texts)]) from error

    def _source(self, path: str) -> tuple[str, str, Callable[[], bool]] | None:
        """For Jinja: the text, and as its file name the path, so that an error can say where it is."""
        return (self._texts[path], path, lambda: True) if path in self._texts else None

    def _template(self, path: str) -> Template:
        return self._environments[path.removesuffix(".j2").rpartition(".")[2]].get_template(path)


def load_templates(files: Mapping[str, bytes]) -> Templates:
    """The templates among the files of a revision: everything under `templates/` that ends in `.j2`.

    The same bytes are compiled only once in a process. Raises InvalidSpecsError for what is not UTF-8.
    """
    return _compiled(tuple(sorted((path, files[path]) for path in files if is_template(path))))


def template_problems(files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """What keeps each template from being compiled, without rendering one; for validation."""
    found = {path: files[path] for path in sorted(files) if is_template(path)}
    return tuple(problem for path, content in found.items() for problem in _problems(path, content))


def _problems(path: str, content: bytes) -> tuple[Problem, ...]:
    """None or one. Compiling looks at no other template, so each is compiled by itself."""
    try:
        load_templates({path: content}).compile(path)
    except InvalidSpecsError as error:
        return error.problems
    return ()


def is_template(path: str) -> bool:
    """A template that we know how to escape."""
    return path.startswith("templates/") and path.endswith((".yaml.j2", ".md.j2"))


@lru_cache(maxsize=64)
def _compiled(files: tuple[tuple[str, bytes], ...]) -> Templates:
    texts = {}
    for path, content in files:
        try:
            texts[path] = content.decode()
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            problem = Problem(file=path, line=line, column=1, field="", message="is not UTF-8")
            raise InvalidSpecsError([problem]) from error
    return Templates(texts)


def _sandbox(loader: FunctionLoader, finalize: Callable[[object], str]) -> _Sandbox:
    sandbox = _Sandbox(
        loader=loader,
        undefined=StrictUndefined,
        finalize=finalize,
        autoescape=False,  # what is printed is YAML or Markdown, not HTML; `finalize` escapes it
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        cache_size=400,
    )
    sandbox.globals = {"range": bounded_range}
    allowed = {name: sandbox.filters[name] for name in FILTERS}
    sandbox.filters = {**allowed, "yaml": quote, "prose": prose, "code": code, "label": label}
    return sandbox


def _problem(path: str, error: BaseException, texts: Mapping[str, str]) -> Problem:
    """Where in which template it went wrong."""
    file, line = _place(path, error.__traceback__, texts)
    hint = ""
    match error:
        case TemplateSyntaxError():
            file, line, message = error.name or path, error.lineno, error.message or "cannot be parsed"
        case TemplateNotFound():
            message = f"the template {error.name} does not exist"
            hint = "the templates that Perennial ships are listed in docs/reference/templates.md"
        case RecursionError():
            message = "it is nested too deeply, or includes itself without end"
        case SyntaxError():
            message = error.msg
        case MemoryError():
            message = "it needs more memory than there is"
        case _:
            message = str(error)
    return Problem(file=file, line=line, column=1, field="", message=message, hint=hint)


def _place(path: str, trace: TracebackType | None, texts: Mapping[str, str]) -> tuple[str, int]:
    """The innermost line of a template on the way to the error; line 1 when there is none."""
    place = (path, 1)
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file in texts:
            place = (file, trace.tb_lineno)
        trace = trace.tb_next
    return place
