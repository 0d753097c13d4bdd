"""`perennial reconcile`: once through all stages, or until nothing is left to do."""

import json
import sys

import click

from reconciler.cli.options import as_of, only, output
from reconciler.cli.terminal import json_text, style
from reconciler.plan.plan import Plan
from reconciler.reconcile import Pass, until_settled
from reconciler.reconcile import reconcile as reconcile_once
from reconciler.report.outcome_text import outcome_json, outcome_text
from reconciler.report.plan_json import plan_json
from reconciler.report.plan_text import plan_text
from reconciler.wiring import open_world


@click.command()
@only
@as_of
@click.option("--until-settled", "settle", is_flag=True, help="Again and again, until nothing changes.")
@output
@click.pass_obj
def reconcile(repo: str, *, models: tuple[str, ...], as_of: str | None, settle: bool, output: str) -> None:
    """Do what the plan says, with the specs that are committed on main."""
    world = open_world(repo, as_of)

    def show(plan: Plan) -> None:
        if output == "text":
            click.echo(plan_text(plan, **style()))

    go = until_settled if settle else reconcile_once
    passes = go(world.readers, world.writers, models, show)
    _tell(passes, output)
    sys.exit(next((made.outcome.exit_code for made in passes if made.outcome.exit_code), 0))


def _tell(passes: list[Pass], output: str) -> None:
    if output == "json":
        value = [{"plan": json.loads(plan_json(p.plan)), "outcome": json.loads(outcome_json(p.outcome))} for p in passes]
        click.echo(json_text({"passes": value}), nl=False)
        return
    for made in passes:
        if made.outcome.steps:
            click.echo(outcome_text(made.outcome, **style()), nl=False)
