"""`perennial init`: puts everything that a repository needs into it, and brings it up to date later without losing an edit."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from reconciler.adapters.git.three_way import ThreeWay
from reconciler.adapters.shipped import requirement
from reconciler.adapters.worktree import top_of_tree
from reconciler.adapters.worktree_edit import remove_file, write_files
from reconciler.cli.init_files import Wanted, merged_by_history, plan_of, text_of
from reconciler.cli.options import output
from reconciler.cli.plan import CHANGES_PENDING
from reconciler.cli.terminal import json_text, safe
from reconciler.domain.scaffold import Fate, Put
from reconciler.errors import PermanentActError, ReconcilerError
from reconciler.report.scaffold_text import scaffold_text, scaffold_value
from reconciler.specs.draft.repository import PERENNIAL, RECORD
from reconciler.specs.draft.settle import record_of
from reconciler.wiring import environment, settings_or_defaults

_REPOSITORY = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")


def _named(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if value and not _REPOSITORY.fullmatch(value):
        raise click.BadParameter(f"{value!r} is not owner/name")
    return value


@click.command()
@click.argument("directory", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--forge", type=click.Choice(["github", "local"]), help="Where pull requests live. Default: as before, else local.")
@click.option("--repository", default="", callback=_named, metavar="OWNER/NAME", help="Left out: as settings or origin say.")
@click.option("--check", is_flag=True, help="Only show what would be done; exit with 10 when there is something.")
@output
def init(directory: Path, forge: str | None, repository: str, output: str, *, check: bool) -> None:
    """Put settings, pipeline, templates, schemas and workflows into DIRECTORY, a new or an existing repository.

    Run again, it brings what changed in Perennial since, shows the difference, and keeps what people edited.
    Nothing is committed.
    """
    root = _repository(directory, check=check)
    record = _record(root)
    chosen = forge or str(record.get("forge", "local"))
    wanted = Wanted(root=root, github=chosen == "github", repository=repository or _known(root))
    git = ThreeWay(root, environment())
    before = record.get("files", {})
    puts = plan_of(wanted, before, git)
    if not check:
        ids = record_of(merged_by_history(puts), before, git)
        record = {"forge": chosen, "version": requirement()[0], "files": ids}
        _write(root, puts, json_text(record))
    _tell(root, puts, output, check=check)
    if check and any(put.writes for put in puts):
        sys.exit(CHANGES_PENDING)
    if conflicts := [put.path for put in puts if put.fate is Fate.CONFLICT and not check]:
        raise ReconcilerError(
            f"{len(conflicts)} files hold both versions: {', '.join(conflicts)}", help="git diff, then edit them"
        )


def _write(root: Path, puts: list[Put], record: str) -> None:
    texts = {put.path: put.after for put in puts if put.writes and put.after is not None}
    write_files(root, {**texts, RECORD: record})
    for put in puts:
        if put.fate is Fate.DROPPED:
            remove_file(root, put.path)


def _tell(root: Path, puts: list[Put], output: str, *, check: bool) -> None:
    if output == "json":
        click.echo(json_text({"files": scaffold_value(puts)}), nl=False)
        return
    click.echo(safe(scaffold_text(puts)), nl=False)
    if not check and any(put.writes for put in puts):
        click.echo(safe(f"look at it and commit it: git -C {root} add -A && git -C {root} commit -m 'Set up Perennial'"))
    if not requirement()[1]:
        click.echo(f"{PERENNIAL}: this Perennial was installed from a folder; name one that others can install", err=True)


def _repository(directory: Path, *, check: bool) -> Path:
    """The top of the working tree that holds the directory; a new repository where there is none. Raises ReconcilerError."""
    if not directory.is_dir() or not any((one / ".git").exists() for one in (directory.resolve(), *directory.resolve().parents)):
        if check:
            raise ReconcilerError(f"{directory} is not in a git repository", help=f"perennial init {directory}")
        try:
            directory.mkdir(parents=True, exist_ok=True)
            subprocess.run(
                ["git", "init", "--quiet", "--initial-branch=main", "--", str(directory)], check=True, capture_output=True
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise PermanentActError(f"no repository can be made in {directory}: {error}", help="git init -b main") from error
    top = top_of_tree(directory)
    if top != directory.resolve():
        raise ReconcilerError(f"{directory} is within the repository {top}", help=f"perennial init {top}")
    return top


def _record(root: Path) -> dict[str, Any]:
    text = text_of(root, RECORD)
    try:
        value = json.loads(text) if text else {}
        files = value.get("files", {})
        if not all(isinstance(part, str) for pair in files.items() for part in pair):
            raise TypeError("`files` is no mapping of paths to ids")
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ReconcilerError(f"{RECORD} cannot be understood: {error}", help=f"git checkout -- {RECORD}") from error
    return dict(value)


def _known(root: Path) -> str:
    """`owner/name` as the settings have it, else as the address of origin says; empty when neither does."""
    if repository := settings_or_defaults(root).forge.repository:
        return repository
    done = subprocess.run(["git", "-C", str(root), "remote", "get-url", "origin"], capture_output=True, text=True, check=False)
    found = re.search(r"[:/]([A-Za-z0-9._-]+/[A-Za-z0-9._-]+?)(?:\.git)?/?\s*$", done.stdout)
    return found[1] if found and done.returncode == 0 and not found[1].startswith(".") else ""
