"""`perennial packages`: what servers fetch, whether what must stay deployable can be fetched, and what may be cleared away."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from reconciler.adapters.packages import open_packages
from reconciler.audit.deployable import deployable, read_whole
from reconciler.audit.retention import LEAST, Retained, rendered_names, retained_of, surplus
from reconciler.cli.options import only, output
from reconciler.cli.terminal import json_text, safe, style
from reconciler.domain.judgements import Answer
from reconciler.domain.names import Digest, short
from reconciler.domain.packages import FILE, read_reference
from reconciler.errors import ObserveError, ReconcilerError
from reconciler.observe.observe import Seen, head_of, look
from reconciler.ports import Readers
from reconciler.report.packages_text import Rows, packages_json, packages_text
from reconciler.specs.load import load_specs
from reconciler.specs.paths import SPEC_PREFIXES
from reconciler.specs.specs import Specs
from reconciler.wiring import environment, open_world, quiet

_FOLDER = click.Path(file_okay=False, path_type=Path)
_keep = click.option(
    "--keep", type=click.IntRange(min=LEAST), default=LEAST, show_default=True, help="Releases of each environment that stay."
)


@click.group()
def packages() -> None:
    """Fetch, check and clear away published packages."""


@packages.command()
@click.argument("release", type=_FOLDER)
@click.argument("to", type=_FOLDER)
def fetch(release: Path, to: Path) -> None:
    """Bring the package that the folder RELEASE refers to into the folder TO, and check it.

    RELEASE has one file per key, as a ConfigMap is mounted. The file model.perennial appears in TO only when size and SHA-256
    are those of the release. Needs no repository.
    """
    quiet()
    try:
        reference = {path.name: path.read_text(encoding="utf-8").strip() for path in release.iterdir() if path.is_file()}
        base, package = read_reference(reference)
    except (OSError, ValueError) as error:
        raise ObserveError(f"{release} does not tell what to fetch: {error}", help="perennial render") from error
    open_packages(base, base, environment()).fetch(package, to / FILE)
    click.echo(safe(f"{to / FILE}: {package.artifact.size:,} bytes with {package.artifact.sha256}"))


@packages.command("list")
@only
@_keep
@click.option("--read", is_flag=True, help="Read every published package whole, and check its digest.")
@output
@click.pass_context
def list_packages(context: click.Context, models: tuple[str, ...], keep: int, output: str, *, read: bool) -> None:
    """Show what must stay deployable, and whether it can be fetched. Exits with 1 when something cannot."""
    readers = open_world(context.obj).readers
    rows = rows_of(readers, models, keep)
    if read:
        rows = {name: [(one, read_whole(one, said, readers.packages)) for one, said in found] for name, found in rows.items()}
    click.echo(packages_json(rows) if output == "json" else packages_text(rows, **style()), nl=False)
    context.exit(0 if all(said.answer is Answer.YES for found in rows.values() for _, said in found) else 1)


def rows_of(readers: Readers, models: Sequence[str] = (), keep: int = LEAST) -> Rows:
    """What must stay deployable of each model (or only of those named). Raises ReconcilerError for what cannot be read."""
    specs, seen = _seen(readers)
    retained = {name: retained_of(specs, seen, readers.repository, name, keep) for name in chosen(specs, models)}
    said = deployable([one for found in retained.values() for one in found], specs, readers)
    return {name: [(one, said[Digest(one.build.digest)]) for one in found] for name, found in retained.items()}


@packages.command()
@only
@_keep
@click.pass_obj
def revisions(repo: str, models: tuple[str, ...], keep: int) -> None:
    """Name the commits whose data must stay, one a line: for `dvc gc`."""
    readers = open_world(repo).readers
    specs, seen = _seen(readers)
    found = {one.revision for name in chosen(specs, models) for one in retained_of(specs, seen, readers.repository, name, keep)}
    click.echo("\n".join(sorted({*found, seen.head})))


@packages.command()
@only
@_keep
@click.option("--dry-run", is_flag=True, help="Only tell what would be removed.")
@output
@click.pass_obj
def prune(repo: str, models: tuple[str, ...], keep: int, output: str, *, dry_run: bool) -> None:
    """Remove published packages that nothing needs: not what runs, ran last, is proposed or waits."""
    world = open_world(repo)
    place, readers, writer = world.readers.packages, world.readers, world.writers.packages
    if place is None or writer is None:
        raise ReconcilerError("packages are not published", help="packages = ... in [tool.perennial] of pyproject.toml")
    before, _ = _seen(readers)
    if before.settings.packages != place.base:
        raise ReconcilerError(
            f"main publishes packages to {before.settings.packages}, this checkout to {place.base}", help="git pull"
        )
    listed = {model: place.kept(model) for model in chosen(before, models)}
    gone = needless(listed, readers, keep)
    for model, digests in gone.items():
        for digest in digests:
            if not dry_run:
                writer.remove(model, digest)
    told = {"kept": {model: len(listed[model]) - len(gone[model]) for model in listed}, "removed": gone, "dryRun": dry_run}
    click.echo(json_text(told) if output == "json" else _pruned(listed, gone, dry_run=dry_run), nl=False)


def needless(listed: Mapping[str, tuple[Digest, ...]], readers: Readers, keep: int) -> Mapping[str, Sequence[Digest]]:
    """What may go of what was listed. The rest of the world is looked at after the listing.

    So a package that is published meanwhile is not among them, and what it is published for is seen.
    Raises ObserveError, before anything is removed, when one of the models cannot be read.
    """
    specs, seen = _seen(readers)
    found = {}
    for model, digests in listed.items():
        retained: tuple[Retained, ...] = retained_of(specs, seen, readers.repository, model, keep)
        found[model] = surplus(digests, retained, rendered_names(seen, readers.repository, model))
    return found


def _seen(readers: Readers) -> tuple[Specs, Seen]:
    head = head_of(readers)
    return load_specs(readers.repository.files(head, *SPEC_PREFIXES)), look(readers, head, readers.clock.now())


def chosen(specs: Specs, wanted: Sequence[str]) -> list[str]:
    """Models by name. Raises ReconcilerError for one that is not there."""
    if unknown := sorted(set(wanted) - set(specs.models)):
        raise ReconcilerError(
            f"there is no model {', '.join(unknown)}; there are: {', '.join(specs.models)}", help="perennial status"
        )
    return [name for name in specs.models if not wanted or name in wanted]


def _pruned(listed: Mapping[str, Sequence[Digest]], gone: Mapping[str, Sequence[Digest]], *, dry_run: bool) -> str:
    word = "would remove" if dry_run else "removed"
    lines = [f"{model}  {word} {short(digest)}" for model, digests in gone.items() for digest in digests]
    count, all_of_them = sum(map(len, gone.values())), sum(map(len, listed.values()))
    return safe("\n".join([*lines, f"{word} {count} of {all_of_them} packages"])) + "\n"
