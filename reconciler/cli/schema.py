"""`perennial schema`: the JSON Schemas of everything that people write, written to `schemas/` or compared with what is there."""

import json
from pathlib import Path

import click

from reconciler.errors import ReconcilerError
from reconciler.specs.schemas import schema_files


@click.command()
@click.option("--write", "mode", flag_value="write", help="Write schemas/*.json.")
@click.option("--check", "mode", flag_value="check", default=True, help="Only compare (the default).")
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def schema(repo: str, mode: str, output: str) -> None:
    """Generate schemas/*.json from the kinds, or check that they are current."""
    stale = [path for path, text in schema_files().items() if not _same(Path(repo) / path, text)]
    if mode == "write":
        for path in stale:
            (Path(repo) / path).parent.mkdir(exist_ok=True)
            (Path(repo) / path).write_text(schema_files()[path], encoding="utf-8")
    elif stale:
        raise ReconcilerError(f"{len(stale)} schemas are not current: {', '.join(stale)}", help="perennial schema --write")
    if output == "json":
        click.echo(json.dumps({"current": sorted(schema_files()), "written": stale}, indent=2))
        return
    written = f", {len(stale)} written" if mode == "write" else ""
    click.echo(f"ok: {len(schema_files())} schemas{written}")


def _same(path: Path, text: str) -> bool:
    """The file is there and says this."""
    return path.is_file() and path.read_text(encoding="utf-8") == text
