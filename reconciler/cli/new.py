"""`perennial new model`: reads a table once and writes the specs of a first model, ready to be committed."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from reconciler.adapters.worktree import read_tree
from reconciler.cli.terminal import safe
from reconciler.domain.names import NAME_PATTERN
from reconciler.errors import InvalidSpecsError, Problem, ReconcilerError
from reconciler.plan.bookkeeping import PARAMETERS, merge_parameters, narrow_parameters
from reconciler.rules.fields import parse_duration
from reconciler.specs.draft.artifacts import with_artifact
from reconciler.specs.draft.draft import ROLLOUT_PATH, Draft, draft
from reconciler.specs.draft.wishes import Wishes
from reconciler.specs.load import load_specs
from reconciler.specs.model import Task

PIPELINE = "dvc.yaml"
_OUTSIDE = "the data is outside of the repository: on other machines the path of the dataset's source has to be changed"


def _name(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(NAME_PATTERN, value):
        raise click.BadParameter(f"{value!r} is no name: at most 52 lower-case letters, digits and inner hyphens, a letter first")
    return value


def _duration(_context: click.Context, _parameter: click.Parameter, value: str | None) -> timedelta | None:
    try:
        return None if value is None else parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(f"{error}, got {value!r}") from None


@click.group()
def new() -> None:
    """Write the specs of something new."""


@new.command()
@click.argument("name", callback=_name)
@click.option("--data", "file", required=True, type=click.Path(path_type=Path), help="CSV (also .gz) or Parquet.")
@click.option("--time", "time_column", required=True, metavar="COLUMN", help="When the event of a row happened.")
@click.option("--target", required=True, metavar="COLUMN", help="What is to be predicted.")
@click.option("--task", type=click.Choice([*Task]), help="Default: what the target's values suggest.")
@click.option(
    "--label-delay", metavar="DURATION", callback=_duration, help="How long after the event the target is known, e.g. 1d."
)
@click.option("--time-format", metavar="FORMAT", help="How a CSV writes the time, e.g. '%d/%m/%Y %H:%M'. Default: found out.")
@click.option("--owner", default="", help="The person or team that answers for the model.")
@click.option("--dataset", metavar="NAME", callback=_name, help="Name of the dataset contract. Default: the model's.")
@click.pass_obj
def model(repo: str, /, name: str, file: Path, time_column: str, target: str, **options: Any) -> None:
    """Read FILE once and write a commented model.yaml, dataset contract and policies that validate and train as they are."""
    from reconciler.adapters.sources.survey import survey
    from reconciler.adapters.worktree_edit import write_files
    from reconciler.wiring import root_of

    root = root_of(repo)
    path, inside = address(root, file)
    click.echo(safe(f"reading {file}"), err=True)
    table = survey(file.resolve(), path=path, time_column=time_column, target=target, time_format=options["time_format"])
    made = draft(table, wishes(name, options))
    before = read_tree(root)
    pipeline = root / PIPELINE
    files = new_files(made, name, before, pipeline.read_text(encoding="utf-8") if pipeline.is_file() else "")
    refuse_problems(before, files)
    write_files(root, files)
    for line in report_lines(made, name, files, inside=inside):
        click.echo(safe(line))


def wishes(name: str, options: Mapping[str, Any]) -> Wishes:
    """The options as the drafting takes them."""
    task = options["task"]
    return Wishes(
        model=name,
        dataset=options["dataset"] or name,
        owner=options["owner"],
        task=None if task is None else Task(task),
        label_delay=options["label_delay"],
    )


def address(root: Path, file: Path) -> tuple[str, bool]:
    """How the contract names the file: relative to the repository's top when it is inside, else in full."""
    real = file.resolve()
    if real.is_relative_to(root.resolve()):
        return real.relative_to(root.resolve()).as_posix(), True
    return str(real), False


def new_files(made: Draft, name: str, before: Mapping[str, bytes], pipeline: str) -> dict[str, str]:
    """What is to be written: texts of new files, and params.yaml and dvc.yaml with the new entries.

    Files that are there already with the same text are left out; a policy `direct` that is there is used as it is. Raises
    ReconcilerError when a file is there with another text: nothing is overwritten.
    """
    files = {path: text for path, text in made.files.items() if before.get(path) != text.encode()}
    if ROLLOUT_PATH in before:
        files.pop(ROLLOUT_PATH, None)
    taken = sorted(path for path in files if path in before)
    if taken:
        raise ReconcilerError(
            f"{len(taken)} of {len(made.files)} files are there already and say something else: {', '.join(taken)}",
            help="choose another NAME (and --dataset), or remove these files first",
        )
    old = before.get(PARAMETERS, b"").decode()
    written = merge_parameters(old, narrow_parameters("", name, made.parameters), name)
    edits = {PARAMETERS: (old, written), PIPELINE: (pipeline, with_artifact(pipeline, name, f"Model {name}"))}
    return files | {path: text for path, (was, text) in edits.items() if text != was}


def refuse_problems(before: Mapping[str, bytes], files: Mapping[str, str]) -> None:
    """Raises InvalidSpecsError when the tree with the files would have problems that it does not have yet."""
    after = {**before, **{path: text.encode() for path, text in files.items() if path != PIPELINE}}
    problems = problems_of(after)
    if problems and (added := problems - problems_of(before)):
        raise InvalidSpecsError(added)


def problems_of(files: Mapping[str, bytes]) -> set[Problem]:
    """Every problem of a tree; none when it is valid."""
    try:
        load_specs(files)
    except InvalidSpecsError as error:
        return set(error.problems)
    return set()


def report_lines(made: Draft, name: str, files: Mapping[str, str], *, inside: bool) -> list[str]:
    """What was written, what to look at, and what to do next."""
    written = [f"  {path}" for path in sorted(files)] or ["  nothing: all of it was there already"]
    look = [*made.look, *([] if inside else [_OUTSIDE])]
    return [
        made.summary,
        "written:",
        *written,
        "look at this first:",
        *(f"  {number}. {line}" for number, line in enumerate(look, start=1)),
        "then:",
        "  perennial validate",
        f"  git add {' '.join(sorted(files or made.files))} && git commit -m 'Add model {name}'",
        f"  perennial reconcile --model {name} --until-settled",
    ]
