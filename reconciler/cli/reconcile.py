"""`perennial reconcile`: once through all stages, or until nothing is left to do."""

import json
import sys
import time
from collections.abc import Callable
from typing import assert_never

import click

from reconciler.cli.options import as_of, only, output
from reconciler.cli.terminal import json_text, safe, style
from reconciler.domain.outcomes import Outcome
from reconciler.errors import ReconcilerError
from reconciler.plan.plan import Plan
from reconciler.ports import Readers
from reconciler.reconcile import Pass, until_settled
from reconciler.reconcile import reconcile as reconcile_once
from reconciler.report.outcome_text import outcome_json, outcome_text
from reconciler.report.plan_json import plan_json
from reconciler.report.plan_text import plan_text
from reconciler.wiring import World, open_world

WRITTEN = ("models/", "runs/", "params.yaml", "dvc.lock")
"""Where plans write on main."""


@click.command()
@only
@as_of
@click.option("--until-settled", "settle", is_flag=True, help="Again and again, until nothing changes.")
@click.option("--watch", type=click.IntRange(min=1), metavar="SECONDS", help="Again and again, so far apart, until Ctrl-C.")
@output
@click.pass_obj
def reconcile(repo: str, /, *, models: tuple[str, ...], as_of: str | None, settle: bool, watch: int | None, output: str) -> None:
    """Do what the plan says, with the specs that are committed on main."""
    if watch is None:
        sys.exit(_once(open_world(repo, as_of), models, output, settle=settle))
    if as_of:
        raise click.UsageError("--watch goes by the clock, so it does not go with --as-of")
    while True:
        _survived(lambda: _once(open_world(repo), models, output, settle=settle))
        time.sleep(watch)


def _survived(work: Callable[[], int]) -> None:
    """What fails now may go well the next time: it is told, and no reason to stop watching."""
    try:
        work()
    except ReconcilerError as error:
        click.echo(f"error: {safe(str(error))}", err=True)


def _once(world: World, models: tuple[str, ...], output: str, *, settle: bool) -> int:
    """The exit code of what came of it."""

    def show(made: Plan | Outcome) -> None:
        if output == "text":
            click.echo(_text(made, world.readers))

    go = until_settled if settle else reconcile_once
    passes = go(world.readers, world.writers, models, show)
    if output == "json":
        click.echo(_json(passes), nl=False)
    return next((made.outcome.exit_code for made in passes if made.outcome.exit_code), 0)


def _text(made: Plan | Outcome, readers: Readers) -> str:
    match made:
        case Plan(revision=revision, steps=steps):
            present = readers.repository.files(revision, *WRITTEN) if steps else {}
            return plan_text(made, present=present.keys(), **style())
        case Outcome():
            return outcome_text(made, **style())
        case _:
            assert_never(made)


def _json(passes: list[Pass]) -> str:
    value = [{"plan": json.loads(plan_json(p.plan)), "outcome": json.loads(outcome_json(p.outcome))} for p in passes]
    return json_text({"passes": value})
