"""`perennial receive`: an event that woke a CI job; the alerts in it go where `alert` triggers read them."""

import json
from pathlib import Path
from typing import Any

import click

from reconciler.adapters.worktree import top_of_tree
from reconciler.adapters.worktree_edit import write_files
from reconciler.cli.terminal import safe
from reconciler.domain.releases import digest_of
from reconciler.errors import ReconcilerError

LARGEST = 1 << 20
"""Bytes; GitHub delivers no more than 64 KiB of client payload."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--folder", default="alerts", show_default=True, help="Where payloads go; the policies' `file` names it.")
@click.pass_obj
def receive(repo: str, file: Path, folder: str) -> None:
    """Read a webhook's payload from FILE (that of GitHub's event, or Alertmanager's own), and keep its alerts.

    Whatever else woke the job, such as data that arrived, needs nothing of the event: a pass looks for itself.
    """
    payload = alerts_in(read_event(file))
    if payload is None:
        click.echo("no alerts in it: a pass looks for itself")
        return
    name = f"{folder}/{digest_of(payload).removeprefix('sha256:')[:16]}.json"
    write_files(top_of_tree(Path(repo)), {name: json.dumps(payload, sort_keys=True, indent=2) + "\n"})
    click.echo(safe(f"{len(payload['alerts'])} alerts in {name}"))


def alerts_in(event: Any) -> dict[str, Any] | None:
    """Alertmanager's payload, itself or as the client payload of a dispatch; None when there is none."""
    for value in (event, event.get("client_payload") if isinstance(event, dict) else None):
        if isinstance(value, dict) and isinstance(value.get("alerts"), list):
            return value
    return None


def read_event(file: Path) -> Any:
    """The JSON of an event. Raises ReconcilerError for a file that is too large or holds none."""
    try:
        if file.stat().st_size > LARGEST:
            raise ReconcilerError(f"{file} has {file.stat().st_size:,} bytes, at most {LARGEST:,} are read")
        return json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise ReconcilerError(f"{file} is no event that can be read: {error}") from error
