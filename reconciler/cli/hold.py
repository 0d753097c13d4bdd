"""`perennial hold`: writes or removes the stop sign of a model in the working tree; it counts once it is committed."""

import re
from collections.abc import Mapping
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

import click
from pydantic import ValidationError

from reconciler.cli.options import as_of
from reconciler.domain.names import NAME_PATTERN, hold_path, model_path
from reconciler.errors import ReconcilerError
from reconciler.rules.fields import parse_time, time_text
from reconciler.specs.draft.hold_text import hold_text
from reconciler.specs.stops import HoldBody


@click.command()
@click.argument("model")
@click.option("--reason", help="Why; people will read it in plans and pull requests.")
@click.option("--owner", help="Whom to ask.")
@click.option("--environment", "environments", metavar="NAME", multiple=True, help="Only what comes there; may be repeated.")
@click.option("--until", metavar="TIME", help="The hold ends by itself then, e.g. 2013-06-01 (UTC). Default: when it is lifted.")
@click.option("--lift", is_flag=True, help="Remove the stop sign.")
@as_of
@click.pass_obj
def hold(repo: str, /, model: str, *, lift: bool, environments: tuple[str, ...], as_of: str | None, **sign: str | None) -> None:
    """Stop everything about MODEL: no training, no promotion, no roll-out; or let it go on with --lift.

    With --environment nothing new is released there, and all else goes on.
    """
    from reconciler.adapters.worktree_edit import remove_file, write_files
    from reconciler.wiring import clock, root_of

    root = root_of(repo)
    require_model(root, model)
    path = hold_path(model)
    if lift:
        if any(sign.values()) or environments:
            raise click.UsageError("--lift removes the hold: the other options mean nothing with it")
        if not remove_file(root, path):
            raise ReconcilerError(f"{model} is not held: there is no {path}")
        click.echo(f"removed {path}")
    else:
        body = checked(sign, clock(as_of).now(), environments)
        replaced = (root / path).is_file()
        write_files(root, {path: hold_text(model, body.reason, body.owner, body.until, body.environments)})
        click.echo(
            f"{'replaced' if replaced else 'wrote'} {path}: {'until ' + time_text(body.until) if body.until else 'until lifted'}"
        )
    click.echo("it takes effect when it is committed to main:")
    click.echo(f"  git add {path} && git commit -m '{'Lift the hold of' if lift else 'Hold'} {model}'")


def require_model(root: Path, model: str) -> None:
    """Raises ReconcilerError when there is no such model, with the nearest that is there. Broken specs do not matter here."""
    folders = (found.parent.name for found in (root / "models").glob("*/model.yaml"))
    names = sorted(name for name in folders if re.fullmatch(NAME_PATTERN, name))
    if model in names:
        return
    near = get_close_matches(model, names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(names) or 'none'}"
    raise ReconcilerError(f"there is no {model_path(model)}; {hint}", help="perennial status")


def checked(sign: Mapping[str, str | None], now: datetime, environments: tuple[str, ...] = ()) -> HoldBody:
    """What the file will say. Raises UsageError for what is missing or wrong, or over already."""
    missing = [f"--{word}" for word in ("reason", "owner") if not sign.get(word)]
    until = sign.get("until")
    if missing:
        raise click.UsageError(f"a hold needs {' and '.join(missing)} (or --lift)")
    try:
        end = parse_time(until) if until else None
        written = {"reason": sign["reason"], "owner": sign["owner"], "until": end, "environments": environments}
        body = HoldBody.model_validate(written)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        option = str(first["loc"][0]).removesuffix("s")
        raise click.UsageError(f"--{option}: {first['msg']}") from None
    except ValueError as error:
        raise click.UsageError(f"--until: {error}, got {until!r}") from None
    if end is not None and end <= now:
        raise click.UsageError(f"--until {time_text(end)} is over already: it is {time_text(now)}")
    return body
