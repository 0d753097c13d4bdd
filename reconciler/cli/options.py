"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from reconciler.errors import ReconcilerError
from reconciler.rules.fields import parse_duration

F = TypeVar("F", bound=Callable[..., Any])


def as_of(command: F) -> F:
    """`--as-of`: what time it is."""
    return click.option("--as-of", metavar="TIME", help="Take this for now, e.g. 2013-06-01 (UTC). Default: the clock.")(command)


def output(command: F) -> F:
    """`-o`: for people or for programs."""
    choice = click.Choice(["text", "json"])
    return click.option("-o", "--output", type=choice, default="text", show_default=True, help="For people or for programs.")(
        command
    )


def only(command: F) -> F:
    """`--model`: not all models."""
    return click.option("--model", "models", multiple=True, metavar="NAME", help="Only this model; may be repeated.")(command)


def window(command: F) -> F:
    """`--window`: how far back to look."""
    return duration("--window", default="7d", help="How far back to look, e.g. 12h or 2w.")(command)


def duration(name: str, *, default: str, help: str) -> Callable[[F], F]:
    """An option whose value is a length of time."""

    def parse(ctx: click.Context, parameter: click.Parameter, value: str) -> Any:  # noqa: ARG001 - click calls it so
        try:
            return parse_duration(value)
        except ValueError as error:
            raise click.BadParameter(str(error)) from error

    return click.option(name, default=default, show_default=True, metavar="DURATION", callback=parse, help=help)


def html(command: F) -> F:
    """`--html`: a page beside the text."""
    path = click.Path(dir_okay=False, path_type=Path)
    return click.option("--html", type=path, metavar="FILE", help="Also write one self-contained page with plots.")(command)


def write_page(path: Path, text: str) -> None:
    """Write the page. Raises ReconcilerError when that cannot be."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ReconcilerError(f"the page {path} cannot be written: {error.strerror}") from error
