"""`perennial release`: what follows from a merge, for merges that were made elsewhere: tags, ledger, rendered branches."""

import sys

import click

from reconciler.cli.options import as_of, only, output
from reconciler.cli.terminal import style
from reconciler.reconcile import publish
from reconciler.report.outcome_text import outcome_json, outcome_text
from reconciler.wiring import open_world


@click.command()
@only
@as_of
@click.option("--tell", "tells", is_flag=True, help="Also bring statuses, comments and the dashboard of the forge up to date.")
@output
@click.pass_obj
def release(repo: str, *, models: tuple[str, ...], as_of: str | None, tells: bool, output: str) -> None:
    """Tag, record and render what was merged or reverted; train and propose nothing."""
    world = open_world(repo, as_of)
    outcome = publish(world.readers, world.writers, models, tells=tells)
    click.echo(outcome_json(outcome) if output == "json" else outcome_text(outcome, **style()), nl=False)
    sys.exit(outcome.exit_code)
