"""`perennial packages`: what servers fetch. `fetch` runs in a pod, before the server, and needs no repository."""

from pathlib import Path

import click

from reconciler.adapters.packages import open_packages
from reconciler.cli.terminal import safe
from reconciler.domain.packages import FILE, read_reference
from reconciler.errors import ObserveError
from reconciler.wiring import environment, quiet

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def packages() -> None:
    """Fetch packages that are published."""


@packages.command()
@click.argument("release", type=_FOLDER)
@click.argument("to", type=_FOLDER)
def fetch(release: Path, to: Path) -> None:
    """Bring the package that the folder RELEASE refers to into the folder TO, and check it.

    RELEASE has one file per key, as a ConfigMap is mounted. The file model.perennial appears in TO only when size and SHA-256
    are those of the release.
    """
    quiet()
    try:
        reference = {path.name: path.read_text(encoding="utf-8").strip() for path in release.iterdir() if path.is_file()}
        base, package = read_reference(reference)
    except (OSError, ValueError) as error:
        raise ObserveError(f"{release} does not tell what to fetch: {error}", help="perennial render") from error
    try:
        open_packages(base, base, environment()).fetch(package, to / FILE)
    except OSError as error:
        raise ObserveError(f"cannot write to {to}: {error.strerror}") from error
    click.echo(safe(f"{to / FILE}: {package.artifact.size:,} bytes with {package.artifact.sha256}"))
