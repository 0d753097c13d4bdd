"""The command `perennial`: finds the sub-command, and turns errors into messages and exit codes. Nothing else catches."""

import os
import sys
from importlib import import_module
from itertools import pairwise

import click
from click.exceptions import NoArgsIsHelpError

from reconciler.cli.terminal import Guarded, json_text, safe
from reconciler.errors import InvalidSpecsError, ReconcilerError

COMMANDS = {
    "audit": ("reconciler.cli.audit:audit", "Tell what happened to a release, and prove that it is what was approved."),
    "comment": ("reconciler.cli.comment:comment", "Say something on a pull request, in one comment that is kept up to date."),
    "demo": ("reconciler.cli.demo:demo", "Replay 2013 in a scratch clone: drift, retrains, pull requests, merges."),
    "doctor": ("reconciler.cli.doctor:doctor", "Tell what is missing here, and how to mend it."),
    "drift": ("reconciler.cli.drift:drift", "Tell what drifted of a model, of which kind it is, and what would mend it."),
    "due": ("reconciler.cli.due:due", "Name the models that have something to be done."),
    "explain": ("reconciler.cli.explain:explain", "Tell what every rule says of a model, and what would have to change."),
    "gate": ("reconciler.cli.gate:gate", "Prove what a change would release, from its bytes, before it is merged."),
    "hold": ("reconciler.cli.hold:hold", "Write a stop sign for a model, or take it away."),
    "init": ("reconciler.cli.init:init", "Put all that a repository needs into it, or bring that up to date."),
    "log": ("reconciler.cli.log:log", "Append predictions or labels to a model's logs."),
    "login": ("reconciler.cli.login:login", "Give a CI job its way to the DVC remote."),
    "new": ("reconciler.cli.new:new", "Write the specs of a new model from its data."),
    "observe": ("reconciler.cli.observe:observe", "Show rows, labels, performance, quality, drift and cost of every model."),
    "override": ("reconciler.cli.override:override", "Set a guard of a model aside for a time, on the record."),
    "packages": ("reconciler.cli.packages:packages", "Fetch, check and clear away published packages."),
    "plan": ("reconciler.cli.plan:plan", "Show what the next pass would do, and why; change nothing."),
    "pr": ("reconciler.cli.pr:pr", "List, view, merge and close pull requests of the local forge."),
    "receive": ("reconciler.cli.receive:receive", "Keep the alerts of an event that woke a CI job."),
    "reconcile": ("reconciler.cli.reconcile:reconcile", "Do what the plan says."),
    "release": ("reconciler.cli.release:release", "Tag, record and render what was merged or reverted elsewhere."),
    "render": ("reconciler.cli.render:render", "Show or write the manifests of an environment."),
    "report": ("reconciler.cli.report:report", "Tell how good a candidate or release is: the evidence, also as a page."),
    "retrain": ("reconciler.cli.retrain:retrain", "Ask for a retrain of a model, on the record."),
    "rollback": ("reconciler.cli.rollback:rollback", "Put back at once what an environment ran before."),
    "schema": ("reconciler.cli.schema:schema", "Check (or write) the JSON Schemas of the YAML."),
    "simulate": (
        "reconciler.cli.simulate:simulate",
        "Try retrain policies on history: when they retrain, why, how good it is.",
    ),
    "stage": ("reconciler.cli.stage:stage", "Run one stage of the pipeline; dvc.yaml calls this."),
    "status": ("reconciler.cli.status:status", "Show every model: what runs, what waits, what is due."),
    "sync": ("reconciler.cli.sync:sync", "Have Argo CD bring what runs to what Git says, and wait until it is well."),
    "validate": ("reconciler.cli.validate:validate", "Check all YAML, and list everything that is wrong at once."),
    "wake": ("reconciler.cli.wake:wake", "Tell the forge that data has arrived or an alert fires."),
}
"""Every command: where it is, and what it does. Its module is imported only when it is called."""


class LazyGroup(click.Group):
    """A group that imports a command only when it is called, so that `perennial --help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """All names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, imported now; None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list in the help, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


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
        told = [{name: getattr(problem, name) for name in problem.__slots__} for problem in problems]
        click.echo(_error_json(type(error).__name__, error.message, error.help, error.exit_code, told), nl=False)
        return
    for problem in problems:
        click.echo(str(problem), err=True)
    click.echo(f"{click.style('error:', fg='red', bold=True)} {safe(error.message)}", err=True)
    if error.help:
        click.echo(f"  try: {safe(error.help)}", err=True)


def report_usage(error: click.ClickException, *, as_json: bool) -> None:
    """The same for a command line that cannot be understood."""
    if isinstance(error, NoArgsIsHelpError):
        error.show()
        return
    context = error.ctx if isinstance(error, click.UsageError) else None
    help = f"{context.command_path if context else 'perennial'} --help"
    if as_json:
        click.echo(_error_json(type(error).__name__, error.format_message(), help, error.exit_code, []), nl=False)
        return
    click.echo(f"{context.get_usage()}\n" if context else "", err=True, nl=False)
    click.echo(f"{click.style('error:', fg='red', bold=True)} {safe(error.format_message())}\n  try: {help}", err=True)


def _error_json(kind: str, message: str, help: str, exit_code: int, problems: list[dict[str, object]]) -> str:
    value = {"type": kind, "message": message, "help": help, "exitCode": exit_code, "problems": problems}
    return json_text({"error": value})


def wants_json(arguments: list[str]) -> bool:
    """`-o json` stands on the command line, in any of its spellings."""
    pairs = pairwise([*arguments, ""])
    return any(a in ("-ojson", "--output=json") or (a in ("-o", "--output") and b == "json") for a, b in pairs)


def main() -> None:
    """Run, and exit with the code that `errors.py` draws."""
    before = sys.stdout, sys.stderr
    try:
        sys.stdout, sys.stderr = Guarded(sys.stdout), Guarded(sys.stderr)
        code = _run(as_json=wants_json(sys.argv[1:]))
    except BrokenPipeError:  # nobody reads any more, so there is nobody to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    finally:
        sys.stdout, sys.stderr = before
    sys.exit(code)


def _run(*, as_json: bool) -> int:
    """The exit code; errors are told. Raises BrokenPipeError when telling fails."""
    try:
        result = cli.main(prog_name="perennial", standalone_mode=False)
    except ReconcilerError as error:
        report(error, as_json=as_json)
        return error.exit_code
    except click.ClickException as error:
        report_usage(error, as_json=as_json)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return 130
    return result if isinstance(result, int) else 0


if __name__ == "__main__":
    main()
