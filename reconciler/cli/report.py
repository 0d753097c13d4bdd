"""`perennial report MODEL [VERSION]`: the evidence for people: as a pull request shows it, or as a page with plots."""

from pathlib import Path

import click

from reconciler.audit.books import open_books
from reconciler.audit.review import version_review, waiting_review
from reconciler.cli.options import as_of, html, output, write_page
from reconciler.cli.terminal import safe
from reconciler.errors import ReconcilerError
from reconciler.observe.observe import head_of, look
from reconciler.reconcile import see
from reconciler.render.evidence import render_evidence
from reconciler.render.pull_request import render_pull_request
from reconciler.render.review import Review
from reconciler.report.release_html import release_page
from reconciler.specs.load import load_specs
from reconciler.specs.paths import SPEC_PREFIXES
from reconciler.wiring import World, open_world

CANDIDATE = "candidate"


@click.command()
@click.argument("model")
@click.argument("version", required=False)
@as_of
@output
@html
@click.pass_obj
def report(repo: str, /, model: str, version: str | None, as_of: str | None, output: str, html: Path | None) -> None:
    """Tell how good a candidate or a release of MODEL is, and what every gate says of it.

    VERSION is a number (1.1.0), the beginning of a digest, or `candidate`; without it, the candidate that waits, also one that
    its gates refuse, or else what the last environment runs.
    """
    world = open_world(repo, as_of)
    review = _review(world, model, version)
    if html is not None:
        write_page(html, release_page(review))
    click.echo(render_evidence(review) if output == "json" else safe(render_pull_request(review)[1]), nl=False)


def _review(world: World, model: str, version: str | None) -> Review:
    if version in (None, CANDIDATE):
        specs, seen = see(world.readers, [model])
        waiting = waiting_review(specs, seen.models[model], seen.at)
        if waiting is not None:
            return waiting
        if version == CANDIDATE:
            raise ReconcilerError(f"no candidate of {model} waits for an environment", help=f"perennial explain {model}")
    head = head_of(world.readers)
    specs = load_specs(world.readers.repository.files(head, *SPEC_PREFIXES))
    books = open_books(specs, world.readers, look(world.readers, head, world.readers.clock.now()), model)
    return version_review(books, version)
