"""`perennial sync`: have Argo CD bring what runs to what the environments' branches say, and wait until it is well."""

import sys
import time
from collections.abc import Sequence
from typing import Any

import click

from reconciler.act.settle import Place, Settled, Verdict, Waiting, wait
from reconciler.act.settle import sync as sync_all
from reconciler.cli.options import duration, output
from reconciler.cli.terminal import json_text, safe, style
from reconciler.domain.names import environment_branch
from reconciler.errors import ActError, ReconcilerError
from reconciler.observe.observe import HEADS, head_of
from reconciler.ports import ClusterReader, Readers
from reconciler.report.sync_text import progress, sync_json, sync_text
from reconciler.specs.load import load_specs
from reconciler.specs.paths import SPEC_PREFIXES
from reconciler.wiring import open_world

NONE = "UNKNOWN: no cluster configured"


@click.command()
@click.argument("models", nargs=-1)
@click.option("--environment", "environments", multiple=True, metavar="NAME", help="Only there; may be repeated.")
@click.option("--prune", is_flag=True, help="Also delete what the branch does not have any more.")
@click.option("--wait", "waits", is_flag=True, help="Until all of them are well, or the time is over.")
@duration("--timeout", default="10m", help="How long to wait at most.")
@output
@click.pass_obj
def sync(repo: str, /, *, waits: bool, output: str, **asked: Any) -> None:
    """Have Argo CD look at MODELS (default: all that are released) now, and sync what is not as its branch says.

    Where no cluster is configured nothing is done. Exits with 5 when something failed, or is not well in time.
    """
    world = open_world(repo)
    reader, writer = world.readers.clusters, world.writers.clusters
    if reader is None or writer is None:
        click.echo(json_text({"models": [], "unknown": NONE}) if output == "json" else f"{NONE}\n", nl=False)
        return
    places = places_of(world.readers, reader, asked["models"], asked["environments"])
    found = sync_all(places, reader, writer, prune=asked["prune"])
    if waits:
        show = tell if output == "text" else (lambda _: None)
        found = wait(found, reader, Waiting(clock=world.readers.clock, sleep=time.sleep, timeout=asked["timeout"], show=show))
    click.echo(sync_json(found) if output == "json" else sync_text(found, **style()), nl=False)
    bad = {Verdict.FAILED, Verdict.WAITING} if waits else {Verdict.FAILED}
    sys.exit(ActError.exit_code if any(one.verdict in bad for one in found) else 0)


def tell(found: Sequence[Settled]) -> None:
    """To somebody who waits: one line that is written over at a terminal; a log gets the last word only."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{safe(progress(found))}", nl=False, err=True)
        if not any(one.verdict is Verdict.WAITING for one in found):
            click.echo(err=True)


def places_of(readers: Readers, reader: ClusterReader, models: Sequence[str], environments: Sequence[str]) -> list[Place]:
    """What is released of the models in the environments, where a cluster is configured. Raises ReconcilerError.

    A model, environment or cluster that is named but not there is an error.
    """
    specs = load_specs(readers.repository.files(head_of(readers), *SPEC_PREFIXES))
    known = sorted({name for model in specs.models.values() for name in model.spec.environments})
    _require(models, list(specs.models), "model")
    _require(environments, known, "environment")
    for name in environments:
        if not reader.reaches(name):
            raise ReconcilerError(f"no cluster is configured for {name}", help="[tool.perennial.clusters] in pyproject.toml")
    refs = readers.repository.refs(HEADS + environment_branch(""))
    return [
        Place(environment=name, model=model, tip=refs.get(HEADS + environment_branch(name)))
        for name in environments or known
        for model in models or specs.models
        if reader.reaches(name) and name in specs.releases.get(model, {})
    ]


def _require(names: Sequence[str], known: Sequence[str], what: str) -> None:
    for name in names:
        if name not in known:
            raise ReconcilerError(f"there is no {what} {name}; there are: {', '.join(known) or 'none'}", help="perennial status")
