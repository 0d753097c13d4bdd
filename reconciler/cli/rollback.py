"""`perennial rollback`: the emergency path, which puts back at once what an environment ran before."""

import sys
from collections.abc import Collection

import click

from reconciler.act.rollback import Wanted, any_before, roll_back
from reconciler.cli.options import as_of, output
from reconciler.cli.terminal import json_text, safe, style
from reconciler.domain.names import short
from reconciler.errors import ReconcilerError
from reconciler.observe.fallback import of_version
from reconciler.observe.observe import head_of
from reconciler.plan.whereabouts import told_of_pin
from reconciler.reconcile import publish
from reconciler.report.outcome_text import outcome_text
from reconciler.specs.load import load_specs
from reconciler.specs.paths import SPEC_PREFIXES
from reconciler.wiring import open_world


@click.command()
@click.argument("model")
@click.option("--environment", metavar="NAME", help="Where. Default: the last one, which is production.")
@click.option("--to", metavar="VERSION", help="One of the versions that ran there. Default: the one before.")
@click.option("--reason", required=True, help="Why; kept in the commit, and with the quarantine.")
@click.option("--keep", is_flag=True, help="Do not quarantine what runs now: it may be proposed again.")
@click.option("--by", default="", metavar="NAME", help="Who asks for it; kept in the commit.")
@as_of
@output
@click.pass_obj
def rollback(repo: str, /, model: str, *, keep: bool, output: str, as_of: str | None, **said: str | None) -> None:
    """Put back what MODEL ran before, by one commit on main, and tag, record and render it; nobody is asked for a review."""
    reason, by = said["reason"] or "", said["by"]
    if not reason.strip():
        raise click.UsageError("--reason must say why")
    world = open_world(repo, as_of)
    specs = load_specs(world.readers.repository.files(head_of(world.readers), *SPEC_PREFIXES))
    _require(model, specs.models, "model")
    environment = said["environment"] or specs.models[model].champion_environment
    _require(environment, specs.models[model].spec.environments, "environment")
    wanted = Wanted(
        model=model,
        environment=environment,
        why=reason + (f" Asked for by {by}." if by else ""),
        fits=of_version(said["to"]) if said["to"] else any_before,
        quarantines=not keep,
    )
    done = roll_back(world.readers, world.writers, wanted)
    outcome = publish(world.readers, world.writers, [model])
    runs = done.release.version if done.release else None
    if output == "json":
        click.echo(json_text({"commit": done.commit, "runs": runs, "changed": list(done.paths)}), nl=False)
    else:
        click.echo(safe(f"{environment} runs {f'{model} {runs}' if runs else f'no {model}'} again, by {short(done.commit)}"))
        if told := told_of_pin(specs.models[model], environment, done.release, world.readers.clock.now()):
            click.echo(safe(f"{environment} is {told}"))
        click.echo(outcome_text(outcome, **style()), nl=False)
    sys.exit(outcome.exit_code)


def _require(name: str, known: Collection[str], what: str) -> None:
    """Raises ReconcilerError for a name that main does not have."""
    if name not in known:
        raise ReconcilerError(f"there is no {what} {name!r}; there are: {', '.join(known) or 'none'}", help="perennial status")
