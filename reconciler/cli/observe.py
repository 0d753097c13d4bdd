"""`perennial observe`: everything that can be seen of every model, and why not where something cannot."""

from datetime import timedelta
from pathlib import Path

import click

from reconciler.cli.options import as_of, html, only, output, window, write_page
from reconciler.cli.terminal import style
from reconciler.observe.asked import needs_for_people
from reconciler.reconcile import see
from reconciler.report.drift_html import observe_page
from reconciler.report.model_view import view_of
from reconciler.report.observe_json import observe_json
from reconciler.report.observe_text import observe_text
from reconciler.wiring import open_world, working_tree


@click.command()
@only
@window
@as_of
@output
@html
@click.pass_obj
def observe(repo: str, models: tuple[str, ...], window: timedelta, as_of: str | None, output: str, html: Path | None) -> None:
    """Show rows, labels, performance, data quality, drift, business metrics and cost of every model."""
    world = open_world(repo, as_of)
    specs, seen = see(world.readers, models, working_tree(world.root), extra=lambda model: needs_for_people(model, window))
    views = [view_of(facts, specs.models[name], seen.at, window) for name, facts in seen.models.items()]
    if html:
        write_page(html, observe_page(views))
    click.echo(observe_json(views) if output == "json" else observe_text(views, **style()), nl=False)
