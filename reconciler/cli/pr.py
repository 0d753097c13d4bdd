"""`perennial pr`: pull requests from a terminal. Merging promotes; closing declines for good."""

import sys
from typing import NoReturn

import click

from reconciler.cli.options import as_of, output
from reconciler.cli.signature import person
from reconciler.cli.terminal import json_text, safe, style
from reconciler.domain.changes import PullRequest, PullState
from reconciler.domain.names import short
from reconciler.errors import ConflictError, PermanentActError
from reconciler.reconcile import publish
from reconciler.report.outcome_text import outcome_text
from reconciler.wiring import World, open_world


@click.group()
def pr() -> None:
    """List, view, merge and close pull requests."""


@pr.command("list")
@click.option("--all", "everything", is_flag=True, help="Merged and closed ones too.")
@output
@click.pass_obj
def list_pulls(repo: str, *, everything: bool, output: str) -> None:
    """List pull requests, newest last."""
    pulls = open_world(repo).readers.forge.pull_requests()
    shown = [pull for pull in pulls if everything or pull.state is PullState.OPEN]
    if output == "json":
        click.echo(json_text([_value(pull) for pull in shown]), nl=False)
        return
    if not shown:
        click.echo("there is no pull request yet" if everything else "no pull request is open")
    for pull in shown:
        digest = short(pull.marker.digest) if pull.marker else ""
        click.echo(safe(f"#{pull.number:<4} {_state(pull):<7} {digest:<13} {pull.title}"))


@pr.command()
@click.argument("number", type=int)
@output
@click.pass_obj
def view(repo: str, number: int, output: str) -> None:
    """Show one pull request as a reviewer reads it."""
    pull = _find(open_world(repo), number)
    if output == "json":
        click.echo(json_text(_value(pull)), nl=False)
        return
    labels = f"\n{', '.join(pull.labels)}" if pull.labels else ""
    shown = f"#{pull.number} {pull.title}  [{_state(pull)}]\n{pull.branch} -> {pull.base}{labels}\n\n{pull.body.rstrip()}"
    click.echo(safe(shown))


@pr.command()
@click.argument("number", type=int)
@click.option("--by", metavar="NAME", help="Who merges; kept with the commit. Default: who git says you are.")
@as_of
@output
@click.pass_obj
def merge(repo: str, *, number: int, by: str | None, as_of: str | None, output: str) -> None:
    """Merge: the release is written to main, tagged, recorded and rendered."""
    world = open_world(repo, as_of)
    _follow_up(world, _merge(world, _find(world, number), by or person(world.root)), output)


@pr.command()
@click.argument("number", type=int)
@click.option("--comment", default="Declined.", show_default=True, help="Why; kept with the pull request.")
@as_of
@output
@click.pass_obj
def close(repo: str, *, number: int, comment: str, as_of: str | None, output: str) -> None:
    """Close without merging: the digest is declined for good."""
    world = open_world(repo, as_of)
    closed = world.writers.forge.close(_find(world, number).number, comment, world.readers.clock.now())
    _follow_up(world, closed, output)


def _follow_up(world: World, pull: PullRequest, output: str) -> NoReturn:
    """Do what follows from the review, tell it, and exit with the code of what came of it."""
    done = publish(world.readers, world.writers, [pull.marker.model] if pull.marker else [])
    if output == "json":
        click.echo(json_text(_value(pull)), nl=False)
    else:
        click.echo(f"{pull.state} #{pull.number} {safe(pull.title)}\n{outcome_text(done, **style())}", nl=False)
    sys.exit(done.exit_code)


def _merge(world: World, pull: PullRequest, by: str) -> PullRequest:
    if pull.state is PullState.MERGED:
        return pull
    if pull.state is PullState.CLOSED or pull.tip is None:
        gone = "is closed" if pull.state is PullState.CLOSED else f"has no branch {pull.branch} any more"
        raise ConflictError(f"pull request #{pull.number} {gone}", help="perennial reconcile")
    return world.writers.forge.merge(pull.number, pull.tip, world.readers.clock.now(), by)


def _find(world: World, number: int) -> PullRequest:
    pulls = {pull.number: pull for pull in world.readers.forge.pull_requests()}
    if number not in pulls:
        raise PermanentActError(f"there is no pull request #{number}; there are {len(pulls)}", help="perennial pr list --all")
    return pulls[number]


def _state(pull: PullRequest) -> str:
    return "draft" if pull.draft and pull.state is PullState.OPEN else str(pull.state)


def _value(pull: PullRequest) -> dict[str, object]:
    marker = pull.marker
    return {
        "number": pull.number,
        "state": pull.state,
        "draft": pull.draft,
        "labels": pull.labels,
        "approvedBy": pull.approved_by,
        "title": pull.title,
        "branch": pull.branch,
        "base": pull.base,
        "tip": pull.tip,
        "merged": pull.merged,
        "body": pull.body,
        "model": marker.model if marker else None,
        "environment": marker.environment if marker else None,
        "digest": marker.digest if marker else None,
    }
