"""`perennial audit`: what happened to a release, from the first wish to what runs."""

import click

from reconciler.audit.books import open_books
from reconciler.audit.gather import audit_of
from reconciler.cli.options import output
from reconciler.cli.terminal import style
from reconciler.observe.observe import head_of, look
from reconciler.report.audit_text import audit_json, audit_text
from reconciler.specs.load import load_specs
from reconciler.specs.paths import SPEC_PREFIXES
from reconciler.wiring import World, open_world


@click.command()
@click.argument("model")
@click.argument("version", required=False)
@output
@click.pass_obj
def audit(repo: str, model: str, version: str | None, output: str) -> None:
    """Tell who asked for VERSION of MODEL, what triggered it, what was found, who merged it, and what runs where.

    VERSION is a number (1.1.0) or the beginning of a digest; without it, what the last environment runs.
    """
    _tell(open_world(repo), model, version, output)


def _tell(world: World, model: str, version: str | None, output: str) -> None:
    readers = world.readers
    head = head_of(readers)
    specs = load_specs(readers.repository.files(head, *SPEC_PREFIXES))
    books = open_books(specs, readers, look(readers, head, readers.clock.now()), model)
    found = audit_of(books, version)
    click.echo(audit_json(found) if output == "json" else audit_text(found, versions=version is None, **style()), nl=False)
