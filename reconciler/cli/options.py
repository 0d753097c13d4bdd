"""Options that several commands share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

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
