"""`perennial stage STAGE MODEL`: what dvc.yaml runs. People run `dvc repro`."""

from collections.abc import Callable
from importlib import import_module

import click

from reconciler.cli.terminal import safe
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.definition import write_definition
from reconciler.wiring import quiet
from reconciler.wiring_runs import stage_context

STAGES = ("snapshot", "validate", "train", "evaluate", "package", "verify", "repeat")
"""In the order of dvc.yaml; verify calls `repeat`. Each is a function in a module of its name, imported only when it runs."""


@click.command()
@click.argument("stage", type=click.Choice(STAGES))
@click.argument("model")
@click.pass_obj
def stage(repo: str, stage: str, model: str) -> None:
    """Run one stage of one model's pipeline in this checkout."""
    quiet()
    context = stage_context(repo, model, lambda said: click.echo(safe(said)) if said else None)
    run: Callable[[StageContext], str] = getattr(import_module(f"reconciler.pipeline.{stage}"), stage)
    if stage == STAGES[0]:
        write_definition(context)
    click.echo(safe(run(context)))
