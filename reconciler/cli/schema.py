"""`perennial schema`: the JSON Schemas of everything that people write, written to `schemas/` or compared with what is there."""

from pathlib import Path

import click

from reconciler.adapters.worktree import top_of_tree
from reconciler.cli.options import output
from reconciler.cli.terminal import json_text
from reconciler.errors import ReconcilerError
from reconciler.specs.schemas import schema_files


@click.command()
@click.option("--write", "mode", flag_value="write", help="Write schemas/*.json.")
@click.option("--check", "mode", flag_value="check", default=True, help="Only compare (the default).")
@output
@click.pass_obj
def schema(repo: str, mode: str, output: str) -> None:
    """Generate schemas/*.json from the kinds, or check that they are current."""
    root, files = top_of_tree(Path(repo)), schema_files()
    stale = [path for path, text in files.items() if not _same(root / path, text)]
    if mode == "write":
        for path in stale:
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_text(files[path], encoding="utf-8")
    elif stale:
        raise ReconcilerError(f"{len(stale)} schemas are not current: {', '.join(stale)}", help="perennial schema --write")
    if output == "json":
        click.echo(json_text({"current": sorted(files), "written": stale}), nl=False)
        return
    written = f", {len(stale)} written" if mode == "write" else ""
    click.echo(f"ok: {len(files)} schemas{written}")


def _same(path: Path, text: str) -> bool:
    """The file is there and says this."""
    return path.is_file() and path.read_text(encoding="utf-8") == text
