"""What `perennial retrain` and `perennial override` share: who asks for it and why, of which model, put on the record."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import click
from pydantic import Field, ValidationError

from reconciler.act.ledger import Ledger
from reconciler.adapters.diagnosis.asked import ask_git
from reconciler.cli.terminal import json_text, safe
from reconciler.domain.events import Event
from reconciler.domain.names import MAIN
from reconciler.errors import ReconcilerError
from reconciler.observe.ledger import event_value
from reconciler.observe.observe import head_of
from reconciler.rules.fields import Written
from reconciler.specs.guide import did_you_mean
from reconciler.specs.load import load_specs
from reconciler.specs.paths import SPEC_PREFIXES
from reconciler.specs.specs import Specs
from reconciler.wiring import World, environment


class Signature(Written):
    """Who asks, and why."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]
    by: Annotated[str, Field(min_length=1, max_length=100)]


def signed(world: World, reason: str, by: str | None) -> Signature:
    """Without a name it is the person whom git knows here. Raises UsageError for what is missing or wrong."""
    env = environment()
    name = by if by is not None else ask_git(world.root, env, "config", "user.name") or env.get("GIT_AUTHOR_NAME")
    if name is None:
        raise click.UsageError("git does not know who you are: give --by NAME, or git config user.name 'Your Name'")
    try:
        return Signature(reason=reason.strip(), by=name.strip())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise click.UsageError(f"--{first['loc'][0]}: {first['msg']}") from None


def person(root: Path) -> str:
    """Whom git knows here, with the address; empty when it knows nobody."""
    env = environment()
    name = ask_git(root, env, "config", "user.name") or env.get("GIT_AUTHOR_NAME", "")
    address = ask_git(root, env, "config", "user.email") or env.get("GIT_AUTHOR_EMAIL", "")
    return f"{name} <{address}>" if name and address else name or address


def specs_on_main(world: World, model: str) -> Specs:
    """What main wants of all models. Raises InvalidSpecsError, and ReconcilerError when main has no such model."""
    specs = load_specs(world.readers.repository.files(head_of(world.readers), *SPEC_PREFIXES))
    if model not in specs.models:
        hint = did_you_mean(model, specs.models) or f"there are: {', '.join(specs.models) or 'none'}"
        raise ReconcilerError(f"there is no model {model} on {MAIN}; {hint}", help="perennial status")
    return specs


def put_on_record(world: World, event: Event, output: str, notes: Mapping[str, str]) -> None:
    """Write the line and tell so; `notes` are sentences for people by a word for programs. Raises ActError."""
    Ledger(world.readers.repository, world.writers.repository).record(event)
    if output == "json":
        click.echo(json_text({"event": event_value(event), **notes}), nl=False)
        return
    click.echo(safe(f"recorded for {event.model}: {event.message}"))
    for note in notes.values():
        click.echo(safe(note))
