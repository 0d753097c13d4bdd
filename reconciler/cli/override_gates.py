"""What `perennial override MODEL --gate NAME` does: write the file that sets gates aside, for people to review."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import click

from reconciler.adapters.worktree_edit import write_files
from reconciler.cli.signature import Signature
from reconciler.cli.terminal import safe
from reconciler.domain.facts import Candidate
from reconciler.domain.names import Digest, candidate_branch, override_path, short
from reconciler.domain.overrides import ON_THE_WAY, GateOverride
from reconciler.errors import ReconcilerError
from reconciler.observe.candidate import read_candidate
from reconciler.observe.observe import HEADS
from reconciler.rules.fields import time_text
from reconciler.specs.draft.override_text import override_text
from reconciler.specs.guide import did_you_mean
from reconciler.specs.override import MOST_DAYS
from reconciler.specs.specs import Specs
from reconciler.wiring import World


def write_override(world: World, specs: Specs, model: str, gates: Sequence[str], by: Signature, until: datetime) -> None:
    """Write it about the champion, or about the first candidate where nothing is live. Raises UsageError, ReconcilerError."""
    now = world.readers.clock.now()
    _check_gates(specs, model, gates)
    if until > now + timedelta(days=MOST_DAYS):
        latest = time_text(now + timedelta(days=MOST_DAYS))
        raise click.UsageError(f"--until {time_text(until)} is more than {MOST_DAYS} days ahead: {latest} at the latest")
    champion, candidate = _subject(world, specs, model)
    override = GateOverride(
        gates=tuple(dict.fromkeys(gates)),
        candidate=candidate,
        champion=champion,
        owner=by.by,
        reason=by.reason,
        since=now.replace(microsecond=0),
        until=until,
    )
    path = override_path(model)
    replaced = (world.root / path).is_file()
    write_files(world.root, {path: override_text(model, override)})
    about = f"champion {short(champion)} is live" if champion else f"the candidate is {short(candidate or '')}"
    click.echo(safe(f"{'replaced' if replaced else 'wrote'} {path}: while {about}, until {time_text(until)}"))
    click.echo("it counts once it was reviewed and is on main:")
    branch, subject = f"override-{model}", f"Set {', '.join(override.gates)} of {model} aside"
    click.echo(safe(f"  git switch -c {branch} && git add {path} && git commit -m '{subject}'"))


def _check_gates(specs: Specs, model: str, gates: Sequence[str]) -> None:
    policy = specs.gates[specs.models[model].spec.gates]
    known = [*(gate.rule for gate in policy.spec.gates), *ON_THE_WAY]
    for name in gates:
        if name not in known:
            hint = did_you_mean(name, known) or f"there are: {', '.join(known) or 'none'}"
            raise click.UsageError(f"--gate {name}: gate policy {policy.name} has no such gate; {hint}")


def _subject(world: World, specs: Specs, model: str) -> tuple[Digest | None, Digest | None]:
    """The digests of champion and candidate, of which the second counts only without the first."""
    release = specs.releases.get(model, {}).get(specs.models[model].champion_environment)
    if release is not None:
        return release.digest, None
    ref = HEADS + candidate_branch(model)
    found = read_candidate(world.readers.repository, model, world.readers.repository.refs(ref).get(ref))
    if not isinstance(found, Candidate):
        raise ReconcilerError(f"{model} has neither a release nor a candidate that an override could be about")
    return None, found.build.digest
