"""`perennial comment`: one comment on a pull request, kept up to date: what CI says about a change."""

import re
from pathlib import Path

import click

from reconciler.domain.names import NAME_PATTERN
from reconciler.domain.notices import LONGEST_BODY, Comment
from reconciler.errors import ReconcilerError
from reconciler.wiring import open_world, settings_of

_COMMAND = re.compile(r"^([ \t>]*)/(?=perennial\b)", re.MULTILINE)
_HIDDEN = re.compile(r"<!--")


def _key(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not re.fullmatch(NAME_PATTERN, value):
        raise click.BadParameter("lower-case letters, digits and inner hyphens")
    return value


@click.command()
@click.argument("number", type=click.IntRange(min=1))
@click.option("--key", required=True, callback=_key, help="There is one comment for each key.")
@click.option("--file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Markdown.")
@click.pass_obj
def comment(repo: str, number: int, key: str, file: Path) -> None:
    """Say on pull request NUMBER what FILE holds; said again, it replaces what was said before."""
    world = open_world(repo)
    if settings_of(world.root).forge.type == "local" and number not in {
        pull.number for pull in world.readers.forge.pull_requests()
    }:
        click.echo(f"#{number} is not among the pull requests in this repository's own refs: nothing was said")
        return
    body = harmless(_read(file))
    written = world.writers.forge.comment(Comment(number=number, key=key, body=body), world.readers.clock.now())
    click.echo(f"#{number}: the comment {key} {'was written' if written else 'says so already'}")


def harmless(text: str) -> str:
    """The Markdown with nothing in it that a reader of comments takes for a command or a mark of Perennial's; cut if too long."""
    tame = _HIDDEN.sub("&lt;!--", _COMMAND.sub(r"\1\\/", text.replace("\r\n", "\n").replace("\r", "\n")))
    return tame if len(tame) <= LONGEST_BODY else f"{tame[: LONGEST_BODY - 100]}\n\n... cut: it is too long for a comment."


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise ReconcilerError(f"{file} cannot be read: {error.strerror}") from error
