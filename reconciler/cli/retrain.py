"""`perennial retrain`: a person asks for a retrain, on the record; trigger `manual` hears it, and every guard has its say."""

import click

from reconciler.cli.options import as_of, output
from reconciler.cli.signature import put_on_record, signed, specs_on_main
from reconciler.plan.record import requested_event
from reconciler.rules.triggers.manual import Manual
from reconciler.specs.checks.policies import nested
from reconciler.wiring import open_world


@click.command()
@click.argument("model")
@click.option("--reason", required=True, help="Why; people will read it in plans and in the candidate's commit.")
@click.option("--by", metavar="NAME", help="Who asks. Default: git's user.name.")
@as_of
@output
@click.pass_obj
def retrain(repo: str, model: str, reason: str, by: str | None, as_of: str | None, output: str) -> None:
    """Ask for a retrain of MODEL. It is trained in the next pass, if its policy has the trigger `manual` and no guard objects."""
    world = open_world(repo, as_of)
    signature = signed(world, reason, by)
    specs = specs_on_main(world, model)
    policy = specs.retrain[specs.models[model].spec.retrain]
    event = requested_event(model, world.readers.clock.now(), signature.by, signature.reason)
    is_heard = any(isinstance(rule, Manual) for _, rule in nested(policy.spec))
    deaf = f"nothing will happen: its retrain policy {policy.name} has no trigger {{type: manual}}; add it, then ask again"
    put_on_record(world, event, output, {"next": f"perennial explain {model}" if is_heard else deaf})
