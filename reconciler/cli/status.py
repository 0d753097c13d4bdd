"""`perennial status`: every model, what runs of it, what waits, and what is decided; once, or again and again."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import click

from reconciler.cli.options import as_of, only, output
from reconciler.cli.terminal import is_terminal, redraw, safe, style
from reconciler.errors import ReconcilerError
from reconciler.plan.plan import make_plan
from reconciler.plan.situation import situation_of
from reconciler.plan.whereabouts import whereabouts
from reconciler.ports import Readers
from reconciler.reconcile import see
from reconciler.report.status_text import ModelStatus, status_json, status_of, status_text
from reconciler.wiring import open_world

Look = Callable[[], tuple[ModelStatus, ...]]


@click.command()
@only
@as_of
@click.option("--watch", "watches", is_flag=True, help="Again and again, until Ctrl-C.")
@click.option("--interval", type=click.IntRange(min=1), default=15, show_default=True, metavar="SECONDS", help="Between looks.")
@output
@click.pass_obj
def status(repo: str, /, *, watches: bool, interval: int, output: str, models: tuple[str, ...], as_of: str | None) -> None:
    """Show every model: what runs, what waits, what is due, and how its cluster has it."""
    readers = open_world(repo, as_of).readers

    def look() -> tuple[ModelStatus, ...]:
        return seen_now(readers, models)

    if watches:
        watch(look, Watching(readers=readers, interval=interval, sleep=time.sleep, as_json=output == "json"))
        return
    found = look()
    click.echo(status_json(found) if output == "json" else status_text(found, **style()), nl=False)


def seen_now(readers: Readers, models: tuple[str, ...]) -> tuple[ModelStatus, ...]:
    """The status of the models (none named: of all). Raises InvalidSpecsError or ObserveError."""
    specs, seen = see(readers, models)
    places = {name: whereabouts(situation_of(specs, facts, seen.at)) for name, facts in seen.models.items()}
    return status_of(seen, make_plan(seen, specs, models), places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """How to watch: `sleep` takes seconds."""

    readers: Readers
    interval: int
    sleep: Callable[[float], None]
    as_json: bool


def watch(look: Look, watching: Watching) -> None:
    """Show what is seen until interrupted, which is how it ends. What cannot be seen is shown, and looked for again.

    At a terminal each look is drawn over the last; elsewhere one that differs is printed, and with `-o json` every one on a line.
    """
    shown = ""
    try:
        while True:
            at = watching.readers.clock.now()
            told = _json_line(look, at) if watching.as_json else _text(look)
            if is_terminal() and not watching.as_json:
                redraw(f"{at:%H:%M:%S} UTC, every {watching.interval} s\n\n{told}")
            elif told != shown:
                click.echo(told, nl=False)
            shown = told
            watching.sleep(watching.interval)
    except KeyboardInterrupt:
        if is_terminal():
            click.echo()


def _text(look: Look) -> str:
    try:
        return status_text(look(), **style())
    except ReconcilerError as error:
        return f"error: {safe(error.message)}\n"


def _json_line(look: Look, at: datetime) -> str:
    """One line; the time is that of the look."""
    try:
        found = json.loads(status_json(look()))
    except ReconcilerError as error:
        found = {"error": {"message": error.message, "help": error.help, "exitCode": error.exit_code}}
    return json.dumps({"at": at.isoformat(), **found}) + "\n"
