"""`perennial explain MODEL`: the rung of the ladder, what every rule says, and what would have to change."""

import click

from reconciler.cli.options import as_of, output
from reconciler.cli.terminal import style
from reconciler.plan.plan import make_plan
from reconciler.plan.rollout_view import rollouts_of
from reconciler.plan.situation import situation_of
from reconciler.plan.whereabouts import whereabouts
from reconciler.reconcile import see
from reconciler.report.explain_text import OnItsWay, explain_json, explain_text
from reconciler.wiring import open_world, working_tree


@click.command()
@click.argument("model")
@as_of
@output
@click.pass_obj
def explain(repo: str, model: str, as_of: str | None, output: str) -> None:
    """Tell what every rule says of a model, and what would have to change."""
    world = open_world(repo, as_of)
    specs, seen = see(world.readers, [model], working_tree(world.root))
    decision = make_plan(seen, specs, [model]).decisions[0]
    situation = situation_of(specs, seen.models[model], seen.at)
    moving = OnItsWay(chain=whereabouts(situation), rollouts=rollouts_of(situation))
    click.echo(explain_json(decision, moving) if output == "json" else explain_text(decision, moving, **style()), nl=False)
