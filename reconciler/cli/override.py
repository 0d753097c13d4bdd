"""`perennial override`: a person sets a guard aside on the record, or gates by a file that is to be reviewed."""

from collections.abc import Sequence
from datetime import datetime

import click

from reconciler.cli.options import as_of, output
from reconciler.cli.override_gates import write_override
from reconciler.cli.signature import put_on_record, signed, specs_on_main
from reconciler.plan.record import overridden_event
from reconciler.rules.fields import parse_time, time_text
from reconciler.rules.guards.backoff import Backoff
from reconciler.rules.guards.freeze import Freeze
from reconciler.wiring import World, open_world

GUARDS = {"backoff": Backoff, "freeze": Freeze}
"""Guards that people can set aside."""


@click.command()
@click.argument("model")
@click.option("--guard", type=click.Choice(list(GUARDS)), help="A guard that is set aside, at once and on the record.")
@click.option("--gate", "gates", metavar="NAME", multiple=True, help="A gate that a file is to set aside; may be repeated.")
@click.option("--until", metavar="TIME", required=True, help="It counts again then, e.g. 2013-06-01 (UTC).")
@click.option("--reason", required=True, help="Why; every plan quotes it meanwhile.")
@click.option("--by", metavar="NAME", help="Who decides so. Default: git's user.name.")
@as_of
@output
@click.pass_obj
def override(repo: str, /, model: str, *, gates: Sequence[str], as_of: str | None, output: str, **words: str | None) -> None:
    """Set a guard, or gates, of MODEL aside until TIME. Whatever else there is counts as before.

    A guard is set aside at once. Gates are set aside by models/MODEL/override.yaml, which is written into the working tree
    and counts once it was reviewed and is on main.
    """
    guard = words["guard"]
    if bool(guard) == bool(gates):
        raise click.UsageError("give --guard, or --gate once or more")
    world = open_world(repo, as_of)
    signature, end = signed(world, words["reason"] or "", words["by"]), _end(world, words["until"] or "")
    specs = specs_on_main(world, model)
    if not guard:
        write_override(world, specs, model, gates, signature, end)
        return
    event = overridden_event(model, world.readers.clock.now(), guard, end, signature.by, signature.reason)
    policy = specs.retrain[specs.models[model].spec.retrain]
    has_it = guard == "backoff" or any(isinstance(rule, GUARDS[guard]) for rule in policy.spec.guards)
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
