"""`perennial plan`: what the next pass would do with the YAML as it stands in the working tree, and why."""

import sys

import click

from reconciler.cli.options import as_of, only, output
from reconciler.cli.terminal import style
from reconciler.plan.plan import make_plan
from reconciler.reconcile import see
from reconciler.report.plan_json import plan_json
from reconciler.report.plan_text import plan_text
from reconciler.wiring import open_world, working_tree

CHANGES_PENDING = 10


@click.command()
@only
@as_of
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 10 when there is something to do.")
@output
@click.pass_obj
def plan(repo: str, *, models: tuple[str, ...], as_of: str | None, detailed_exitcode: bool, output: str) -> None:
    """Show what the next pass would do, and why; change nothing.

    Reads the YAML of the working tree, so an edit shows its effect before it is committed.
    """
    world = open_world(repo, as_of)
    files = working_tree(world.root)
    specs, seen = see(world.readers, models, files)
    made = make_plan(seen, specs, models)
    if output == "json":
        click.echo(plan_json(made), nl=False)
    else:
        click.echo(plan_text(made, present=files.keys(), **style()), nl=False)
    if detailed_exitcode and made.steps:
        sys.exit(CHANGES_PENDING)
