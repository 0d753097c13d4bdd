"""`perennial gate`: proves what a change would release, before it is merged. What CI runs on every pull request."""

import sys
from pathlib import Path

import click

from reconciler.audit.gate import prove
from reconciler.audit.proposed import proposed
from reconciler.audit.verify import answer_of
from reconciler.cli.options import as_of, output
from reconciler.cli.revisions import commit_of
from reconciler.cli.terminal import safe, style
from reconciler.domain.judgements import Answer
from reconciler.domain.names import short
from reconciler.errors import ObserveError, UnprovenError
from reconciler.report.verify_text import verify_json, verify_text
from reconciler.wiring import open_clone

_CODES = {Answer.YES: 0, Answer.NO: UnprovenError.exit_code, Answer.UNKNOWN: ObserveError.exit_code}


@click.command()
@click.argument("revision", default="HEAD")
@click.option("--base", default="main", show_default=True, metavar="REVISION", help="What it would be merged into.")
@as_of
@output
@click.pass_obj
def gate(repo: str, revision: str, base: str, as_of: str | None, output: str) -> None:
    """Prove every release that REVISION makes and --base does not have, from its bytes; a fork's code is not run.

    Evidence, statement and signature belong to the release file; every gate said YES; dvc.lock, artifact and data are those
    that were approved; and the artifact, asked again, gives the numbers of the evidence. No hold, pin or
    freeze that --base has keeps a new release out; going back is always let. Exits with 7 when a link is broken,
    and with 4 when one cannot be seen.
    """
    tip, below = (commit_of(Path(repo), written) for written in (revision, base))
    change = proposed(open_clone(repo, as_of), tip, below)
    found = prove(change)
    answer = Answer.YES if change.is_nothing else answer_of(found)
    if output == "json":
        click.echo(verify_json(found, answer), nl=False)
    elif change.is_nothing:
        gone = f"; it takes away {', '.join(change.removed)}" if change.removed else ""
        click.echo(safe(f"ok: {short(tip)} releases nothing that {short(below)} does not{gone}"))
    else:
        click.echo(verify_text(found, **style()), nl=False)
    sys.exit(_CODES[answer])
