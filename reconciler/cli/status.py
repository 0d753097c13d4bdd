"""`perennial status`: every model, what runs of it, what waits, and what is decided."""

import click

from reconciler.cli.options import as_of, only, output
from reconciler.cli.terminal import style
from reconciler.plan.plan import make_plan
from reconciler.reconcile import see
from reconciler.report.status_text import status_json, status_of, status_text
from reconciler.wiring import open_world


@click.command()
@only
@as_of
@output
@click.pass_obj
def status(repo: str, models: tuple[str, ...], as_of: str | None, output: str) -> None:
    """Show every model: what runs, what waits, what is due."""
    world = open_world(repo, as_of)
    specs, seen = see(world.readers, models)
    found = status_of(seen, make_plan(seen, specs, models))
    click.echo(status_json(found) if output == "json" else status_text(found, **style()), nl=False)
