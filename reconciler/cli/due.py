"""`perennial due`: which models a pass would do something about; the matrix of the workflow that reconciles them in parallel."""

import click

from reconciler.cli.options import as_of, only
from reconciler.cli.terminal import safe
from reconciler.reconcile import make_plan_now
from reconciler.report.due import due_json, due_outputs, due_text
from reconciler.wiring import open_world


@click.command()
@only
@as_of
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="For people, for programs, or as lines for $GITHUB_OUTPUT.",
)
@click.pass_obj
def due(repo: str, models: tuple[str, ...], as_of: str | None, output: str) -> None:
    """Name the models that have something to be done: a training, a proposal, a record. Changes nothing."""
    plan = make_plan_now(open_world(repo, as_of).readers, models)
    match output:
        case "json":
            click.echo(due_json(plan), nl=False)
        case "github":
            click.echo(due_outputs(plan), nl=False)
        case _:
            click.echo(safe(due_text(plan)))
