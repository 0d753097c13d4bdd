"""`perennial wake`: tell the forge that data has arrived or an alert fires, so that its next pass need not wait for the hour."""

import json
from pathlib import Path
from typing import Any

import click

from reconciler.cli.receive import alerts_in, read_event
from reconciler.cli.terminal import safe
from reconciler.errors import ReconcilerError
from reconciler.wiring import root_of, service, settings_of

LARGEST = 60_000
"""Bytes of a payload; GitHub takes 64 KiB of all that is sent."""


@click.command()
@click.argument("what", type=click.Choice(["data", "alert"]))
@click.option("--payload", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Of an alert: Alertmanager's JSON.")
@click.pass_obj
def wake(repo: str, what: str, payload: Path | None) -> None:
    """Wake the workflow `reconcile`: DATA has arrived, or an ALERT fires.

    It is a hint, and nothing is lost with it: the workflow's own schedule finds the same. Call it at the end of an ingestion, or
    from Alertmanager's webhook.
    """
    if (payload is None) is not (what == "data"):
        raise click.UsageError("--payload goes with alert, and alert needs it")
    alerts = _alerts(payload) if payload else {}
    root = root_of(repo)
    if settings_of(root).forge.type != "github":
        raise ReconcilerError("there is no workflow to wake: pull requests are kept in git", help="perennial reconcile")
    service(root).wake(f"perennial-{what}", alerts)
    click.echo(safe(f"sent perennial-{what}" + (f" with {len(alerts['alerts'])} alerts" if alerts else "")))


def _alerts(file: Path) -> dict[str, Any]:
    alerts = alerts_in(read_event(file))
    if alerts is None:
        raise ReconcilerError(f"{file} holds no alerts", help="give it what Alertmanager sends to a webhook")
    size = len(json.dumps(alerts).encode())
    if size > LARGEST:
        raise ReconcilerError(
            f"{file} has {size:,} bytes of alerts, at most {LARGEST:,} can be sent", help="group alerts in fewer"
        )
    return alerts
