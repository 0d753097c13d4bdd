"""`perennial drift MODEL`: the verdict on drift, feature by feature, and the remedy that it points to."""

from datetime import timedelta
from pathlib import Path

import click

from reconciler.cli.options import as_of, html, output, window, write_page
from reconciler.cli.terminal import style
from reconciler.domain.needs import Slice
from reconciler.observe.asked import evidence_of, needs_for_people, needs_together
from reconciler.reconcile import see
from reconciler.report.drift_html import drift_page
from reconciler.report.drift_json import drift_json
from reconciler.report.drift_text import drift_text
from reconciler.statistics.verdict import verdict
from reconciler.wiring import open_world, working_tree


@click.command()
@click.argument("model")
@window
@click.option("--slice", "sliced", metavar="COLUMN=VALUE", help="Only rows with this value, against the windows before.")
@as_of
@output
@html
@click.pass_obj
def drift(repo: str, /, model: str, window: timedelta, sliced: str | None, as_of: str | None, **shown: str | Path | None) -> None:
    """Tell which features, predictions and labels of MODEL drifted, of which kind it is, and what would mend it."""
    part = slice_of(sliced)
    world = open_world(repo, as_of)
    together = needs_together(window) if part is None else frozenset()
    specs, seen = see(
        world.readers, [model], working_tree(world.root), extra=lambda one: needs_for_people(one, window, part) | together
    )
    told = verdict(evidence_of(seen.models[model], specs.models[model], seen.at, window, part))
    if isinstance(page := shown["html"], Path):
        write_page(page, drift_page(told))
    click.echo(drift_json(told) if shown["output"] == "json" else drift_text(told, **style()), nl=False)


def slice_of(text: str | None) -> Slice | None:
    """`carrier=UA` as a slice. Raises BadParameter."""
    if text is None:
        return None
    column, equals, value = text.partition("=")
    if not column or not equals:
        raise click.BadParameter(f"expected COLUMN=VALUE, such as carrier=UA, not {text!r}", param_hint="--slice")
    return Slice(column=column, value=value)
