"""Under all pages: one self-contained file each. They need no network, no JavaScript, no other file."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from reconciler.render.markdown import visible, whole_line


class Line(str):
    """Text whose spaces are kept; it is escaped all the same."""

    __slots__ = ()


def lines_of(text: str) -> list[Line]:
    """The lines of a text that is shown as it is."""
    return [Line(whole_line(line)) for line in text.splitlines()]


@cache
def _environment() -> Environment:
    """Everything is escaped, and what a reader cannot see is shown as U+FFFD."""
    return Environment(
        loader=PackageLoader("reconciler.report", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: visible(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_page(template: str, **values: object) -> str:
    """The page, with a newline at the end."""
    return _environment().get_template(template).render(values) + "\n"
