"""`perennial audit`: what happened to a release, from the first wish to what runs; and the proof that it is what was approved."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from reconciler.adapters.forges.opening import last_seen
from reconciler.audit.books import Books, open_books
from reconciler.audit.claims import claim_of
from reconciler.audit.gather import audit_of, wanted_digest
from reconciler.audit.reproduce import reproduce
from reconciler.audit.tolerant import load_tolerant
from reconciler.audit.verify import answer_of, verify, verify_version
from reconciler.cli.options import output
from reconciler.cli.terminal import safe, style
from reconciler.domain.judgements import Answer
from reconciler.domain.signing import Trust
from reconciler.errors import InvalidSpecsError, ObserveError, Problem, UnprovenError
from reconciler.observe.observe import Seen, head_of, look
from reconciler.observe.proofs import trust_of
from reconciler.report.audit_text import audit_json, audit_text
from reconciler.report.reproduce_text import reproduce_json, reproduce_text
from reconciler.report.verify_text import verify_json, verify_text
from reconciler.specs.paths import SPEC_PREFIXES
from reconciler.specs.specs import Specs
from reconciler.wiring import World, open_world, rebuilder

_CODES = {Answer.YES: 0, Answer.NO: UnprovenError.exit_code, Answer.UNKNOWN: ObserveError.exit_code}
_KEY = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """What the questions are asked of. `broken` are release files that cannot be believed, by path."""

    world: World
    specs: Specs
    seen: Seen
    broken: Mapping[str, Problem]

    def books(self, model: str) -> Books:
        """Those of one model."""
        return open_books(self.specs, self.world.readers, self.seen, model)


@click.command()
@click.argument("model", required=False)
@click.argument("version", required=False)
@click.option("--verify", is_flag=True, help="Check every link; of all models when none is named.")
@click.option("--reproduce", is_flag=True, help="Make the version again from Git and DVC, and compare the digests.")
@click.option("--offline", is_flag=True, help="The git remote as it was last seen here; ask nobody.")
@click.option("--key", "keys", type=_KEY, multiple=True, help="With --verify: insist on a signature with this public key.")
@output
@click.pass_obj
def audit(repo: str, /, model: str | None, version: str | None, output: str, **how: Any) -> None:
    """Tell who asked for VERSION of MODEL, what triggered it, what was found, who merged it, and what runs where.

    VERSION is a number (1.1.0) or the beginning of a digest; without it, what the last environment runs.
    """
    if how["verify"] and how["reproduce"]:
        raise click.UsageError("--verify and --reproduce are two questions: ask one at a time")
    if how["keys"] and not how["verify"]:
        raise click.UsageError("--key goes with --verify")
    if model is None and not how["verify"]:
        raise click.UsageError("Missing argument 'MODEL': only --verify goes over all models")
    opened = _open(repo, offline=how["offline"])
    if how["verify"]:
        sys.exit(_verify(opened, model, version, how["keys"], output))
    if opened.broken:
        raise InvalidSpecsError(opened.broken.values())
    if how["reproduce"]:
        sys.exit(_reproduce(opened, opened.books(model or ""), version, output))
    found = audit_of(opened.books(model or ""), version)
    click.echo(audit_json(found) if output == "json" else audit_text(found, versions=version is None, **style()), nl=False)


def _open(repo: str, *, offline: bool) -> _Opened:
    """What main says, without release files that cannot be believed: of these only --verify tells more."""
    world = open_world(repo)
    if offline:
        world = replace(world, readers=last_seen(world.readers))
    head = head_of(world.readers)
    specs, broken = load_tolerant(world.readers.repository.files(head, *SPEC_PREFIXES))
    return _Opened(world=world, specs=specs, seen=look(world.readers, head, world.readers.clock.now()), broken=broken)


def _verify(opened: _Opened, model: str | None, version: str | None, keys: tuple[Path, ...], output: str) -> int:
    """Print what was found; the exit code of it."""
    trust = trust_of(opened.specs)
    if keys:
        trust = replace(trust, required=True, keys={str(path): path.read_bytes() for path in keys})
    found = [_verified(opened, name, version, trust) for name in ([model] if model else opened.specs.models)]
    click.echo(verify_json(found) if output == "json" else verify_text(found, **style()), nl=False)
    return _CODES[answer_of(found)]


def _verified(opened: _Opened, model: str, version: str | None, trust: Trust) -> Any:
    books, readers = opened.books(model), opened.world.readers
    if version is None:
        return verify(books, readers, trust, opened.broken)
    return verify_version(books, readers, trust, wanted_digest(books, version))


def _reproduce(opened: _Opened, books: Books, version: str | None, output: str) -> int:
    """Print what came of it; the exit code of it."""
    claim = claim_of(books, opened.world.readers, trust_of(opened.specs), wanted_digest(books, version))
    click.echo(safe(f"making {books.name} {claim.release.version} again in a scratch worktree ..."), err=True)
    found = reproduce(claim, rebuilder(opened.world.root))
    click.echo(reproduce_json(found) if output == "json" else reproduce_text(found, **style()), nl=False)
    return _CODES[found.answer]
