"""`perennial override`: a person sets a guard aside for one model and a time, on the record."""

from datetime import datetime

import click

from reconciler.cli.options import as_of, output
from reconciler.cli.signature import policy_of, put_on_record, signed
from reconciler.plan.record import overridden_event
from reconciler.rules.fields import parse_time, time_text
from reconciler.rules.guards.freeze import Freeze
from reconciler.wiring import World, open_world

GUARDS = {"freeze": Freeze}
"""Guards that people can set aside."""


@click.command()
@click.argument("model")
@click.option("--guard", type=click.Choice(list(GUARDS)), required=True, help="Which guard is set aside.")
@click.option("--until", metavar="TIME", required=True, help="It is on guard again then, e.g. 2013-06-01 (UTC).")
@click.option("--reason", required=True, help="Why; every plan quotes it meanwhile.")
@click.option("--by", metavar="NAME", help="Who decides so. Default: git's user.name.")
@as_of
@output
@click.pass_obj
def override(repo: str, /, model: str, *, guard: str, until: str, as_of: str | None, output: str, **words: str | None) -> None:
    """Set a guard of MODEL aside until TIME. Other guards stay on guard."""
    world = open_world(repo, as_of)
    signature = signed(world, words["reason"] or "", words["by"])
    policy = policy_of(world, model)
    event = overridden_event(model, world.readers.clock.now(), guard, _end(world, until), signature.by, signature.reason)
    has_it = any(isinstance(rule, GUARDS[guard]) for rule in policy.spec.guards)
    idle = f"it changes nothing: its retrain policy {policy.name} has no guard {guard}"
    put_on_record(world, event, output, {"next": f"perennial explain {model}" if has_it else idle})


def _end(world: World, until: str) -> datetime:
    """Raises UsageError for what is no time, or over already."""
    now = world.readers.clock.now()
    try:
        end = parse_time(until)
    except ValueError as error:
        raise click.UsageError(f"--until: {error}, got {until!r}") from None
    if end <= now:
        raise click.UsageError(f"--until {time_text(end)} is over already: it is {time_text(now)}")
    return end
