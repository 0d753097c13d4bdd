"""`perennial doctor`: what is missing on this machine and in this repository, and how to mend it; changes nothing."""

from dataclasses import asdict
from pathlib import Path

import click

from reconciler.adapters.worktree import read_tree
from reconciler.cli.init_files import owners_place
from reconciler.cli.options import output
from reconciler.cli.terminal import json_text, safe
from reconciler.cli.validate import counted, plural, valid_specs
from reconciler.domain.diagnosis import Finding, Level, bad, doubt, good
from reconciler.domain.judgements import Answer
from reconciler.domain.names import short
from reconciler.errors import InvalidSpecsError, ReconcilerError
from reconciler.specs.draft.code_owners import code_owners
from reconciler.specs.load import load_specs

_SIGNS = {Level.GOOD: ("✓", "green"), Level.DOUBT: ("!", "yellow"), Level.BAD: ("✗", "red")}
_SHOWN = 3


@click.command()
@click.option("--offline", is_flag=True, help="Ask neither GitHub, nor a cluster, nor where packages are.")
@output
@click.pass_context
def doctor(context: click.Context, output: str, *, offline: bool) -> None:
    """Check git, Python, packages, DVC, repository, specs, forge and clusters. Exits with 1 when something will fail."""
    from reconciler.adapters.diagnosis import diagnose_machine, diagnose_repository, top_of
    from reconciler.wiring import clock, environment

    root = top_of(Path(context.obj).resolve(), environment())
    findings = [
        *diagnose_machine(root, environment()),
        *diagnose_repository(root, environment(), clock(None).now()),
        specs(root),
        *forge(root, offline=offline),
        *([] if offline else clusters(root)),
        *([] if offline else releases(root)),
    ]
    failed = sum(finding.level is Level.BAD for finding in findings)
    if output == "json":
        click.echo(json_text({"ok": not failed, "findings": [asdict(one) for one in findings]}), nl=False)
    else:
        for finding in findings:
            for line in lines_of(finding):
                click.echo(line)
        doubts = sum(finding.level is Level.DOUBT for finding in findings)
        click.echo(f"{len(findings)} checks: {failed} will fail, {doubts} to look at")
    context.exit(1 if failed else 0)


def forge(root: Path, *, offline: bool) -> list[Finding]:
    """What can be seen of GitHub from here, and what GitHub says; nothing where pull requests are elsewhere."""
    from reconciler.adapters.diagnosis import diagnose_github, diagnose_service
    from reconciler.wiring import clock, environment, service, settings_or_defaults

    settings = settings_or_defaults(root).forge
    if settings.type != "github":
        return []
    found = [*diagnose_github(root, settings.remote, environment()), owners(root, settings.repository)]
    return found if offline else [*found, *diagnose_service(lambda: service(root).inspect(), clock(None).now())]


def clusters(root: Path) -> list[Finding]:
    """What the clusters say, of the environments that models are released to; nothing where none is configured."""
    from reconciler.adapters.diagnosis import diagnose_clusters
    from reconciler.wiring import clusters_of

    opened = clusters_of(root)
    if opened is None:
        return []
    try:
        loaded = load_specs(read_tree(root))
    except ReconcilerError:
        return []  # what is wrong with them is a finding of its own
    released: dict[str, list[str]] = {name: [] for model in loaded.models.values() for name in model.spec.environments}
    for model, releases in loaded.releases.items():
        for environment in releases:
            released.setdefault(environment, []).append(model)
    return diagnose_clusters(opened, released)


def releases(root: Path) -> list[Finding]:
    """The last releases of every model can be fetched, so an environment can go back; nothing where nothing is released."""
    from reconciler.cli.packages import rows_of
    from reconciler.wiring import open_world

    try:
        rows = rows_of(open_world(str(root)).readers)
    except ReconcilerError as error:
        return [doubt("releases", f"what must stay deployable cannot be seen: {error.message}", error.help)]
    every = [row for found in rows.values() for row in found]
    failed = [(retained, said) for retained, said in every if said.answer is not Answer.YES]
    if not failed:
        return [good("releases", f"all {len(every)} that must stay deployable can be fetched")] if every else []
    first, said = failed[0]
    message = f"{len(failed)} of {len(every)} that must stay deployable cannot be fetched: {first.build.model} "
    message += f"{first.version or short(first.build.digest)}, which {first.why}: {said.message}"
    return [bad("releases", message, "perennial packages list")]


def owners(root: Path, repository: str | None) -> Finding:
    """CODEOWNERS says who owns what, as the specs do."""
    place = owners_place(root)
    path = root / place
    try:
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        wanted = code_owners(text, load_specs(read_tree(root)), (repository or "").partition("/")[0])
    except (OSError, UnicodeDecodeError, ReconcilerError) as error:
        return doubt("code owners", f"{place} cannot be compared with the specs: {error}", "perennial validate")
    if text != wanted:
        return doubt("code owners", f"{place} does not say what the specs say of owners", "perennial init --forge github")
    return good("code owners", f"{place} says what the specs say")


def specs(root: Path) -> Finding:
    """All YAML of the working tree is valid."""
    try:
        loaded = valid_specs(read_tree(root))
    except InvalidSpecsError as error:
        first = "; ".join(map(str, error.problems[:_SHOWN]))
        return bad("specs", f"{error.message}: {first}", "perennial validate")
    except ReconcilerError as error:
        return bad("specs", error.message, error.help)
    counts = ", ".join(f"{count} {plural(word, count)}" for word, count in counted(loaded).items())
    return good("specs", f"valid: {counts}")


def lines_of(finding: Finding) -> list[str]:
    """The finding for people: what it is, and below it what to do."""
    sign, colour = _SIGNS[finding.level]
    lines = [f"{click.style(sign, fg=colour, bold=True)} {finding.check}: {safe(finding.message)}"]
    return [*lines, f"    {safe(finding.remedy)}"] if finding.remedy else lines
