"""`perennial audit`: what happened to a release, from the first wish to what runs; and the proof that it is what was approved."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from reconciler.audit.books import Books, open_books
from reconciler.audit.gather import audit_of, digest_of_version
from reconciler.audit.tolerant import load_tolerant
from reconciler.audit.verify import Verification, answer_of, verify, verify_version
from reconciler.cli.options import output
from reconciler.cli.terminal import style
from reconciler.domain.judgements import Answer
from reconciler.domain.signing import Trust
from reconciler.errors import ObserveError, Problem, UnprovenError
from reconciler.observe.observe import Seen, head_of, look
from reconciler.observe.proofs import trust_of
from reconciler.report.audit_text import audit_json, audit_text
from reconciler.report.verify_text import verify_json, verify_text
from reconciler.specs.load import load_specs
from reconciler.specs.paths import SPEC_PREFIXES
from reconciler.specs.specs import Specs
from reconciler.wiring import World, open_world

_CODES = {Answer.YES: 0, Answer.NO: UnprovenError.exit_code, Answer.UNKNOWN: ObserveError.exit_code}
_KEY = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("model", required=False)
@click.argument("version", required=False)
@click.option("--verify", "is_verify", is_flag=True, help="Check every link, offline; of all models when none is named.")
@click.option("--key", "keys", type=_KEY, multiple=True, help="With --verify: insist on a signature with this public key.")
@output
@click.pass_obj
def audit(repo: str, /, model: str | None, version: str | None, keys: tuple[Path, ...], *, is_verify: bool, output: str) -> None:
    """Tell who asked for VERSION of MODEL, what triggered it, what was found, who merged it, and what runs where.

    VERSION is a number (1.1.0) or the beginning of a digest; without it, what the last environment runs.
    """
    world = open_world(repo)
    if is_verify:
        _verify(world, model, version, keys, output)
    if keys:
        raise click.UsageError("--key goes with --verify")
    if model is None:
        raise click.UsageError("Missing argument 'MODEL' (only --verify goes over all models)")
    specs, seen = _look(world, {})
    found = audit_of(open_books(specs, world.readers, seen, model), version)
    click.echo(audit_json(found) if output == "json" else audit_text(found, versions=version is None, **style()), nl=False)


def _look(world: World, broken: dict[str, Problem], *, tolerant: bool = False) -> tuple[Specs, Seen]:
    """Main's specs and all that is looked at once. If tolerant, release files that cannot be believed go to `broken`."""
    readers = world.readers
    head = head_of(readers)
    files = readers.repository.files(head, *SPEC_PREFIXES)
    specs, wrong = load_tolerant(files) if tolerant else (load_specs(files), {})
    broken.update(wrong)
    return specs, look(readers, head, readers.clock.now())


def _verify(world: World, model: str | None, version: str | None, keys: tuple[Path, ...], output: str) -> None:
    """Print what was found, and exit with its code."""
    broken: dict[str, Problem] = {}
    specs, seen = _look(world, broken, tolerant=True)
    trust = replace(trust_of(specs), required=True, keys=_read(keys)) if keys else trust_of(specs)
    names = [model] if model else [*specs.models]
    opened = [open_books(specs, world.readers, seen, name) for name in names]
    found = [_verification(books, world, trust, broken, version) for books in opened]
    click.echo(verify_json(found) if output == "json" else verify_text(found, **style()), nl=False)
    sys.exit(_CODES[answer_of(found)])


def _verification(books: Books, world: World, trust: Trust, broken: Mapping[str, Problem], version: str | None) -> Verification:
    if version is None:
        return verify(books, world.readers, trust, broken)
    return verify_version(books, world.readers, trust, digest_of_version(books, version))


def _read(keys: tuple[Path, ...]) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in keys}
