"""The command `perennial`: finds the sub-command, and turns errors into messages and exit codes. Nothing else catches."""

import json
import sys
from importlib import import_module

import click

from reconciler.errors import InvalidSpecsError, ReconcilerError

COMMANDS = {
    "demo": "reconciler.cli.demo:demo",
    "doctor": "reconciler.cli.doctor:doctor",
    "explain": "reconciler.cli.explain:explain",
    "hold": "reconciler.cli.hold:hold",
    "new": "reconciler.cli.new:new",
    "plan": "reconciler.cli.plan:plan",
    "pr": "reconciler.cli.pr:pr",
    "reconcile": "reconciler.cli.reconcile:reconcile",
    "release": "reconciler.cli.release:release",
    "render": "reconciler.cli.render:render",
    "schema": "reconciler.cli.schema:schema",
    "stage": "reconciler.cli.stage:stage",
    "status": "reconciler.cli.status:status",
    "validate": "reconciler.cli.validate:validate",
}
"""Every command and where it is; a command's module is imported only when it is called."""


class LazyGroup(click.Group):
    """A group that imports a command only when it is needed, so that `perennial --help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """All names, for the help."""
        return sorted(name for name in COMMANDS if name != "stage")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="perennial", prog_name="perennial")
@click.option("--repo", default=".", type=click.Path(exists=True, file_okay=False), help="The repository to work on.")
@click.pass_context
def cli(ctx: click.Context, repo: str) -> None:
    """Keep machine-learning models fresh the GitOps way: merging promotes, reverting rolls back."""
    ctx.obj = repo


def report(error: ReconcilerError, *, as_json: bool) -> None:
    """Tell the person (stderr) or the program (stdout, JSON) what went wrong and which command helps."""
    problems = error.problems if isinstance(error, InvalidSpecsError) else ()
    if as_json:
        value = {
            "error": {
                "type": type(error).__name__,
                "message": error.message,
                "help": error.help,
                "exitCode": error.exit_code,
                "problems": [{name: getattr(p, name) for name in p.__slots__} for p in problems],
            }
        }
        click.echo(json.dumps(value, indent=2, ensure_ascii=False))
        return
    for problem in problems:
        click.echo(str(problem), err=True)
    click.echo(f"{click.style('error:', fg='red', bold=True)} {error.message}", err=True)
    if error.help:
        click.echo(f"  try: {error.help}", err=True)


def wants_json(arguments: list[str]) -> bool:
    """`-o json` stands on the command line, in any of its spellings."""
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    return any(a in ("-ojson", "--output=json") or (a in ("-o", "--output") and b == "json") for a, b in pairs)


def main() -> None:
    """Run, and exit with the code that `errors.py` draws."""
    try:
        result = cli.main(standalone_mode=False)
    except ReconcilerError as error:
        report(error, as_json=wants_json(sys.argv[1:]))
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(141)
    sys.exit(result if isinstance(result, int) else 0)


if __name__ == "__main__":
    main()
