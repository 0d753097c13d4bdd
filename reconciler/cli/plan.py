"""`perennial plan`: what the next pass would do with the YAML as it stands in the working tree, and why."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from reconciler.adapters.pinned import PinnedRepository
from reconciler.audit.tolerant import load_tolerant
from reconciler.cli.options import as_of, only
from reconciler.cli.revisions import commit_of
from reconciler.cli.terminal import style
from reconciler.errors import InvalidSpecsError
from reconciler.plan.plan import Plan, make_plan
from reconciler.ports import Readers
from reconciler.reconcile import see
from reconciler.render.effect import rendered_effect
from reconciler.report.plan_json import plan_json
from reconciler.report.plan_markdown import plan_markdown
from reconciler.report.plan_text import plan_text
from reconciler.specs.paths import SPEC_PREFIXES
from reconciler.specs.specs import Specs
from reconciler.wiring import open_world, working_tree

CHANGES_PENDING = 10


@click.command()
@only
@as_of
@click.option("--base", metavar="REVISION", help="Take this commit for main, as CI does for a pull request (HEAD^1).")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 10 when there is something to do.")
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="For people, for programs, or for a comment on a pull request.",
)
@click.pass_obj
def plan(repo: str, /, *, models: tuple[str, ...], as_of: str | None, base: str | None, **how: Any) -> None:
    """Show what the next pass would do, and why; change nothing.

    Reads the YAML of the working tree, so an edit shows its effect before it is committed.
    """
    world = open_world(repo, as_of)
    files = working_tree(world.root)
    readers = world.readers
    if base:
        readers = replace(readers, repository=PinnedRepository(readers.repository, commit_of(Path(repo), base)))
    specs, seen = see(readers, models, files)
    made = make_plan(seen, specs, models)
    match how["output"]:
        case "json":
            click.echo(plan_json(made), nl=False)
        case "markdown":
            click.echo(plan_markdown(made, _effect(readers, made, specs)), nl=False)
        case _:
            click.echo(plan_text(made, present=files.keys(), **style()), nl=False)
    if how["detailed_exitcode"] and made.steps:
        sys.exit(CHANGES_PENDING)


def _effect(readers: Readers, made: Plan, specs: Specs) -> str | None:
    """What becomes of the manifests; None where main's specs are wrong, which this change may be about to mend."""
    try:
        before, _ = load_tolerant(readers.repository.files(made.revision, *SPEC_PREFIXES))
    except InvalidSpecsError:
        return None
    return rendered_effect(before, specs)
