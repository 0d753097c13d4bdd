"""`perennial validate`: are the specs and templates of the working tree valid? Says what was read, or every problem at once."""

from collections.abc import Mapping
from pathlib import Path

import click

from reconciler.adapters.worktree import read_tree, top_of_tree
from reconciler.cli.terminal import announce, json_text
from reconciler.errors import InvalidSpecsError, Problem
from reconciler.render.environment import template_problems
from reconciler.specs.load import load_specs
from reconciler.specs.specs import Specs


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="For people, for programs, or as annotations of the lines of a pull request.",
)
@click.pass_obj
def validate(repo: str, output: str) -> None:
    """Check every model, dataset, policy and template, and how they fit together. Exits with 3 when there are problems."""
    try:
        counts = counted(valid_specs(read_tree(top_of_tree(Path(repo)))))
    except InvalidSpecsError as error:
        if output == "github":
            for problem in error.problems:
                announce(annotation(problem))
        raise
    if output == "json":
        click.echo(json_text({"ok": True, **counts}), nl=False)
        return
    words = (f"{count} {plural(word, count)}" for word, count in counts.items())
    click.echo(f"ok: {', '.join(words)}")


def annotation(problem: Problem) -> str:
    """The problem as a runner of GitHub Actions takes it; nothing in its text can begin another command."""
    place = f"file={_property(problem.file)},line={problem.line},col={problem.column}"
    said = f"{problem.field}: {problem.message}" + (f" ({problem.hint})" if problem.hint else "")
    return f"::error {place},title=perennial validate::{_data(said)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def valid_specs(files: Mapping[str, bytes]) -> Specs:
    """The specs of the files. Raises InvalidSpecsError with the problems of the specs and of the templates together."""
    problems = template_problems(files)
    try:
        specs = load_specs(files)
    except InvalidSpecsError as error:
        raise InvalidSpecsError([*problems, *error.problems]) from error
    if problems:
        raise InvalidSpecsError(problems)
    return specs


def counted(specs: Specs) -> dict[str, int]:
    """How many there are of what people write."""
    policies = len(specs.retrain) + len(specs.gates) + len(specs.rollouts)
    return {"models": len(specs.models), "datasets": len(specs.datasets), "policies": policies}


def plural(word: str, count: int) -> str:
    """`models` for any number but one, `model` for one."""
    singular = "policy" if word == "policies" else word.removesuffix("s")
    return singular if count == 1 else word
