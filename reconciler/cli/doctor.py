"""`perennial doctor`: what is missing on this machine and in this repository, and how to mend it; changes nothing."""

from dataclasses import asdict
from pathlib import Path

import click

from reconciler.adapters.worktree import read_tree
from reconciler.cli.options import output
from reconciler.cli.terminal import json_text, safe
from reconciler.cli.validate import counted, plural, valid_specs
from reconciler.domain.diagnosis import Finding, Level, bad, good
from reconciler.errors import InvalidSpecsError, ReconcilerError

_SIGNS = {Level.GOOD: ("✓", "green"), Level.DOUBT: ("!", "yellow"), Level.BAD: ("✗", "red")}
_SHOWN = 3


@click.command()
@output
@click.pass_context
def doctor(context: click.Context, output: str) -> None:
    """Check git, Python, packages, DVC, the repository and its specs. Exits with 1 when something will fail."""
    from reconciler.adapters.diagnosis import diagnose_machine, diagnose_repository, top_of
    from reconciler.wiring import clock, environment

    root = top_of(Path(context.obj).resolve(), environment())
    findings = [
        *diagnose_machine(root, environment()),
        *diagnose_repository(root, environment(), clock(None).now()),
        specs(root),
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
